create table public.sessions (
  id uuid primary key default gen_random_uuid(),
  session_type_id uuid not null references public.session_types (id),
  title text not null,
  description text,
  session_date timestamptz,
  duration_minutes integer default 60,
  location text,
  meeting_url text,
  status text default 'draft'
    check (
      status in (
        'draft', 'scheduled', 'requested', 'confirmed', 'in_progress', 'completed', 'cancelled'
      )
    ),
  max_participants integer,
  allow_self_registration boolean default false,
  registration_deadline timestamptz,
  notes text,
  created_by uuid references auth.users (id),
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);

comment on table public.sessions is 'Free-standing sessions, of no module and no peer group.';

create index sessions_created_by_idx on public.sessions (created_by)
  where created_by is not null;

alter table public.sessions enable row level security;
revoke all on table public.sessions from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.sessions to authenticated;
grant all on table public.sessions to service_role;

create policy "select" on public.sessions for select to authenticated
  using (
    (select private.is_admin())
    or ((select private.is_staff()) and private.is_session_instructor_or_coach(id, (select auth.uid())))
    or private.is_session_participant(id, (select auth.uid()))
    or (
      allow_self_registration
      and status in ('scheduled', 'confirmed')
      and (registration_deadline is null or registration_deadline > now())
    )
  );
create policy "insert" on public.sessions for insert to authenticated
  with check (
    (select private.is_admin())
    or ((select private.is_staff()) and private.is_session_instructor_or_coach(id, (select auth.uid())))
  );
create policy "update" on public.sessions for update to authenticated
  using (
    (select private.is_admin())
    or ((select private.is_staff()) and private.is_session_instructor_or_coach(id, (select auth.uid())))
  );
create policy "delete" on public.sessions for delete to authenticated
  using (
    (select private.is_admin())
    or ((select private.is_staff()) and private.is_session_instructor_or_coach(id, (select auth.uid())))
  );

create or replace trigger update_sessions_updated_at
  before update on public.sessions
  for each row execute function public.update_updated_at_column();
