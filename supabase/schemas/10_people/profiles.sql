create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  name text not null,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  avatar_url text,
  bio text,
  linkedin_url text,
  x_url text,
  bluesky_url text,
  education jsonb default '[]',
  certifications jsonb default '[]',
  plan_id uuid references public.plans (id),
  plan_expires_at timestamptz,
  username text,
  timezone text default 'UTC',
  preferred_meeting_times jsonb default '[]',
  desired_target_role text,
  youtube_url text,
  instagram_url text,
  facebook_url text,
  job_title text,
  organisation text,
  tagline text,
  external_credential_profiles jsonb default '[]',
  future_vision text,
  constraints text,
  future_vision_private boolean not null default false,
  constraints_private boolean not null default false,
  desired_target_role_private boolean not null default false,
  calendar_token uuid,
  calendar_sync_enabled boolean default false,
  scheduling_url text,
  real_email text,
  is_hidden boolean default false,
  registration_status text default 'complete',
  verification_status text,
  verified_at timestamptz,
  email text,
  is_disabled boolean not null default false,
  plan_since timestamptz,
  constraint profiles_username_format check (
    username is null
    or username ~ '^[A-Za-z0-9_]{3,30}$'
    or username ~ '^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$'
  ),
  constraint profiles_username_unique unique (username),
  -- No address of a web page: names stand in mails, whose readers' programs make links of them.
  constraint profiles_name_check check (name !~ '://|\.[[:alpha:]]{2}'),
  constraint profiles_texts_check check (
    char_length(name) <= 200
    and char_length(timezone) <= 100
    and char_length(job_title) <= 300
    and char_length(organisation) <= 200
    and char_length(tagline) <= 300
    and char_length(desired_target_role) <= 300
    and char_length(bio) <= 5000
    and char_length(future_vision) <= 5000
    and char_length(constraints) <= 5000
  ),
  constraint profiles_urls_check check (
    2000 >= greatest(
      char_length(avatar_url), char_length(linkedin_url), char_length(x_url), char_length(bluesky_url),
      char_length(youtube_url), char_length(instagram_url), char_length(facebook_url),
      char_length(scheduling_url)
    )
  ),
  constraint profiles_lists_check check (
    100000 >= greatest(
      char_length(education::text), char_length(certifications::text),
      char_length(external_credential_profiles::text), char_length(preferred_meeting_times::text)
    )
  ),
  constraint profiles_links_check check (
    private.are_web_links(
      avatar_url, linkedin_url, x_url, bluesky_url, youtube_url,
      instagram_url, facebook_url, scheduling_url
    )
  )
);

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

create index idx_profiles_disabled on public.profiles (id) where is_disabled;
-- Addresses differ only by case for nobody: look one up by lower(email).
create unique index idx_profiles_email on public.profiles (lower(email));
create unique index profiles_calendar_token_key
  on public.profiles (calendar_token) where calendar_token is not null;

alter table public.profiles enable row level security;
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

-- Everybody else asks public.people, which answers with the few columns that pages show.
create policy "select" on public.profiles for select to authenticated
  using ((select private.is_admin()) or id = (select auth.uid()));
create policy "update" on public.profiles for update to authenticated
  using ((select private.is_admin()) or id = (select auth.uid()));

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
create or replace trigger note_calendar_changes_delete
  after delete on public.profiles
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, name', '(''profile'', c.id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.profiles
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, name', '(''profile'', c.id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.profiles
  for each statement
  execute function private.note_calendar_changes('id, name', '(''profile'', c.id)');
create or replace trigger note_calendar_changes_update
  after update on public.profiles
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('id, name', '(''profile'', c.id)');
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
