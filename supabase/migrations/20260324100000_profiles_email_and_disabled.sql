-- profiles.email and profiles.is_disabled, kept true to auth.users.
--
-- Why: mail and access checks ask profiles for an address and a disabled flag that did not exist, and
-- handle_new_user refused sign-ups (o'brien@…, phone, anonymous, an address another profile still held as its
-- username). auth.users stays the source and profiles mirrors it: on sign-up on_auth_user_created, on a change of
-- address, a ban or a deletion on_auth_user_updated, each minute lift_lapsed_bans(), and by hand
-- reconcile_auth_profiles() for whatever failed. None of these can block a sign-up or a login.
-- Locks: on production, until commit, ACCESS EXCLUSIVE on profiles, staff_profiles; SHARE ROW EXCLUSIVE on
-- auth.users, client_profiles, user_roles; SHARE on client_coaches, client_instructors.
-- Can be run again.

set lock_timeout = '10s';
set check_function_bodies = off; -- a body may name what a later file makes

-- Tables that are there ---------------------------------------------------------------------------

alter table public.profiles
  add column if not exists email text,
  add column if not exists is_disabled boolean not null default false;
select private.assert_table('public.profiles', 'email text, is_disabled boolean not null default false');

-- A first attempt made this column, its owners could write any address there, and two users of Auth may have
-- addresses that differ by case alone. The address stays with the one whom Auth knows by it, of those with the
-- older account, as private.auth_profiles() has it. reconcile_auth_profiles() gives it back to whoever it was
-- taken from; who shares it stays without, and operations_health names them.
-- That attempt's index has the name of ours, and is neither unique nor of the address in lower case.
do $$
begin
  if exists (
    select from pg_catalog.pg_index i
    where i.indexrelid = to_regclass('public.idx_profiles_email') and not i.indisunique
  ) then
    drop index public.idx_profiles_email;
  end if;
  if to_regclass('public.idx_profiles_email') is null then
    update public.profiles p
    set email = null
    from (
      select held.id, row_number() over (
          partition by lower(held.email)
          order by (lower(u.email) is not distinct from lower(held.email)) desc, u.is_sso_user, u.created_at, u.id
        ) as place
      from public.profiles held
      join auth.users u on u.id = held.id
      where held.email is not null
    ) held
    where held.id = p.id and held.place > 1;
  end if;
end
$$;
select private.ensure_index(statement) from unnest(array[
  -- addresses that differ by case alone are nobody's: look one up by lower(email)
  'create unique index idx_profiles_email on public.profiles (lower(email))',
  'create index idx_profiles_disabled on public.profiles (id) where is_disabled'
]) as statement;

select private.ensure_index(statement) from unnest(array[
  'create index client_coaches_coach_id_idx on public.client_coaches (coach_id)',
  'create index client_instructors_instructor_id_idx on public.client_instructors (instructor_id)',
  'create index idx_profiles_disabled on public.profiles (id) where is_disabled',
  $$create index user_roles_admin_idx on public.user_roles (user_id) where role = 'admin'$$
]) as statement;

-- A link that runs a script or opens a program is none that anybody follows.
insert into private.rows_before_repair (table_name, content)
select 'public.profiles', to_jsonb(r) from public.profiles r
where not (
  private.are_web_links(avatar_url, linkedin_url, x_url, bluesky_url, youtube_url, instagram_url, facebook_url, scheduling_url));
update public.profiles
set avatar_url = case when private.are_web_links(avatar_url) then avatar_url end,
  linkedin_url = case when private.are_web_links(linkedin_url) then linkedin_url end,
  x_url = case when private.are_web_links(x_url) then x_url end,
  bluesky_url = case when private.are_web_links(bluesky_url) then bluesky_url end,
  youtube_url = case when private.are_web_links(youtube_url) then youtube_url end,
  instagram_url = case when private.are_web_links(instagram_url) then instagram_url end,
  facebook_url = case when private.are_web_links(facebook_url) then facebook_url end,
  scheduling_url = case when private.are_web_links(scheduling_url) then scheduling_url end
where not (
  private.are_web_links(avatar_url, linkedin_url, x_url, bluesky_url, youtube_url, instagram_url, facebook_url, scheduling_url)
);
do $$
begin
  if not exists (
    select from pg_catalog.pg_constraint c
    where c.conrelid = 'public.profiles'::regclass and c.conname = 'profiles_links_check'
  ) then
    alter table public.profiles add constraint profiles_links_check
      check (private.are_web_links(avatar_url, linkedin_url, x_url, bluesky_url, youtube_url, instagram_url, facebook_url, scheduling_url));
  end if;
end
$$;

-- Whoever has a plan has had it since before this was noted.
alter table public.profiles add column if not exists plan_since timestamptz;
select private.assert_table('public.profiles', 'plan_since timestamptz');

-- Names without addresses of web pages, and lengths of texts: what is there is put right, then the checks are made.
insert into private.rows_before_repair (table_name, content)
select 'public.profiles', to_jsonb(r) from public.profiles r
where not (
  name !~ '://|\.[[:alpha:]]{2}'
  and char_length(name) <= 200 and char_length(timezone) <= 100 and char_length(job_title) <= 300 and char_length(organisation) <= 200 and char_length(tagline) <= 300 and char_length(desired_target_role) <= 300 and char_length(bio) <= 5000 and char_length(future_vision) <= 5000 and char_length(constraints) <= 5000
  and 2000 >= greatest(char_length(avatar_url), char_length(linkedin_url), char_length(x_url), char_length(bluesky_url), char_length(youtube_url), char_length(instagram_url), char_length(facebook_url), char_length(scheduling_url))
  and 100000 >= greatest(char_length(education::text), char_length(certifications::text), char_length(external_credential_profiles::text), char_length(preferred_meeting_times::text)));
update public.profiles
set name = left(regexp_replace(replace(name, '://', ': '), '\.(?=[[:alpha:]]{2})', '. ', 'g'), 200),
  timezone = left(timezone, 100),
  job_title = left(job_title, 300),
  organisation = left(organisation, 200),
  tagline = left(tagline, 300),
  desired_target_role = left(desired_target_role, 300),
  bio = left(bio, 5000),
  future_vision = left(future_vision, 5000),
  constraints = left(constraints, 5000),
  avatar_url = case when char_length(avatar_url) <= 2000 then avatar_url end,
  linkedin_url = case when char_length(linkedin_url) <= 2000 then linkedin_url end,
  x_url = case when char_length(x_url) <= 2000 then x_url end,
  bluesky_url = case when char_length(bluesky_url) <= 2000 then bluesky_url end,
  youtube_url = case when char_length(youtube_url) <= 2000 then youtube_url end,
  instagram_url = case when char_length(instagram_url) <= 2000 then instagram_url end,
  facebook_url = case when char_length(facebook_url) <= 2000 then facebook_url end,
  scheduling_url = case when char_length(scheduling_url) <= 2000 then scheduling_url end,
  education = case when char_length(education::text) <= 100000 then education else '[]' end,
  certifications = case when char_length(certifications::text) <= 100000 then certifications else '[]' end,
  external_credential_profiles = case when char_length(external_credential_profiles::text) <= 100000 then external_credential_profiles else '[]' end,
  preferred_meeting_times = case when char_length(preferred_meeting_times::text) <= 100000 then preferred_meeting_times else '[]' end
where not (
  name !~ '://|\.[[:alpha:]]{2}'
  and char_length(name) <= 200 and char_length(timezone) <= 100 and char_length(job_title) <= 300 and char_length(organisation) <= 200 and char_length(tagline) <= 300 and char_length(desired_target_role) <= 300 and char_length(bio) <= 5000 and char_length(future_vision) <= 5000 and char_length(constraints) <= 5000
  and 2000 >= greatest(char_length(avatar_url), char_length(linkedin_url), char_length(x_url), char_length(bluesky_url), char_length(youtube_url), char_length(instagram_url), char_length(facebook_url), char_length(scheduling_url))
  and 100000 >= greatest(char_length(education::text), char_length(certifications::text), char_length(external_credential_profiles::text), char_length(preferred_meeting_times::text))
);
insert into private.rows_before_repair (table_name, content)
select 'public.staff_profiles', to_jsonb(r) from public.staff_profiles r
where not (
  char_length(company_name) <= 200 and cardinality(specializations) <= 100 and char_length(array_to_string(specializations, '')) <= 5000);
update public.staff_profiles
set specializations = (select array_agg(left(s.name, 50)) from unnest(specializations[:100]) as s (name)),
  company_name = left(company_name, 200)
where not (
  char_length(company_name) <= 200 and cardinality(specializations) <= 100 and char_length(array_to_string(specializations, '')) <= 5000
);
do $$
declare
  v_check record;
begin
  for v_check in
    select * from (values
      ('profiles', 'profiles_name_check',
        $c$name !~ '://|\.[[:alpha:]]{2}'$c$),
      ('profiles', 'profiles_texts_check',
        $c$char_length(name) <= 200 and char_length(timezone) <= 100 and char_length(job_title) <= 300 and char_length(organisation) <= 200 and char_length(tagline) <= 300 and char_length(desired_target_role) <= 300 and char_length(bio) <= 5000 and char_length(future_vision) <= 5000 and char_length(constraints) <= 5000$c$),
      ('profiles', 'profiles_urls_check',
        $c$2000 >= greatest(char_length(avatar_url), char_length(linkedin_url), char_length(x_url), char_length(bluesky_url), char_length(youtube_url), char_length(instagram_url), char_length(facebook_url), char_length(scheduling_url))$c$),
      ('profiles', 'profiles_lists_check',
        $c$100000 >= greatest(char_length(education::text), char_length(certifications::text), char_length(external_credential_profiles::text), char_length(preferred_meeting_times::text))$c$),
      ('staff_profiles', 'staff_profiles_texts_check',
        $c$char_length(company_name) <= 200 and cardinality(specializations) <= 100 and char_length(array_to_string(specializations, '')) <= 5000$c$)
    ) as wanted (table_name, name, definition)
    where not exists (
      select from pg_catalog.pg_constraint c
      where c.conrelid = to_regclass('public.' || wanted.table_name) and c.conname = wanted.name
    )
  loop
    execute format(
      'alter table public.%I add constraint %I check (%s)', v_check.table_name, v_check.name, v_check.definition
    );
  end loop;
end
$$;

-- Comments and grants -----------------------------------------------------------------------------

comment on table public.profiles is
  'One row a user, made by handle_new_user. The name is name; username is mostly the e-mail address.';
comment on column public.profiles.calendar_token is
  'The hash of the token in a calendar link of the oldest kind, until the user rotates; none are handed '
  'out.';
comment on column public.profiles.email is
  'The address in auth.users, kept by sync_auth_to_profiles(). Null for a phone-only or anonymous user.';
comment on column public.profiles.is_disabled is
  'Banned or deleted in auth.users. Ask private.is_disabled(), which also knows a ban that has just run '
  'out.';
comment on column public.profiles.plan_since is
  'Since when the plan holds; null: since it was first known. A month before it carries nothing over.';
comment on table public.client_coaches is 'Coaches who look after a client directly, outside any programme.';
comment on table public.client_instructors is
  'Instructors who look after a client directly. Neither side has a foreign key.';
comment on table public.client_profiles is 'What staff keep about a client: status, notes, tags.';
comment on table public.staff_profiles is 'Contract data of coaches and instructors.';
comment on table public.user_roles is 'The platform roles of a user; one user can hold several.';

revoke all on table public.profiles from public, anon, authenticated, service_role;
grant select on table public.profiles to authenticated;
-- plan_id, is_hidden and what a registration and a verification came to: admins alone, by the guard below.
grant update (
  name, updated_at, avatar_url, bio, linkedin_url, x_url, bluesky_url, education, certifications, plan_id,
  timezone, preferred_meeting_times, desired_target_role, youtube_url, instagram_url, facebook_url,
  job_title, organisation, tagline, external_credential_profiles, future_vision, constraints,
  future_vision_private, constraints_private, desired_target_role_private, calendar_token,
  calendar_sync_enabled, scheduling_url, is_hidden, registration_status, verification_status, verified_at
) on table public.profiles to authenticated;
grant all on table public.profiles to service_role;
revoke all on table public.client_coaches from public, anon, authenticated, service_role;
grant select, insert (client_id, coach_id), delete on table public.client_coaches to authenticated;
grant all on table public.client_coaches to service_role;
revoke all on table public.client_instructors from public, anon, authenticated, service_role;
grant select, insert (client_id, instructor_id), delete on table public.client_instructors to authenticated;
grant all on table public.client_instructors to service_role;
revoke all on table public.client_profiles from public, anon, authenticated, service_role;
-- What staff keep about somebody is not that person's to read or to write.
grant select, insert (user_id, status), update (status, status_marker), delete
  on table public.client_profiles to authenticated;
grant all on table public.client_profiles to service_role;
revoke all on table public.staff_profiles from public, anon, authenticated, service_role;
-- What somebody says of oneself; relationship, contract and notes are for the office to write.
grant select, insert (user_id, specializations, company_name), update (specializations, company_name)
  on table public.staff_profiles to authenticated;
grant all on table public.staff_profiles to service_role;
revoke all on table public.user_roles from public, anon, authenticated, service_role;
-- An upsert on (user_id, role) needs the right to update both.
grant select, insert (user_id, role), update (user_id, role), delete on table public.user_roles to authenticated;
grant all on table public.user_roles to service_role;

-- Functions ---------------------------------------------------------------------------------------

create or replace function public.create_default_ai_preferences()
returns trigger
language plpgsql
security definer -- fired in the name of whoever makes the profile
set search_path = ''
as $$
begin
  insert into public.ai_preferences (user_id) values (new.id) on conflict (user_id) do nothing;
  return null;
exception
  when others then -- a missing row reads as no consent
    perform private.record_trigger_failure('create_default_ai_preferences', new.id, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function public.create_default_ai_preferences() is
  'Trigger on profiles: the AI preferences of a new user, both off. Never blocks the sign-up.';
revoke execute on function public.create_default_ai_preferences()
  from public, anon, authenticated, service_role;
grant execute on function public.create_default_ai_preferences() to service_role;

create or replace function public.create_default_notification_preferences()
returns trigger
language plpgsql
security definer -- fired by Supabase Auth, which has no rights on public
set search_path = ''
set lock_timeout = '3s'
as $$
begin
  insert into public.notification_preferences (user_id) values (new.id) on conflict (user_id) do nothing;
  return null;
exception
  when others then -- a missing row reads as the defaults
    perform private.record_trigger_failure(
      'create_default_notification_preferences', new.id, sqlstate, sqlerrm
    );
    return null;
end
$$;
comment on function public.create_default_notification_preferences() is
  'Trigger on auth.users: the mail preferences of a new user. Never blocks the sign-up.';
revoke execute on function public.create_default_notification_preferences()
  from public, anon, authenticated, service_role;
grant execute on function public.create_default_notification_preferences() to service_role;

create or replace function public.ensure_client_profile_on_plan()
returns trigger
language plpgsql
security definer -- whoever sets a plan need not be allowed to write client_profiles
set search_path = ''
as $$
begin
  insert into public.client_profiles (user_id)
  select r.user_id from public.user_roles r where r.user_id = new.id and r.role = 'client'
  on conflict (user_id) do nothing;
  return null;
exception
  when others then
    perform private.record_trigger_failure('ensure_client_profile_on_plan', new.id, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function public.ensure_client_profile_on_plan() is
  'Trigger on profiles: a client whose plan changes has a client profile.';
revoke execute on function public.ensure_client_profile_on_plan()
  from public, anon, authenticated, service_role;
grant execute on function public.ensure_client_profile_on_plan() to service_role;

create or replace function private.keep_name_plain()
returns trigger
language plpgsql
security definer -- what it calls is nobody's to call
set search_path = ''
as $$
begin
  -- Nobody is refused, least of all by a sign-up, whose name comes from Auth.
  new.name := left(private.without_web_addresses(new.name), 200);
  return new;
end
$$;
comment on function private.keep_name_plain() is
  'Trigger on profiles: a name has no address of a web page in it, and at most 200 characters.';
revoke execute on function private.keep_name_plain() from public;

create or replace function private.note_plan_since()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if new.plan_id is distinct from old.plan_id
    -- a renewal may be three days late: so long Stripe goes on telling of it
    or (old.plan_expires_at < now() - interval '3 days' and coalesce(new.plan_expires_at > now(), true))
  then
    new.plan_since := now();
  end if;
  return new;
end
$$;
comment on function private.note_plan_since() is
  'Trigger: since when a plan holds, once it is another one or holds again.';
revoke execute on function private.note_plan_since() from public;

create or replace function private.auth_profiles(p_now timestamptz)
returns table (user_id uuid, email text, name text, is_disabled boolean, is_deleted boolean)
language sql
stable
set search_path = ''
as $$
  select
    u.id,
    -- A single sign-on user may share the address of another; it is the latter's.
    case
      when row_number() over (
        partition by lower(u.email) order by u.is_sso_user, u.created_at, u.id
      ) = 1 then nullif(u.email, '')
    end,
    private.profile_name(u.raw_user_meta_data, nullif(u.email, '')),
    private.is_banned(u.banned_until, u.deleted_at, p_now),
    u.deleted_at is not null
  from auth.users u;
$$;
comment on function private.auth_profiles(timestamptz) is
  'What profiles should say of every user of auth.users at that instant.';
revoke execute on function private.auth_profiles(timestamptz) from public;

create or replace function private.create_profile(
  p_user_id uuid, p_email text, p_user_metadata jsonb, p_is_disabled boolean, p_source text
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_name text := private.profile_name(p_user_metadata, p_email);
begin
  begin
    insert into public.profiles (id, name, username, email, is_disabled)
    values (p_user_id, v_name, private.username_for(p_user_id, p_email), p_email, p_is_disabled)
    on conflict (id) do nothing;
    return;
  exception
    when others then
      perform private.record_trigger_failure(p_source, p_user_id, sqlstate, sqlerrm);
  end;

  -- Without a profile the user can do nothing: make what can be made, reconcile completes it.
  begin
    insert into public.profiles (id, name, is_disabled)
    values (p_user_id, v_name, p_is_disabled)
    on conflict (id) do nothing;
  exception
    when others then
      perform private.record_trigger_failure(p_source, p_user_id, sqlstate, sqlerrm);
  end;
end
$$;
comment on function private.create_profile(uuid, text, jsonb, boolean, text) is
  'Makes the profile of a user; on failure records it and makes one of id and name. Never raises.';
revoke execute on function private.create_profile(uuid, text, jsonb, boolean, text) from public;

create or replace function private.display_name(p_user_id uuid)
returns text
language sql
stable
security definer -- who sees a row may know whose it is, even where the profile is not theirs to read
set search_path = ''
as $$
  select p.name from public.profiles p where p.id = p_user_id;
$$;
comment on function private.display_name(uuid) is
  'The name of a person, for those who already have the id from a row they may see.';
revoke execute on function private.display_name(uuid) from public;
grant execute on function private.display_name(uuid) to authenticated, service_role;

create or replace function public.handle_new_user()
returns trigger
language plpgsql
security definer -- fired by Supabase Auth, which has no rights on public
set search_path = ''
set lock_timeout = '3s' -- a sign-up does not wait for a migration of profiles: reconcile heals it
as $$
begin
  perform private.create_profile(
    new.id, nullif(new.email, ''), new.raw_user_meta_data,
    private.is_banned(new.banned_until, new.deleted_at, now()), 'handle_new_user'
  );
  return null;
end
$$;
comment on function public.handle_new_user() is
  'Trigger on auth.users: makes the profile of a new user. Never blocks the sign-up.';
revoke execute on function public.handle_new_user() from public, anon, authenticated, service_role;
grant execute on function public.handle_new_user() to service_role;

create or replace function private.lift_lapsed_bans(p_now timestamptz default now())
returns integer
language sql
set search_path = ''
as $$
  with lifted as (
    update public.profiles p
    set is_disabled = false
    from auth.users u
    where p.is_disabled
      and u.id = p.id
      and u.banned_until <= p_now
      and u.deleted_at is null
    returning p.id
  )
  select count(*)::integer from lifted;
$$;
comment on function private.lift_lapsed_bans(timestamptz) is
  'Clears profiles.is_disabled where a ban has run out: Auth lets the person in again without updating '
  'auth.users. pg_cron calls it every minute. Returns how many.';
revoke execute on function private.lift_lapsed_bans(timestamptz) from public;

create or replace function private.people(p_ids uuid[])
returns table (id uuid, name text, avatar_url text, username text, email text, scheduling_url text)
language sql
stable
security definer -- profiles are their owner's; who may know what of whom is decided here
set search_path = ''
as $$
  select p.id, p.name, p.avatar_url,
    case when relation.serves then p.username end,
    case when relation.serves then p.email end,
    case when relation.serves or relation.is_served then p.scheduling_url end
  from (select distinct given.id from unnest(p_ids[:500]) as given (id)) asked
  join public.profiles p on p.id = asked.id
  cross join lateral (
    select
      p.id = (select auth.uid()) or (select private.is_admin()) or private.may_see_client(p.id) as serves,
      private.client_can_view_staff_profile((select auth.uid()), p.id)
        or private.staff_has_direct_client(p.id, (select auth.uid())) as is_served
    offset 0 -- once a person, whatever is done with the answer
  ) relation
  where relation.serves
    or relation.is_served
    or private.are_group_peers((select auth.uid()), p.id)
    or private.are_colleagues((select auth.uid()), p.id)
    or exists (
      select from public.organization_members m
      where m.user_id = p.id
        and m.is_active
        and private.is_org_admin_or_manager((select auth.uid()), m.organization_id)
    );
$$;
comment on function private.people(uuid[]) is 'See public.people.';
revoke execute on function private.people(uuid[]) from public;
grant execute on function private.people(uuid[]) to authenticated;

create or replace function public.people(p_ids uuid[])
returns table (id uuid, name text, avatar_url text, username text, email text, scheduling_url text)
language sql
stable
set search_path = ''
begin atomic
  select * from private.people(p_ids);
end;
comment on function public.people(uuid[]) is
  'Who these people are, up to 500 and as far as the caller has to do with them: staff their clients, with '
  'username and email; clients their staff, with scheduling_url; members of one group, staff of one program, '
  'and managers the members of their organization, by name and picture.';
revoke execute on function public.people(uuid[]) from public, anon, authenticated, service_role;
grant execute on function public.people(uuid[]) to authenticated;

create or replace function private.profile_name(p_user_metadata jsonb, p_email text)
returns text
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(
    nullif(btrim(p_user_metadata ->> 'name'), ''),
    nullif(btrim(p_user_metadata ->> 'full_name'), ''), -- as OAuth providers give it
    nullif(translate(split_part(p_email, '@', 1), '.', ' '), ''), -- a dot would look like an address
    'User'
  );
end;
comment on function private.profile_name(jsonb, text) is
  'The name of a new profile: from the user''s metadata, else the local part of the address, its dots as '
  'spaces, else User.';
revoke execute on function private.profile_name(jsonb, text) from public;

create or replace function public.reconcile_auth_profiles(p_now timestamptz default now())
returns table (user_id uuid, healed text)
language plpgsql
security definer -- service_role may not read auth.users
set search_path = ''
as $$
declare
  v_wrong_email uuid[];
  v_wrong_username uuid[];
begin
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('reconcile_auth_profiles'));

  -- An address can only be given once it is free: first take it from everyone who should not have it.
  select array_agg(p.id), array_agg(p.id) filter (where lower(p.username) = lower(p.email))
  into v_wrong_email, v_wrong_username
  from private.auth_profiles(p_now) a
  join public.profiles p on p.id = a.user_id
  where p.email is distinct from a.email;

  update public.profiles p
  set email = null,
    username = case when p.id = any (v_wrong_username) then null else p.username end
  where p.id = any (v_wrong_email) and p.email is not null;

  return query
  insert into public.profiles as p (id, name, username, email, is_disabled)
  select a.user_id, a.name, private.username_for(a.user_id, a.email), a.email, a.is_disabled
  from private.auth_profiles(p_now) a
  where not a.is_deleted and not exists (select from public.profiles e where e.id = a.user_id)
  on conflict (id) do nothing
  returning p.id, 'created';

  return query
  with given as (
    update public.profiles p
    set email = a.email,
      username = case
        when p.id = any (v_wrong_username) then private.username_for(p.id, a.email) else p.username
      end
    from private.auth_profiles(p_now) a
    where p.id = any (v_wrong_email) and a.user_id = p.id
    returning p.id
  )
  select g.id, 'email' from given g
  union all
  select g.id, 'username' from given g where g.id = any (v_wrong_username);

  return query
  update public.profiles p
  set is_disabled = a.is_disabled
  from private.auth_profiles(p_now) a
  where a.user_id = p.id and p.is_disabled is distinct from a.is_disabled
  returning p.id, 'is_disabled';
end
$$;
comment on function public.reconcile_auth_profiles(timestamptz) is
  'Heals every difference between auth.users and profiles and returns what it healed (created, email, '
  'username, is_disabled); nothing on a sound database.';
revoke execute on function public.reconcile_auth_profiles(timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.reconcile_auth_profiles(timestamptz) to service_role;

create or replace function public.sync_auth_to_profiles()
returns trigger
language plpgsql
security definer -- fired by Supabase Auth, which has no rights on public
set search_path = ''
set lock_timeout = '3s' -- a login does not wait for a migration of profiles: reconcile heals it
as $$
declare
  v_email text := nullif(new.email, '');
  v_is_disabled boolean := private.is_banned(new.banned_until, new.deleted_at, now());
  v_username text;
  v_profile public.profiles;
begin
  begin
    select p.* into v_profile from public.profiles p where p.id = new.id for update;
    if not found then
      perform private.create_profile(
        new.id, v_email, new.raw_user_meta_data, v_is_disabled, 'sync_auth_to_profiles'
      );
      return null;
    end if;

    -- A username that held the old address follows; left behind, it would block the next owner.
    v_username := v_profile.username;
    if lower(v_username) in (lower(old.email), lower(v_profile.email))
      and lower(v_username) is distinct from lower(v_email)
    then
      v_username := private.username_for(new.id, v_email);
    end if;

    if (v_profile.email, v_profile.username, v_profile.is_disabled)
      is distinct from (v_email, v_username, v_is_disabled)
    then
      update public.profiles
      set email = v_email, username = v_username, is_disabled = v_is_disabled
      where id = new.id;
    end if;
    return null;
  exception
    when others then
      perform private.record_trigger_failure('sync_auth_to_profiles', new.id, sqlstate, sqlerrm);
  end;

  -- A ban must not hang on an address that clashes.
  begin
    update public.profiles set is_disabled = v_is_disabled
    where id = new.id and is_disabled is distinct from v_is_disabled;
  exception
    when others then
      perform private.record_trigger_failure('sync_auth_to_profiles', new.id, sqlstate, sqlerrm);
  end;
  return null;
end
$$;
comment on function public.sync_auth_to_profiles() is
  'Trigger on auth.users: copies a changed address, a ban and a soft deletion to profiles. Writes nothing '
  'where nothing differs; never blocks its cause.';
revoke execute on function public.sync_auth_to_profiles() from public, anon, authenticated, service_role;
grant execute on function public.sync_auth_to_profiles() to service_role;

create or replace function private.username_for(p_user_id uuid, p_email text)
returns text
language sql
stable
set search_path = ''
begin atomic
  select p_email
  -- the address form of the check on profiles.username
  where p_email ~ '^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$'
    and not exists (
      select from public.profiles p where p.username = p_email and p.id <> p_user_id
    );
end;
comment on function private.username_for(uuid, text) is
  'The address as this user''s username, or null where profiles would refuse it or another profile holds '
  'it.';
revoke execute on function private.username_for(uuid, text) from public;

-- Triggers ----------------------------------------------------------------------------------------

do $$
begin
  if not exists (
    select from pg_catalog.pg_trigger t
    where t.tgrelid = 'auth.users'::regclass and t.tgname = 'on_auth_user_created_notification_preferences'
      and t.tgfoid = 'public.create_default_notification_preferences()'::regprocedure and t.tgqual is null
  ) then
    create or replace trigger on_auth_user_created_notification_preferences
      after insert on auth.users for each row
      execute function public.create_default_notification_preferences();
  end if;
end
$$;
create or replace trigger audit_writes
  after insert or update or delete on public.profiles
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
create or replace trigger ensure_client_profile_on_plan
  after update on public.profiles for each row
  when (old.plan_id is distinct from new.plan_id)
  execute function public.ensure_client_profile_on_plan();
create or replace trigger guard_columns
  before update on public.profiles
  for each row execute function private.guard_columns(
    'plan_id', 'verification_status', 'verified_at', 'registration_status', 'is_hidden'
  );
create or replace trigger keep_name_plain
  before insert or update of name on public.profiles
  for each row execute function private.keep_name_plain();
create or replace trigger note_plan_since
  before update on public.profiles for each row
  when (old.plan_id is distinct from new.plan_id or old.plan_expires_at is distinct from new.plan_expires_at)
  execute function private.note_plan_since();
create or replace trigger on_profile_created_ai_preferences
  after insert on public.profiles for each row
  execute function public.create_default_ai_preferences();
create or replace trigger update_profiles_updated_at
  before update on public.profiles
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.client_coaches
  for each row execute function private.audit_writes();
create or replace trigger audit_writes
  after insert or update or delete on public.client_instructors
  for each row execute function private.audit_writes();
create or replace trigger audit_writes
  after insert or update or delete on public.client_profiles
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
create or replace trigger update_client_profiles_updated_at
  before update on public.client_profiles
  for each row execute function public.update_updated_at_column();
do $$
begin
  if not exists (
    select from pg_catalog.pg_trigger t
    where t.tgrelid = 'auth.users'::regclass and t.tgname = 'on_auth_user_created'
      and t.tgfoid = 'public.handle_new_user()'::regprocedure and t.tgqual is null
  ) then
    create or replace trigger on_auth_user_created
      after insert on auth.users for each row
      execute function public.handle_new_user();
  end if;
end
$$;
create or replace trigger update_staff_profiles_updated_at
  before update on public.staff_profiles
  for each row execute function public.update_updated_at_column();
do $$
begin
  if not exists (
    select from pg_catalog.pg_trigger t
    where t.tgrelid = 'auth.users'::regclass and t.tgname = 'on_auth_user_updated'
      and t.tgfoid = 'public.sync_auth_to_profiles()'::regprocedure and t.tgqual is not null
      and pg_catalog.pg_get_triggerdef(t.oid) like all (array['%email%', '%banned_until%', '%deleted_at%'])
  ) then
    create or replace trigger on_auth_user_updated
      after update on auth.users for each row
      when (
        old.email is distinct from new.email
        or old.banned_until is distinct from new.banned_until
        or old.deleted_at is distinct from new.deleted_at
      )
      execute function public.sync_auth_to_profiles();
  end if;
end
$$;
create or replace trigger audit_writes
  after insert or update or delete on public.user_roles
  for each row execute function private.audit_writes();

-- What needs the functions above ------------------------------------------------------------------

-- The back-fill is a reconciliation like any other.
select count(*) as healed from public.reconcile_auth_profiles();
