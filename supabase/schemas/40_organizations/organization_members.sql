create table public.organization_members (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  role public.org_role not null default 'org_member',
  title text,
  department text,
  invited_by uuid references auth.users (id),
  invited_at timestamptz,
  joined_at timestamptz default now(),
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  sponsored_plan_id uuid references public.plans (id),
  constraint organization_members_user_id_key unique (user_id)
);

comment on table public.organization_members is
  'Members of an organisation. Unique by user: an inactive membership blocks another organisation.';

create index organization_members_invited_by_idx
  on public.organization_members (invited_by) where invited_by is not null;
create index organization_members_organization_id_idx
  on public.organization_members (organization_id);
create index organization_members_sponsored_plan_id_idx
  on public.organization_members (sponsored_plan_id) where sponsored_plan_id is not null;

alter table public.organization_members enable row level security;
revoke all on table public.organization_members from public, anon, authenticated, service_role;
grant select, delete on table public.organization_members to authenticated;
grant insert (organization_id, user_id, role) on table public.organization_members to authenticated;
grant update (role, is_active, sponsored_plan_id) on table public.organization_members to authenticated;
grant all on table public.organization_members to service_role;

create policy "select" on public.organization_members for select to authenticated
  using (
    (select private.is_admin())
    or user_id = (select auth.uid())
    or (
      organization_id = (select private.get_user_organization_id((select auth.uid())))
      -- who has left is for those who run the organization
      and (is_active or private.is_org_admin_or_manager((select auth.uid()), organization_id))
    )
  );
create policy "insert" on public.organization_members for insert to authenticated
  with check ((select private.is_admin()));
create policy "update" on public.organization_members for update to authenticated
  using (private.may_change_member((select auth.uid()), organization_id, role));
create policy "delete" on public.organization_members for delete to authenticated
  using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.organization_members
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes();
create or replace trigger guard_reactivation
  before update on public.organization_members
  for each row
  when (new.is_active and not old.is_active)
  execute function private.guard_reactivation();
create or replace trigger guard_seats_on_insert
  after insert on public.organization_members
  for each row
  when (new.is_active)
  execute function private.guard_seats();
create or replace trigger guard_seats_on_update
  after update on public.organization_members
  for each row
  when (
    new.is_active
    and (
      not old.is_active
      or old.organization_id <> new.organization_id
      or (old.sponsored_plan_id is null and new.sponsored_plan_id is not null)
    )
  )
  execute function private.guard_seats();
create or replace trigger keep_an_admin_on_update
  after update on public.organization_members
  for each row
  when (
    old.role = 'org_admin' and old.is_active and (new.role <> 'org_admin' or not new.is_active)
  )
  execute function private.keep_an_org_admin();
create or replace trigger update_organization_members_updated_at
  before update on public.organization_members
  for each row execute function public.update_updated_at_column();
