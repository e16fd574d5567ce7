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
  updated_at timestamptz default now(),
  constraint sessions_texts_check check (
    char_length(title) <= 300
    and char_length(description) <= 5000
    and char_length(location) <= 5000
    and char_length(meeting_url) <= 5000
    and char_length(notes) <= 5000
  ),
  constraint sessions_times_check check (
    session_date between '2000-01-01+00' and '2100-01-01+00'
    and registration_deadline between '2000-01-01+00' and '2100-01-01+00'
    and duration_minutes between 1 and 44640
    and max_participants >= 0
  )
);

comment on table public.sessions is 'Free-standing sessions, of no module and no peer group.';

create index sessions_created_by_idx on public.sessions (created_by)
  where created_by is not null;

alter table public.sessions enable row level security;
revoke all on table public.sessions from public, anon, authenticated, service_role;
-- no page writes them
grant select on table public.sessions to authenticated;
grant all on table public.sessions to service_role;

-- With its link and its notes a session is for those who have a place.
create policy "select" on public.sessions for select to authenticated
  using (
    (select private.is_admin())
    or (created_by = (select auth.uid()) and (select private.is_staff()))
    or private.runs_session(id)
    or private.is_registered_for_session(id)
  );

create or replace trigger update_sessions_updated_at
  before update on public.sessions
  for each row execute function public.update_updated_at_column();
