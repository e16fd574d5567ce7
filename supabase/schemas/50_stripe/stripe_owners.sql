create table public.stripe_owners (
  stripe_id text primary key,
  user_id uuid references public.profiles (id) on delete cascade,
  organization_id uuid references public.organizations (id) on delete cascade,
  note text not null check (char_length(note) between 1 and 2000),
  assigned_by uuid references public.profiles (id) on delete set null,
  assigned_at timestamptz not null default now()
);

comment on table public.stripe_owners is
  'Whose a subscription or a checkout session is, by a person''s word: an address typed at a checkout is a hint '
  'alone.';

create index stripe_owners_assigned_by_idx on public.stripe_owners (assigned_by) where assigned_by is not null;
create index stripe_owners_organization_idx on public.stripe_owners (organization_id)
  where organization_id is not null;
create index stripe_owners_user_idx on public.stripe_owners (user_id) where user_id is not null;

alter table public.stripe_owners enable row level security;
revoke all on table public.stripe_owners from public, anon, authenticated, service_role;
grant select on table public.stripe_owners to authenticated, service_role;

create policy "select" on public.stripe_owners for select to authenticated using ((select private.is_admin()));
