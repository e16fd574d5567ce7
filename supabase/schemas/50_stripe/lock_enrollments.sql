create or replace function private.lock_enrollments(p_schedule_id uuid, p_batch_id uuid, p_payment_status text)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if p_payment_status is not null then
    insert into public.enrollment_payment_locks as l (schedule_id, enrollment_id, payment_status, previous_status)
    select p_schedule_id, e.id, p_payment_status, coalesce(
        (select o.previous_status from public.enrollment_payment_locks o where o.enrollment_id = e.id limit 1),
        e.payment_status
      )
    from public.client_enrollments e
    where e.id in (
      select private.uuid_or_null(s.action_reference_id)
      from public.credit_spends s
      join public.credit_ledger entry on entry.spend_id = s.id
      where entry.batch_id = p_batch_id and s.action_type = 'enrollment'
      group by s.id
      having sum(entry.amount) < 0 -- not given back
      union
      select s.enrollment_id from public.payment_schedules s where s.id = p_schedule_id
    )
    order by e.id
    for update of e
    on conflict (schedule_id, enrollment_id) do update set payment_status = excluded.payment_status;
  end if;

  with lifted as (
    delete from public.enrollment_payment_locks
    where schedule_id = p_schedule_id and p_payment_status is null
    returning enrollment_id, previous_status
  ),
  held as (
    select l.enrollment_id,
      case when bool_or(l.payment_status = 'overdue') then 'overdue' else 'outstanding' end as payment_status
    from public.enrollment_payment_locks l
    where l.schedule_id <> p_schedule_id or p_payment_status is not null
    group by l.enrollment_id
  )
  update public.client_enrollments e
  set payment_status = coalesce(h.payment_status, t.previous_status)
  from (
    select l.enrollment_id, l.previous_status from lifted l
    union all
    select l.enrollment_id, l.previous_status from public.enrollment_payment_locks l
    where l.schedule_id = p_schedule_id and p_payment_status is not null
  ) t
  left join held h on h.enrollment_id = t.enrollment_id
  where e.id = t.enrollment_id and e.payment_status is distinct from coalesce(h.payment_status, t.previous_status);
end
$$;
comment on function private.lock_enrollments(uuid, uuid, text) is
  'Sets payment_status (outstanding, overdue) of the enrolments that drew from an instalment plan''s batch; '
  'null lifts it from those it was set on. With several plans the worst counts.';
revoke execute on function private.lock_enrollments(uuid, uuid, text) from public;
