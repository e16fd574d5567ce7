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
