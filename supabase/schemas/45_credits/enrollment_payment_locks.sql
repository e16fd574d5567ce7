create table public.enrollment_payment_locks (
  schedule_id uuid not null references public.payment_schedules (id) on delete cascade,
  enrollment_id uuid not null references public.client_enrollments (id) on delete cascade,
  payment_status text not null check (payment_status in ('outstanding', 'overdue')),
  previous_status text,
  primary key (schedule_id, enrollment_id)
);

comment on table public.enrollment_payment_locks is
  'Which instalment plan keeps which enrolment from being paid, and what its payment_status was before.';

create index enrollment_payment_locks_enrollment_idx on public.enrollment_payment_locks (enrollment_id);

alter table public.enrollment_payment_locks enable row level security;
revoke all on table public.enrollment_payment_locks from public, anon, authenticated, service_role;
grant select on table public.enrollment_payment_locks to authenticated, service_role;

create policy "select" on public.enrollment_payment_locks for select to authenticated
  using ((select private.is_admin()));
