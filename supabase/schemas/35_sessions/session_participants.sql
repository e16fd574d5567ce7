create table public.session_participants (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references public.sessions (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  role_id uuid references public.session_type_roles (id) on delete set null,
  custom_role text,
  status text default 'registered'
    check (status in ('invited', 'registered', 'confirmed', 'attended', 'no_show', 'cancelled')),
  registered_at timestamptz default now(),
  confirmed_at timestamptz,
  attended_at timestamptz,
  notes text,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint session_participants_session_id_user_id_key unique (session_id, user_id),
  constraint session_participants_texts_check check (
    char_length(custom_role) <= 200
    and char_length(notes) <= 5000
  ),
  constraint session_participants_times_check check (
    registered_at between '2000-01-01+00' and '2100-01-01+00'
    and confirmed_at between '2000-01-01+00' and '2100-01-01+00'
    and attended_at between '2000-01-01+00' and '2100-01-01+00'
  )
);

comment on table public.session_participants is
  'Who takes part in a free-standing session, and in which role.';

create index session_participants_user_id_idx on public.session_participants (user_id);

alter table public.session_participants enable row level security;
revoke all on table public.session_participants from public, anon, authenticated, service_role;
-- no page writes them
grant select on table public.session_participants to authenticated;
grant all on table public.session_participants to service_role;

create policy "select" on public.session_participants for select to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()) or private.runs_session(session_id));

create or replace trigger keep_session_capacity
  before insert or update of status on public.session_participants
  for each row
  when (new.status in ('registered', 'confirmed', 'attended', 'no_show'))
  execute function private.keep_session_capacity();
create or replace trigger update_session_participants_updated_at
  before update on public.session_participants
  for each row execute function public.update_updated_at_column();
