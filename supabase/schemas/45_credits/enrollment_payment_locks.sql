create table public.enrollment_payment_locks (
  id bigint generated always as identity primary key,
  schedule_id uuid references public.payment_schedules (id) on delete cascade,
  enrollment_id uuid not null references public.client_enrollments (id) on delete cascade,
  payment_status text not null check (payment_status in ('outstanding', 'overdue')),
  previous_status text
);

comment on table public.enrollment_payment_locks is
  'What keeps an enrolment from being paid, and what its payment_status was before: an instalment plan that paid for '
  'it or, without a schedule, a debt of its client''s.';

create unique index enrollment_payment_locks_debt_key on public.enrollment_payment_locks (enrollment_id)
  where schedule_id is null;
create index enrollment_payment_locks_enrollment_idx on public.enrollment_payment_locks (enrollment_id);
create unique index enrollment_payment_locks_schedule_key
  on public.enrollment_payment_locks (schedule_id, enrollment_id) where schedule_id is not null;

alter table public.enrollment_payment_locks enable row level security;
revoke all on table public.enrollment_payment_locks from public, anon, authenticated, service_role;
revoke all on sequence public.enrollment_payment_locks_id_seq from public, anon, authenticated, service_role;
grant select on table public.enrollment_payment_locks to authenticated, service_role;

create policy "select" on public.enrollment_payment_locks for select to authenticated
  using ((select private.is_admin()));
