create or replace function public.cleanup_old_webhook_logs(
  p_days integer default 30, p_now timestamptz default now()
)
returns bigint
language sql
volatile
set search_path = ''
begin atomic
  with deleted as (
    delete from public.calcom_webhook_logs l
    where l.created_at < p_now - make_interval(days => p_days)
    returning l.id
  )
  select count(*) from deleted;
end;
comment on function public.cleanup_old_webhook_logs(integer, timestamptz) is
  'Deletes deliveries of the Cal.com webhook that are older than so many days. How many there were.';
revoke execute on function public.cleanup_old_webhook_logs(integer, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.cleanup_old_webhook_logs(integer, timestamptz) to service_role;
