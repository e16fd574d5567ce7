create table public.cohort_session_attendance (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references public.cohort_sessions (id) on delete cascade,
  enrollment_id uuid not null references public.client_enrollments (id) on delete cascade,
  status text not null default 'present' check (status in ('present', 'absent', 'excused')),
  marked_by uuid references auth.users (id) on delete set null,
  marked_at timestamptz default now(),
  notes text,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint cohort_session_attendance_session_id_enrollment_id_key unique (session_id, enrollment_id),
  constraint cohort_session_attendance_texts_check check (
    char_length(notes) <= 5000
  ),
  constraint cohort_session_attendance_times_check check (
    marked_at between '2000-01-01+00' and '2100-01-01+00'
  )
);

comment on table public.cohort_session_attendance is 'Who attended which cohort session.';

create index cohort_session_attendance_enrollment_id_idx
  on public.cohort_session_attendance (enrollment_id);
create index cohort_session_attendance_marked_by_idx
  on public.cohort_session_attendance (marked_by)
  where marked_by is not null;

alter table public.cohort_session_attendance enable row level security;
revoke all on table public.cohort_session_attendance from public, anon, authenticated, service_role;
grant select on table public.cohort_session_attendance to authenticated;
grant insert (
  session_id, enrollment_id, status, marked_by, marked_at
) on table public.cohort_session_attendance to authenticated;
grant update (
  session_id, enrollment_id, status, marked_by, marked_at
) on table public.cohort_session_attendance to authenticated;
grant all on table public.cohort_session_attendance to service_role;

create policy "select" on public.cohort_session_attendance for select to authenticated
  using (
    (select private.is_admin())
    or private.owns_enrollment(enrollment_id)
    or private.runs_cohort_session(session_id)
  );
create policy "insert" on public.cohort_session_attendance for insert to authenticated
  with check (
    (select private.is_admin())
    or (marked_by = (select auth.uid()) and private.may_mark_attendance(session_id, enrollment_id))
  );
create policy "update" on public.cohort_session_attendance for update to authenticated
  using (
    (select private.is_admin())
    or (
      (marked_by is null or marked_by = (select auth.uid()))
      and private.runs_cohort_session(session_id)
    )
  )
  with check (
    (select private.is_admin())
    or (marked_by = (select auth.uid()) and private.may_mark_attendance(session_id, enrollment_id))
  );

-- Security invoker for the reason given at private.guard_columns: what the server writes is its own affair.
create or replace function private.stamp_mark()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
begin
  if current_user in ('anon', 'authenticated') then
    new.marked_at := now();
  end if;
  return new;
end
$$;
comment on function private.stamp_mark() is
  'Trigger on cohort_session_attendance: a mark is as old as it is, whatever the page sends along.';
revoke execute on function private.stamp_mark() from public;

create or replace trigger guard_columns
  before update on public.cohort_session_attendance
  for each row execute function private.guard_columns('session_id', 'enrollment_id');
create or replace trigger stamp_mark
  before insert or update on public.cohort_session_attendance
  for each row execute function private.stamp_mark();
create or replace trigger update_cohort_session_attendance_updated_at
  before update on public.cohort_session_attendance
  for each row execute function public.update_updated_at_column();
