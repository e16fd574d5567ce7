create or replace function private.plan_allowance(
  p_user_id uuid, p_now timestamptz, out allowance integer, out used integer
)
language sql
stable
set search_path = ''
set timezone = 'UTC' -- "+ 1 month" is the session's month otherwise, and a client may choose its zone
begin atomic
  select plan.credit_allowance, (
      select coalesce(sum(c.quantity), 0)
      from public.credit_consumption_log c
      where c.user_id = p_user_id and c.source_type = 'plan'
        and c.consumed_at >= private.month_start(p_now)
        and c.consumed_at < private.month_start(p_now) + interval '1 month'
    )::integer
  from public.profiles p
  join public.plans plan on plan.id = p.plan_id
  where p.id = p_user_id
    and plan.credit_allowance > 0
    and (p.plan_expires_at is null or p.plan_expires_at > p_now);
end;
comment on function private.plan_allowance(uuid, timestamptz) is
  'A user''s plan allowance of the month and how much of it is used; nulls without an active plan.';
revoke execute on function private.plan_allowance(uuid, timestamptz) from public;
