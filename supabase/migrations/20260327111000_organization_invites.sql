-- Invitations to an organisation: their links, and who sees them.
--
-- Why: whoever could read the table held every link; a resend killed the link before; an accepted
-- invitation blocked the address for ever; and no signed-in user could read any invitation at all.
-- An invitation may now have several links, of which only hashes are kept (private.organization_invite_tokens).
-- Links sent before go on working. Of invitations whose addresses differ by case alone the newest stays,
-- and takes over the links of the others. Open invitations to the role of admin by people who may not send
-- such are withdrawn.
-- Locks: ACCESS EXCLUSIVE on organization_invites, which is rewritten for is_open; the table is small.
-- Replaces whatever policies production has on the table. Can be run again.

set lock_timeout = '10s';

alter table public.organization_invites
  add column if not exists declined_at timestamptz,
  add column if not exists withdrawn_at timestamptz,
  add column if not exists is_open boolean not null
    -- squawk-ignore adding-field-with-default -- the table is small
    generated always as (accepted_at is null and declined_at is null and withdrawn_at is null) stored;
comment on table public.organization_invites is
  'Invitations, open and closed. One open a person and organisation; its links are in private.organization_invite_tokens.';
comment on column public.organization_invites.is_open is
  'Neither accepted, declined nor withdrawn. An open invitation may have expired; sending it again prolongs it.';

create or replace function private.hash_invite_token(p_token text)
returns bytea
language sql
immutable
set search_path = ''
begin atomic
  select sha256(convert_to(lower(p_token), 'UTF8'));
end;
comment on function private.hash_invite_token(text) is 'What is kept of the token in a link. Tokens are lower case.';
revoke execute on function private.hash_invite_token(text) from public, anon, authenticated;

create table if not exists private.organization_invite_tokens (
  token_hash bytea primary key,
  invite_id uuid not null references public.organization_invites (id) on delete cascade
);
comment on table private.organization_invite_tokens is
  'The links of each invitation, as hashes of their tokens: nothing stored opens an invitation.';
create index if not exists organization_invite_tokens_invite_id_idx
  on private.organization_invite_tokens (invite_id);
alter table private.organization_invite_tokens enable row level security;
revoke all on table private.organization_invite_tokens from public, anon, authenticated, service_role;

create or replace function private.keep_invite_token()
returns trigger
language plpgsql
security definer -- the service role may write invitations, and not this table
set search_path = ''
as $$
begin
  insert into private.organization_invite_tokens (token_hash, invite_id)
  values (private.hash_invite_token(new.token::text), new.id)
  on conflict (token_hash) do nothing;
  update public.organization_invites set token = null where id = new.id;
  return null;
end
$$;
comment on function private.keep_invite_token() is
  'Trigger: keeps the hash of a token that is written, and blanks the token.';
revoke execute on function private.keep_invite_token() from public, anon, authenticated;

-- After the row, so that whoever writes a token (or takes the default) is told it by RETURNING, once.
-- squawk-ignore ban-drop-not-null -- no client ever read the column (row level security raised)
alter table public.organization_invites alter column token drop not null;
create or replace trigger keep_token
  after insert or update on public.organization_invites
  for each row
  when (new.token is not null)
  execute function private.keep_invite_token();
comment on column public.organization_invites.token is
  'The token of a new link. Returned to whoever writes it, then kept as a hash alone: it always reads as null.';

-- Who is who ----------------------------------------------------------------------------------------

create or replace function private.verified_email()
returns text
language sql
stable
security definer -- the caller may not read auth.users
set search_path = ''
-- Not begin atomic: it would pin columns of auth.users, which Supabase Auth migrates.
as $$
  select lower(u.email)
  from auth.users u
  where u.id = auth.uid() and u.email_confirmed_at is not null and not private.is_disabled(u.id);
$$;
comment on function private.verified_email() is
  'The caller''s address in lower case, where Auth has seen it confirmed. The one in a token may be out of date.';
revoke execute on function private.verified_email() from public, anon;
grant execute on function private.verified_email() to authenticated, service_role;

create or replace function private.may_invite(
  p_user_id uuid, p_organization_id uuid, p_role public.org_role default 'org_member'
)
returns boolean
language sql
stable
security definer -- a policy asks, for users who cannot read every member and organisation
set search_path = ''
begin atomic
  select private.has_role(p_user_id, 'admin')
    or private.has_org_role(p_user_id, p_organization_id, 'org_admin')
    or (
      p_role <> 'org_admin'
      and private.has_org_role(p_user_id, p_organization_id, 'org_manager')
      and exists (
        select from public.organizations o
        where o.id = p_organization_id and o.settings -> 'allowMemberInvites' = 'true'
      )
    );
end;
comment on function private.may_invite(uuid, uuid, public.org_role) is
  'Whether the user may send and take back invitations to this role: platform admins, the organisation''s admins, and its managers where it allows them, for roles below admin.';
revoke execute on function private.may_invite(uuid, uuid, public.org_role) from public, anon;
grant execute on function private.may_invite(uuid, uuid, public.org_role) to authenticated, service_role;

-- What production holds -----------------------------------------------------------------------------

update public.organization_invites set token = token where token is not null;

-- What a manager promised and cannot keep: an admin is not theirs to make.
update public.organization_invites i
set withdrawn_at = now()
where i.is_open and i.role = 'org_admin'
  and not private.may_invite(i.invited_by, i.organization_id, i.role);

with open_invites as (
  select i.id, first_value(i.id) over (
      partition by i.organization_id, lower(i.email)
      order by i.expires_at desc, i.created_at desc nulls last, i.id
    ) as kept_id
  from public.organization_invites i
  where i.is_open
),
carried_over as (
  update private.organization_invite_tokens t
  set invite_id = o.kept_id
  from open_invites o
  where t.invite_id = o.id and o.id <> o.kept_id
)
update public.organization_invites i
set withdrawn_at = now()
from open_invites o
where i.id = o.id and o.id <> o.kept_id;

alter table public.organization_invites
  drop constraint if exists organization_invites_organization_id_email_key;
create unique index if not exists organization_invites_open_key
  on public.organization_invites (organization_id, lower(email)) where is_open;
create index if not exists organization_invites_email_idx on public.organization_invites (lower(email));
create index if not exists organization_invites_invited_by_idx on public.organization_invites (invited_by);

-- Policies ------------------------------------------------------------------------------------------

do $$
begin
  perform private.drop_policies('organization_invites');
end
$$;

-- Written by send_org_invite and the answers to it alone. Deleting is the web app's way to take one back.
revoke all on table public.organization_invites from public, anon, authenticated;
grant all on table public.organization_invites to service_role;
grant select, delete on table public.organization_invites to authenticated;

create policy "organization_invites: select" on public.organization_invites
  for select to authenticated
  using (
    (select private.has_role((select auth.uid()), 'admin'))
    or private.is_org_admin_or_manager((select auth.uid()), organization_id)
    or lower(email) = (select private.verified_email())
  );

create policy "organization_invites: delete" on public.organization_invites
  for delete to authenticated
  using (private.may_invite((select auth.uid()), organization_id, role));
