create table public.maintenance_runs (
  id bigint generated always as identity primary key,
  trigger text not null,
  actions text[] not null,
  as_of timestamptz not null,
  started_at timestamptz not null,
  finished_at timestamptz not null,
  results jsonb,
  error text,
  check ((results is null) = (error is not null))
);

comment on table public.maintenance_runs is
  'One row a run of credit maintenance: who started it, what it did or why it failed.';

create index maintenance_runs_started_idx on public.maintenance_runs (started_at desc);

alter table public.maintenance_runs enable row level security;
revoke all on table public.maintenance_runs from public, anon, authenticated, service_role;
revoke all on sequence public.maintenance_runs_id_seq from public, anon, authenticated, service_role;
grant select on table public.maintenance_runs to authenticated, service_role;

create policy "select" on public.maintenance_runs for select to authenticated using ((select private.is_admin()));
