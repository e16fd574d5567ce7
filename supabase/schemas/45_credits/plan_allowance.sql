create or replace function private.plan_allowance(
  p_user_id uuid, p_now timestamptz, out allowance integer, out used integer
)
language plpgsql -- which keeps its plans: every spend asks
stable
set search_path = ''
as $$
begin
  select plan.credit_allowance into allowance
  from public.profiles p
  join public.plans plan on plan.id = p.plan_id
  where p.id = p_user_id
    and plan.credit_allowance > 0
    and (p.plan_expires_at is null or p.plan_expires_at > p_now);
  if not found then
    return;
  end if;
  select coalesce(sum(c.quantity), 0) into used
  from public.credit_consumption_log c
  where c.user_id = p_user_id and c.source_type = 'plan'
    and c.consumed_at >= private.month_start(p_now) and c.consumed_at < private.next_month_start(p_now);
end
$$;
comment on function private.plan_allowance(uuid, timestamptz) is
  'A user''s plan allowance of the month and how much of it is used; nulls without an active plan.';
revoke execute on function private.plan_allowance(uuid, timestamptz) from public;

create or replace function private.plan_remaining(p_user_id uuid, p_now timestamptz)
returns integer
language plpgsql -- as above
stable
set search_path = ''
as $$
declare
  v_plan record;
begin
  v_plan := private.plan_allowance(p_user_id, p_now);
  return coalesce(greatest(v_plan.allowance - v_plan.used, 0), 0);
end
$$;
comment on function private.plan_remaining(uuid, timestamptz) is
  'What is left of a user''s plan allowance of the month; 0 without an active plan.';
revoke execute on function private.plan_remaining(uuid, timestamptz) from public;
