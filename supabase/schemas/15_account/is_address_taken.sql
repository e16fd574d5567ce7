create or replace function private.is_address_taken(p_email text, p_except uuid)
returns boolean
language sql
stable
set search_path = ''
as $$
  select exists (
    select from auth.users u
    where u.email = lower(p_email) and not u.is_sso_user and u.id <> p_except
  ) or exists (
    select from public.profiles p where lower(p.email) = lower(p_email) and p.id <> p_except
  );
$$;
comment on function private.is_address_taken(text, uuid) is
  'Whether somebody other than this user has the address.';
revoke execute on function private.is_address_taken(text, uuid) from public;

create or replace function private.is_claimed(p_claimed_at timestamptz, p_now timestamptz)
returns boolean
language sql
immutable
set search_path = ''
begin atomic
  -- longer than the function waits for Auth
  select coalesce(p_claimed_at > p_now - interval '1 minute', false);
end;
comment on function private.is_claimed(timestamptz, timestamptz) is
  'Whether a use of the link that began then may still be under way.';
revoke execute on function private.is_claimed(timestamptz, timestamptz) from public;
