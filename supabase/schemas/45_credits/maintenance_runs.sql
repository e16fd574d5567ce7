create table public.maintenance_runs (
  id bigint generated always as identity primary key,
  trigger text not null,
  actions text[] not null,
  as_of timestamptz not null,
  started_at timestamptz not null,
  finished_at timestamptz not null,
  results jsonb,
  error text,
  set_aside jsonb not null default '[]' check (jsonb_typeof(set_aside) = 'array'),
  check ((results is null) = (error is not null))
);

comment on table public.maintenance_runs is
  'One row a run of credit maintenance: who started it, what it did or why it failed.';

comment on column public.maintenance_runs.set_aside is
  'Whose credits it went on without, by which action and why: [{ action, owner_type, owner_id, reason }].';

create index maintenance_runs_started_idx on public.maintenance_runs (started_at desc);

alter table public.maintenance_runs enable row level security;
revoke all on table public.maintenance_runs from public, anon, authenticated, service_role;
revoke all on sequence public.maintenance_runs_id_seq from public, anon, authenticated, service_role;
grant select on table public.maintenance_runs to authenticated, service_role;

create policy "select" on public.maintenance_runs for select to authenticated using ((select private.is_admin()));
