create or replace function private.hash_invite_token(p_token text)
returns bytea
language sql
immutable
set search_path = ''
begin atomic
  select sha256(convert_to(lower(p_token), 'UTF8'));
end;
comment on function private.hash_invite_token(text) is
  'What is kept of the token in a link. Tokens are lower case.';
revoke execute on function private.hash_invite_token(text) from public;

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
revoke execute on function private.keep_invite_token() from public;
