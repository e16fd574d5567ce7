-- pg_cron as it is once somebody has enabled it on Supabase: supautils creates it for postgres as supabase_admin and
-- grants what follows. Debian has no supautils, so it stands there from the start. Run as supabase_admin in the one
-- database that pg_cron serves.

create extension pg_cron with schema pg_catalog;
grant usage on schema cron to postgres with grant option;
grant all on all functions in schema cron to postgres with grant option;
grant all on all tables in schema cron to postgres with grant option;
revoke all on table cron.job from postgres;
grant select on table cron.job to postgres with grant option;
revoke trigger on table cron.job_run_details from postgres;
