-- The roles of a Supabase project and their settings; once a server. Run as supabase_admin, the superuser.

create role anon nologin;
create role authenticated nologin;
create role service_role nologin bypassrls;
create role authenticator login noinherit;
create role dashboard_user nologin createdb createrole replication;
create role supabase_auth_admin login noinherit;
create role supabase_storage_admin login noinherit;
create role supabase_realtime_admin nologin noinherit;

-- No superuser: what only supabase_admin may do fails for postgres here as it does there.
create role postgres login createdb createrole replication bypassrls;

grant anon, authenticated, service_role to authenticator, postgres;
grant authenticator to postgres, supabase_storage_admin;
grant pg_monitor, pg_read_all_data, pg_signal_backend to postgres;

alter role supabase_admin set search_path = "$user", public, auth, extensions;
alter role postgres set search_path = "$user", public, extensions;
alter role supabase_auth_admin set search_path = auth;
alter role supabase_auth_admin set idle_in_transaction_session_timeout = '60s';
alter role supabase_storage_admin set search_path = storage;
alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set statement_timeout = '8s';
alter role authenticator set lock_timeout = '8s';

-- What supautils lets postgres set although only a superuser may, as far as it is set here; PostgreSQL grants
-- parameters one by one.
grant set on parameter pgrst.db_pre_request to postgres;

alter database postgres owner to postgres;
grant create on database postgres to supabase_auth_admin;
