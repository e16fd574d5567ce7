create or replace function private.hold_enrollments(p_enrollment_ids uuid[], p_schedule_id uuid, p_payment_status text)
returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into public.enrollment_payment_locks (schedule_id, enrollment_id, payment_status, previous_status)
  select p_schedule_id, e.id, p_payment_status, coalesce(
      (select o.previous_status from public.enrollment_payment_locks o where o.enrollment_id = e.id limit 1),
      e.payment_status
    )
  from public.client_enrollments e
  where e.id = any (p_enrollment_ids) and not exists (
    select from public.enrollment_payment_locks l
    where l.enrollment_id = e.id and l.schedule_id is not distinct from p_schedule_id
  )
  order by e.id
  for update of e;
  update public.enrollment_payment_locks
  set payment_status = p_payment_status
  where enrollment_id = any (p_enrollment_ids) and schedule_id is not distinct from p_schedule_id
    and payment_status <> p_payment_status;
  update public.client_enrollments e
  set payment_status = l.payment_status
  from (
    select o.enrollment_id,
      case when bool_or(o.payment_status = 'overdue') then 'overdue' else 'outstanding' end as payment_status
    from public.enrollment_payment_locks o
    where o.enrollment_id = any (p_enrollment_ids)
    group by o.enrollment_id
  ) l
  where e.id = l.enrollment_id and e.payment_status is distinct from l.payment_status;
end
$$;
comment on function private.hold_enrollments(uuid[], uuid, text) is
  'Keeps enrolments from being paid (outstanding, overdue), for an instalment plan or, without one, for a debt. Of '
  'several reasons the worst counts.';
revoke execute on function private.hold_enrollments(uuid[], uuid, text) from public;

create or replace function private.lift_locks(p_enrollment_ids uuid[], p_schedule_id uuid)
returns void
language sql
volatile
set search_path = ''
as $$
  with lifted as (
    delete from public.enrollment_payment_locks
    where enrollment_id = any (p_enrollment_ids) and schedule_id is not distinct from p_schedule_id
    returning enrollment_id, previous_status
  ),
  held as (
    select l.enrollment_id,
      case when bool_or(l.payment_status = 'overdue') then 'overdue' else 'outstanding' end as payment_status
    from public.enrollment_payment_locks l
    where l.enrollment_id = any (p_enrollment_ids) and l.schedule_id is distinct from p_schedule_id
    group by l.enrollment_id
  )
  update public.client_enrollments e
  set payment_status = coalesce(h.payment_status, t.previous_status)
  from lifted t
  left join held h on h.enrollment_id = t.enrollment_id
  where e.id = t.enrollment_id and e.payment_status is distinct from coalesce(h.payment_status, t.previous_status);
$$;
comment on function private.lift_locks(uuid[], uuid) is
  'Takes one reason for which enrolments are held away; without another they are what they were before.';
revoke execute on function private.lift_locks(uuid[], uuid) from public;

create or replace function private.schedule_standing(p_schedule public.payment_schedules)
returns text
language sql
stable
set search_path = ''
as $$
  select case
    when p_schedule.status = 'defaulted' then 'overdue'
    when p_schedule.status = 'active' and (
      exists (
        select from public.stripe_subscriptions s
        where s.id = p_schedule.stripe_subscription_id and s.status = 'past_due'
      )
      or exists (
        select from public.stripe_invoices i
        where i.subscription_id = p_schedule.stripe_subscription_id and i.status not in ('paid', 'void')
          and i.failed_at is not null
      )
    ) then 'outstanding'
  end;
$$;
comment on function private.schedule_standing(public.payment_schedules) is
  'What is wrong with an instalment plan: overdue, it is broken; outstanding, a payment is missing; null: it is in good '
  'standing.';
revoke execute on function private.schedule_standing(public.payment_schedules) from public;

create or replace function private.schedule_lock(p_schedule public.payment_schedules)
returns text
language sql
stable
set search_path = ''
as $$
  select case
    -- what a person has put an end to locks nothing
    when exists (
      select from public.credit_batches b
      join public.credit_debts d on d.batch_id = b.id
      where b.owner_type = 'user' and b.owner_id = p_schedule.user_id
        and b.backed_by = 'stripe:' || p_schedule.stripe_subscription_id
      having bool_or(d.credits > 0 and d.settled_at is not null) and bool_and(d.settled_at is not null)
    ) then null
    else private.schedule_standing(p_schedule)
  end;
$$;
comment on function private.schedule_lock(public.payment_schedules) is
  'The payment_status to which an instalment plan''s standing holds what its credits paid for; null: none.';
revoke execute on function private.schedule_lock(public.payment_schedules) from public;

create or replace function private.lock_enrollments(p_schedule_id uuid)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_schedule public.payment_schedules;
  v_lock text;
  v_ids uuid[];
begin
  select * into v_schedule from public.payment_schedules where id = p_schedule_id;
  v_lock := private.schedule_lock(v_schedule);
  if v_lock is not null then
    v_ids := array(
      select e.id
      from public.credit_batches b
      join public.credit_ledger l on l.batch_id = b.id and l.spend_id is not null
      join public.client_enrollments e on e.spend_id = l.spend_id and e.client_user_id = b.owner_id
      where b.owner_type = 'user' and b.owner_id = v_schedule.user_id
        and b.backed_by = 'stripe:' || v_schedule.stripe_subscription_id
      group by e.id
      having sum(l.amount) < 0 -- not given back
      union
      select e.id from public.client_enrollments e
      where e.id = v_schedule.enrollment_id and e.client_user_id = v_schedule.user_id
    );
  end if;
  perform private.lift_locks(array(
    select l.enrollment_id from public.enrollment_payment_locks l
    where l.schedule_id = p_schedule_id and l.enrollment_id <> all (coalesce(v_ids, '{}'))
  ), p_schedule_id);
  if v_ids <> '{}' then
    perform private.hold_enrollments(v_ids, p_schedule_id, v_lock);
  end if;
end
$$;
comment on function private.lock_enrollments(uuid) is
  'Holds the client''s enrolments that drew from an instalment plan''s credits while it is not in good standing.';
revoke execute on function private.lock_enrollments(uuid) from public;

create or replace function private.relock_enrollments(p_backed_by text)
returns void
language sql
volatile
set search_path = ''
as $$
  select private.lock_enrollments(s.id)
  from public.payment_schedules s
  where s.stripe_subscription_id = substr(p_backed_by, 8) and s.duplicate_of is null
    and p_backed_by like 'stripe:%';
$$;
comment on function private.relock_enrollments(text) is
  'lock_enrollments, of the instalment plan that backs a batch.';
revoke execute on function private.relock_enrollments(text) from public;

create or replace function private.hold_enrollment(p_enrollment_id uuid)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_enrollment public.client_enrollments;
begin
  select * into v_enrollment from public.client_enrollments where id = p_enrollment_id;
  if private.has_credit_debt('user', v_enrollment.client_user_id) then
    perform private.hold_enrollments(array[p_enrollment_id], null, 'overdue');
  end if;
  perform private.hold_enrollments(array[p_enrollment_id], s.id, private.schedule_lock(s))
  from public.credit_ledger l
  join public.credit_batches b on b.id = l.batch_id
  join public.payment_schedules s on 'stripe:' || s.stripe_subscription_id = b.backed_by
    and s.user_id = b.owner_id and s.duplicate_of is null
  where l.spend_id = v_enrollment.spend_id and b.backed_by is not null and private.schedule_lock(s) is not null;
end
$$;
comment on function private.hold_enrollment(uuid) is
  'Holds a new enrolment of a client who owes credits, or whose instalment plan that pays for it is not in good '
  'standing.';
revoke execute on function private.hold_enrollment(uuid) from public;
