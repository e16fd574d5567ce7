create table public.organization_sharing_consent (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  organization_id uuid not null references public.organizations (id) on delete cascade,
  share_goals boolean not null default false,
  share_decisions boolean not null default false,
  share_tasks boolean not null default false,
  share_progress boolean not null default false,
  share_assessments boolean not null default false,
  share_development_items boolean not null default false,
  share_assignments boolean not null default false,
  consent_given_at timestamptz,
  consent_updated_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  constraint organization_sharing_consent_user_id_organization_id_key unique (user_id, organization_id),
  constraint organization_sharing_consent_times_check check (
    consent_given_at between '2000-01-01 00:00+00' and '2100-01-01 00:00+00' and consent_updated_at between '2000-01-01 00:00+00' and '2100-01-01 00:00+00'
  )
);

comment on table public.organization_sharing_consent is
  'What a member lets the organisation see. No share_profile, share_enrollments or share_wheel.';

alter table public.organization_sharing_consent enable row level security;
revoke all on table public.organization_sharing_consent from public, anon, authenticated, service_role;
grant select on table public.organization_sharing_consent to authenticated;
grant insert (
  user_id, organization_id, share_goals, share_decisions, share_tasks, share_progress, share_assessments,
  share_development_items, share_assignments, consent_given_at, consent_updated_at
) on table public.organization_sharing_consent to authenticated;
grant update (
  user_id, organization_id, share_goals, share_decisions, share_tasks, share_progress, share_assessments,
  share_development_items, share_assignments, consent_given_at, consent_updated_at
) on table public.organization_sharing_consent to authenticated;
grant all on table public.organization_sharing_consent to service_role;

create policy "select" on public.organization_sharing_consent for select to authenticated
  using (
    user_id = (select auth.uid())
    or (
      private.is_org_admin_or_manager((select auth.uid()), organization_id)
      and exists (
        select from public.organization_members m
        where m.organization_id = organization_sharing_consent.organization_id
          and m.user_id = organization_sharing_consent.user_id
          and m.is_active
      )
    )
  );
-- also of an organization that one has left: consent can be taken back there
create policy "insert" on public.organization_sharing_consent for insert to authenticated
  with check (user_id = (select auth.uid()) and private.has_been_member(organization_id));
create policy "update" on public.organization_sharing_consent for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()) and private.has_been_member(organization_id));
