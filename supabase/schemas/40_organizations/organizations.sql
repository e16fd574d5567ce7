create table public.organizations (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  slug text not null,
  logo_url text,
  description text,
  website text,
  industry text,
  size_range text,
  settings jsonb default '{}',
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint organizations_slug_key unique (slug),
  constraint organizations_texts_check check (
    char_length(name) <= 200 and char_length(description) <= 5000 and char_length(website) <= 2000
    and char_length(settings::text) <= 20000
  ),
  constraint organizations_links_check check (private.are_web_links(logo_url, website))
);

comment on table public.organizations is
  'Client companies. There is no platform_tier_id: the tier comes by org_platform_subscriptions.';

alter table public.organizations enable row level security;
revoke all on table public.organizations from public, anon, authenticated, service_role;
grant select, delete on table public.organizations to authenticated;
grant insert (
  name, slug, description, website, industry, size_range
) on table public.organizations to authenticated;
grant update (
  name, description, website, industry, size_range, settings, is_active, updated_at
) on table public.organizations to authenticated;
grant all on table public.organizations to service_role;

create policy "select" on public.organizations for select to authenticated
  using ((select private.is_admin()) or id = (select private.get_user_organization_id((select auth.uid()))));
create policy "insert" on public.organizations for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.organizations for update to authenticated
  using ((select private.is_admin()) or private.has_org_role((select auth.uid()), id, 'org_admin'));
create policy "delete" on public.organizations for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.organizations
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes();
create or replace trigger guard_columns
  before update on public.organizations
  for each row execute function private.guard_columns('is_active', 'industry', 'size_range');
create or replace trigger update_organizations_updated_at
  before update on public.organizations
  for each row execute function public.update_updated_at_column();
