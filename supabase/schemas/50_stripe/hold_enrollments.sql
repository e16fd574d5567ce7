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
  join public.payment_schedules s on s.stripe_subscription_id = substr(b.backed_by, 8)
    and s.user_id = b.owner_id and s.duplicate_of is null
  where l.spend_id = v_enrollment.spend_id and b.backed_by is not null and private.schedule_lock(s) is not null;
end
$$;
comment on function private.hold_enrollment(uuid) is
  'Holds a new enrolment of a client who owes credits, or whose instalment plan that pays for it is not in good '
  'standing.';
revoke execute on function private.hold_enrollment(uuid) from public;
