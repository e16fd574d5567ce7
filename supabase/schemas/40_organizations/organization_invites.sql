create table public.organization_invites (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  email text not null,
  role public.org_role not null default 'org_member',
  token uuid default gen_random_uuid(),
  invited_by uuid not null references auth.users (id) on delete cascade,
  expires_at timestamptz not null default (now() + interval '7 days'),
  accepted_at timestamptz,
  created_at timestamptz default now(),
  declined_at timestamptz,
  withdrawn_at timestamptz,
  is_open boolean not null
    generated always as (accepted_at is null and declined_at is null and withdrawn_at is null) stored
);

comment on table public.organization_invites is
  'Invitations, open and closed. One open a person and organisation; its links are in '
  'private.organization_invite_tokens.';
comment on column public.organization_invites.token is
  'The token of a new link. Returned to whoever writes it, then kept as a hash alone: it always reads as '
  'null.';
comment on column public.organization_invites.is_open is
  'Neither accepted, declined nor withdrawn. An open invitation may have expired; sending it again prolongs '
  'it.';

create index organization_invites_email_idx on public.organization_invites (lower(email));
create index organization_invites_invited_by_idx on public.organization_invites (invited_by);
create unique index organization_invites_open_key
  on public.organization_invites (organization_id, lower(email)) where is_open;

alter table public.organization_invites enable row level security;
revoke all on table public.organization_invites from public, anon, authenticated, service_role;
grant select, delete on table public.organization_invites to authenticated;
grant all on table public.organization_invites to service_role;

create policy "select" on public.organization_invites for select to authenticated
  using (
    (select private.is_admin())
    or private.is_org_admin_or_manager((select auth.uid()), organization_id)
    or lower(email) = (select private.verified_email())
  );
create policy "delete" on public.organization_invites for delete to authenticated
  using (private.may_invite((select auth.uid()), organization_id, role));

create or replace trigger audit_writes
  after insert or update or delete on public.organization_invites
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
create or replace trigger keep_token
  after insert or update on public.organization_invites
  for each row
  when (new.token is not null)
  execute function private.keep_invite_token();
