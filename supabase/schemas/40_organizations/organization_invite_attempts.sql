create table private.organization_invite_attempts (
  id bigint generated always as identity primary key,
  inviter_id uuid not null references auth.users (id) on delete cascade,
  organization_id uuid not null references public.organizations (id) on delete cascade,
  address_hash bytea not null,
  attempted_at timestamptz not null
);

comment on table private.organization_invite_attempts is
  'Who tried to invite whom in the last day, for the limits of send_org_invite. The address is hashed.';

create index organization_invite_attempts_address_idx
  on private.organization_invite_attempts (organization_id, address_hash, attempted_at);
create index organization_invite_attempts_inviter_idx
  on private.organization_invite_attempts (inviter_id, attempted_at);

alter table private.organization_invite_attempts enable row level security;
revoke all on table private.organization_invite_attempts from public, anon, authenticated, service_role;
