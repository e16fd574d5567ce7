create table private.calendar_links (
  user_id uuid primary key references public.profiles (id) on delete cascade,
  version integer not null default 1 check (version > 0),
  rotated_at timestamptz,
  created_at timestamptz not null default now()
);

comment on table private.calendar_links is
  'The current version of each user''s calendar link. Raising it revokes every link handed out before.';

alter table private.calendar_links enable row level security;
revoke all on table private.calendar_links from public, anon, authenticated, service_role;
grant select on table private.calendar_links to service_role;

-- The oldest kind of link holds profiles.calendar_token, which clients, coaches and peers read along with
-- the profile. What is kept there from now on is a hash: the links go on working, and it opens nothing.
create or replace function private.calendar_token_hash(p_token uuid)
returns uuid
language sql
immutable
set search_path = ''
begin atomic
  -- version 3, a name's MD5 (RFC 9562 §5.3), tells a hash from the random token that it is of
  select overlay(md5(p_token::text) placing '3' from 13 for 1)::uuid;
end;
comment on function private.calendar_token_hash(uuid) is
  'What profiles.calendar_token holds of a token in a link. The token is 122 random bits, so MD5 will do.';
revoke execute on function private.calendar_token_hash(uuid) from public;
grant execute on function private.calendar_token_hash(uuid) to service_role;
