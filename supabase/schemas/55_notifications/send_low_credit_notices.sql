create or replace function private.people_of_credits(p_owner_type text, p_owner_id uuid)
returns uuid[]
language sql
stable
set search_path = ''
begin atomic
  select array_agg(person.id)
  from (
    select p_owner_id where p_owner_type = 'user'
    union all
    select m.user_id from public.organization_members m
    where p_owner_type = 'org' and m.organization_id = p_owner_id and m.is_active
      and m.role in ('org_admin', 'org_manager')
  ) as person (id);
end;
comment on function private.people_of_credits(text, uuid) is
  'Who is told of an owner''s credits: the user, or who manages the organisation.';
revoke execute on function private.people_of_credits(text, uuid) from public;

create or replace function public.send_low_credit_notices(p_now timestamptz default now())
returns integer
language plpgsql
security definer -- private.tell_each is nobody's to call
set search_path = ''
as $$
declare
  v_told integer;
  v_start constant timestamptz := private.month_start(p_now);
  v_end constant timestamptz := private.next_month_start(p_now);
begin
  with watched as (
    select t.owner_type, t.owner_id, t.threshold, t.low_since,
      left_over.credits + greatest(coalesce(plan.credit_allowance - used.credits, 0), 0) as credits
    from public.low_credit_thresholds t
    cross join lateral (
      select coalesce(sum(b.remaining_amount), 0) as credits
      from public.credit_batches b
      where b.owner_type = t.owner_type and b.owner_id = t.owner_id and b.remaining_amount > 0
        and b.expires_at > p_now
    ) left_over
    -- private.plan_allowance(), for all of them at once
    left join public.profiles p on t.owner_type = 'user' and p.id = t.owner_id
      and (p.plan_expires_at is null or p.plan_expires_at > p_now)
    left join public.plans plan on plan.id = p.plan_id and plan.credit_allowance > 0
    left join lateral (
      select coalesce(sum(c.quantity), 0) as credits
      from public.credit_consumption_log c
      where plan.id is not null and c.user_id = t.owner_id and c.source_type = 'plan'
        and c.consumed_at >= v_start and c.consumed_at < v_end
    ) used on true
  ),
  changed as (
    update public.low_credit_thresholds t
    set low_since = case when w.credits <= w.threshold then p_now end
    from watched w
    where t.owner_type = w.owner_type and t.owner_id = w.owner_id
      and (w.credits <= w.threshold) <> (w.low_since is not null)
    returning t.owner_type, t.owner_id, t.low_since, w.credits, w.threshold
  )
  select coalesce(sum(private.tell_each(
    people.ids,
    'credits_low',
    format(case when c.credits = 1 then '%s credit is left' else '%s credits are left' end, c.credits),
    format('You asked to be told at %s.', c.threshold),
    '/credits',
    jsonb_build_object('credits', c.credits, 'threshold', c.threshold, 'owner_type', c.owner_type),
    'credits-low:' || c.owner_id || ':' || extract(epoch from p_now)
  )), 0) into v_told
  from changed c
  cross join lateral private.people_of_credits(c.owner_type, c.owner_id) as people (ids)
  where c.low_since is not null and people.ids is not null;
  return v_told;
end
$$;
comment on function public.send_low_credit_notices(timestamptz) is
  'Tells owners, and who manages an organisation''s credits, once what is left has come down to the threshold they '
  'set; again only after there was more. How many notifications were made.';
revoke execute on function public.send_low_credit_notices(timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.send_low_credit_notices(timestamptz) to service_role;
