create table public.organization_terms (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  version integer not null default 1,
  title text not null,
  content_html text not null,
  is_current boolean not null default false,
  is_blocking_on_first_access boolean not null default true,
  is_blocking_on_update boolean not null default false,
  effective_from timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  created_by uuid references auth.users (id),
  constraint organization_terms_organization_id_version_key unique (organization_id, version),
  constraint organization_terms_texts_check check (char_length(title) <= 300 and char_length(content_html) <= 200000),
  constraint organization_terms_times_check check (effective_from between '2000-01-01 00:00+00' and '2100-01-01 00:00+00')
);

comment on table public.organization_terms is 'Versions of an organisation''s own terms; one is current.';

create index organization_terms_created_by_idx on public.organization_terms (created_by)
  where created_by is not null;

alter table public.organization_terms enable row level security;
revoke all on table public.organization_terms from public, anon, authenticated, service_role;
grant select, delete on table public.organization_terms to authenticated;
grant insert (
  organization_id, version, title, content_html, is_current, is_blocking_on_first_access, is_blocking_on_update,
  effective_from
) on table public.organization_terms to authenticated;
grant update (
  title, content_html, is_current, is_blocking_on_first_access, is_blocking_on_update, effective_from
) on table public.organization_terms to authenticated;
grant all on table public.organization_terms to service_role;

create policy "select" on public.organization_terms for select to authenticated
  using (organization_id = (select private.get_user_organization_id((select auth.uid()))));
create policy "insert" on public.organization_terms for insert to authenticated
  with check (private.has_org_role((select auth.uid()), organization_id, 'org_admin'));
create policy "update" on public.organization_terms for update to authenticated
  using (private.has_org_role((select auth.uid()), organization_id, 'org_admin'));
create policy "delete" on public.organization_terms for delete to authenticated
  using (private.has_org_role((select auth.uid()), organization_id, 'org_admin'));

create or replace trigger update_organization_terms_updated_at
  before update on public.organization_terms
  for each row execute function public.update_updated_at_column();
