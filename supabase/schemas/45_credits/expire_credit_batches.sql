create or replace function public.expire_credit_batches(p_now timestamptz default now())
returns integer
language sql
security definer -- writes the ledger
set search_path = ''
set timezone = 'UTC' -- in which months are counted
as $$
  select (e.result ->> 'expiredCount')::integer from private.expire_credits(p_now) e;
$$;
comment on function public.expire_credit_batches(timestamptz) is
  'Expires the batches past their time; the expire part of run_credit_maintenance.';
revoke execute on function public.expire_credit_batches(timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.expire_credit_batches(timestamptz) to service_role;
