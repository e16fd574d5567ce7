create table private.organization_invite_tokens (
  token_hash bytea primary key,
  invite_id uuid not null references public.organization_invites (id) on delete cascade
);

comment on table private.organization_invite_tokens is
  'The links of each invitation, as hashes of their tokens: nothing stored opens an invitation.';

create index organization_invite_tokens_invite_id_idx
  on private.organization_invite_tokens (invite_id);

alter table private.organization_invite_tokens enable row level security;
revoke all on table private.organization_invite_tokens from public, anon, authenticated, service_role;
