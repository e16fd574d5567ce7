create table public.calcom_lineages (
  id uuid primary key default gen_random_uuid(),
  module_session_id uuid references public.module_sessions (id) on delete set null,
  group_session_id uuid references public.group_sessions (id) on delete set null,
  adopted boolean not null default false,
  group_id uuid references public.groups (id) on delete set null,
  decided jsonb not null default '{}',
  settled text,
  created_at timestamptz not null default now(),
  constraint calcom_lineages_module_session_id_key unique (module_session_id),
  constraint calcom_lineages_group_session_id_key unique (group_session_id),
  constraint calcom_lineages_one_session check (num_nonnulls(module_session_id, group_session_id) <= 1)
);

comment on table public.calcom_lineages is
  'Cal.com bookings that replace one another, and their one session here.';
comment on column public.calcom_lineages.adopted is
  'The session was there before the booking: it is cancelled rather than deleted when it is not wanted.';
comment on column public.calcom_lineages.group_id is 'The group whose members take part, now and later.';
comment on column public.calcom_lineages.decided is
  'What an operator said where Cal.com''s word did not do: user_id, enrollment_id, host_id, mapping_id, '
  'module_id, group_id.';
comment on column public.calcom_lineages.settled is
  'Fingerprint of what was carried over to the session last. While it holds, staff''s own changes stay.';

create index calcom_lineages_group_idx on public.calcom_lineages (group_id);

alter table public.calcom_lineages enable row level security;
revoke all on table public.calcom_lineages from public, anon, authenticated, service_role;
grant select on table public.calcom_lineages to authenticated, service_role;

create policy "select" on public.calcom_lineages for select to authenticated using ((select private.is_admin()));
