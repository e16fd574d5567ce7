create table public.stripe_dismissals (
  kind text not null,
  subject text not null,
  detail text not null,
  note text not null check (char_length(note) between 1 and 2000),
  dismissed_by uuid references public.profiles (id) on delete set null,
  dismissed_at timestamptz not null default now(),
  primary key (kind, subject)
);

comment on table public.stripe_dismissals is
  'What of stripe_attention somebody has looked at and ended, and why. With another detail it comes again.';

create index stripe_dismissals_dismissed_by_idx on public.stripe_dismissals (dismissed_by)
  where dismissed_by is not null;

alter table public.stripe_dismissals enable row level security;
revoke all on table public.stripe_dismissals from public, anon, authenticated, service_role;
grant select on table public.stripe_dismissals to authenticated, service_role;

create policy "select" on public.stripe_dismissals for select to authenticated using ((select private.is_admin()));
