-- The small database that the corpus is written for. It has one of everything the rules know of; the
-- corpus counts on every name in it.

create schema private;

create type public.enrolment_status as enum ('active', 'completed', 'paused');
create type public.app_role as enum ('admin', 'coach', 'client');
create domain public.email_address as text check (value like '%@%');

create table public.organisations (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  slug text not null unique,
  settings jsonb not null default '{}',
  created_at timestamptz not null default now()
);

-- one row a user; the key to auth.users embeds nothing
create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  organisation_id uuid references public.organisations (id),
  name text not null,
  email public.email_address unique,
  avatar_url text,
  is_disabled boolean not null default false,
  timezone text not null default 'UTC',
  tags text[] not null default '{}',
  search tsvector,
  created_at timestamptz not null default now()
);

-- one to one with profiles
create table public.coach_details (
  profile_id uuid primary key references public.profiles (id),
  bio text,
  hourly_rate numeric(10, 2)
);

create table public.user_roles (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id),
  role public.app_role not null,
  unique (user_id, role)
);

create table public.categories (
  id integer generated always as identity primary key,
  name text not null,
  parent_id integer references public.categories (id)
);

create table public.programs (
  id uuid primary key default gen_random_uuid(),
  category_id integer references public.categories (id),
  owner_id uuid not null references public.profiles (id),
  reviewer_id uuid references public.profiles (id),
  name text not null,
  description text,
  price_cents integer not null default 0,
  price numeric generated always as (price_cents / 100.0) stored,
  visibility text not null default 'draft'
    check (visibility in ('draft', 'listed', 'hidden')),
  starts_on date,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now()
);

create table public.modules (
  id uuid primary key default gen_random_uuid(),
  program_id uuid not null references public.programs (id) on delete cascade,
  title text not null,
  position smallint not null,
  kind text not null check (kind = any (array['video', 'text', 'session'])),
  links text[],
  unique (program_id, position)
);

create table public.enrolments (
  id uuid primary key default gen_random_uuid(),
  program_id uuid not null references public.programs (id),
  client_id uuid not null references public.profiles (id),
  client_user_id uuid not null references auth.users (id),
  status public.enrolment_status not null default 'active',
  progress real,
  stripe_checkout_session_id text,
  started_at timestamptz,
  unique (program_id, client_id)
);

create table public.tags (
  id uuid primary key default gen_random_uuid(),
  label text not null unique
);

-- many to many: its key is both of its foreign keys
create table public.program_tags (
  program_id uuid not null references public.programs (id),
  tag_id uuid not null references public.tags (id),
  primary key (program_id, tag_id)
);

create table public.sessions (
  id bigint generated always as identity primary key,
  module_id uuid references public.modules (id),
  coach_id uuid not null references public.profiles (id),
  scheduled_at timestamptz not null,
  during tstzrange,
  status text check (status is null or status in ('scheduled', 'held', 'cancelled')),
  seats integer not null default 1,
  sequence integer not null
);

-- many to many only in appearance: its key is a column of its own
create table public.session_guests (
  id uuid primary key default gen_random_uuid(),
  session_id bigint not null references public.sessions (id),
  guest_id uuid not null references public.profiles (id)
);

-- no unique key besides its own
create table public.payments (
  id uuid primary key default gen_random_uuid(),
  enrolment_id uuid not null references public.enrolments (id),
  amount_cents integer not null,
  currency text not null default 'eur',
  stripe_session text,
  refunded boolean not null default false,
  paid_at timestamptz
);
create unique index payments_stripe_session_where on public.payments (stripe_session)
  where stripe_session is not null;

create table private.secrets (id uuid primary key, value text);

-- a trigger numbers the sessions, so that an insert may leave it out
create function private.number_session() returns trigger language plpgsql set search_path = '' as $$
begin
  new.sequence := 1;
  return new;
end
$$;
create trigger number_session before insert on public.sessions
  for each row execute function private.number_session();

-- updatable, as it shows one table
create view public.active_enrolments with (security_invoker = true) as
  select id, program_id, client_id, status, upper(stripe_checkout_session_id) as checkout
  from public.enrolments where status = 'active';

-- joins two tables: takes no writes; its keys are those of what it shows
create view public.program_overview with (security_invoker = true) as
  select p.id, p.name, p.owner_id, p.category_id, o.name as owner_name
  from public.programs p join public.profiles o on o.id = p.owner_id;

create view public.program_counts with (security_invoker = true) as
  select program_id, count(*) as enrolments from public.enrolments group by program_id;

-- a computed column and a computed relationship
create function public.initials(public.profiles) returns text language sql stable set search_path = ''
  as $$ select left($1.name, 1) $$;
create function public.latest_session(public.profiles) returns setof public.sessions rows 1
  language sql stable set search_path = ''
  as $$ select s.* from public.sessions s where s.coach_id = $1.id order by s.scheduled_at desc limit 1 $$;

create function public.enrol(
  p_program_id uuid, p_client_id uuid, p_status public.enrolment_status default 'active'
) returns uuid language sql set search_path = '' as $$ select p_program_id $$;

create function public.programs_of(p_owner_id uuid) returns setof public.programs
  language sql stable set search_path = ''
  as $$ select p.* from public.programs p where p.owner_id = p_owner_id $$;

create function public.usage_report(p_from date, p_to date default current_date)
  returns table (program_id uuid, minutes integer, status public.enrolment_status)
  language sql stable set search_path = ''
  as $$ select null::uuid, 0, 'active'::public.enrolment_status where p_from < p_to $$;

create function public.roll_over(p_owner uuid, p_max_months integer) returns integer
  language sql set search_path = '' as $$ select p_max_months $$;

-- two forms that a call can tell apart by the names, and two that it cannot
create function public.find_tag(p_label text) returns uuid language sql stable set search_path = ''
  as $$ select null::uuid $$;
create function public.find_tag(p_id uuid) returns uuid language sql stable set search_path = ''
  as $$ select p_id $$;
create function public.add_points(p_user uuid, p_points integer) returns integer
  language sql set search_path = '' as $$ select p_points $$;
create function public.add_points(p_user uuid, p_points text) returns integer
  language sql set search_path = '' as $$ select 0 $$;

create function public.ping() returns text language sql immutable set search_path = ''
  as $$ select 'pong' $$;
create function public.import_rows(jsonb) returns integer language sql set search_path = ''
  as $$ select 0 $$;
create function public.purge() returns integer language sql set search_path = '' as $$ select 0 $$;

-- what the API's roles may do
grant select on public.categories, public.tags, public.program_tags to anon;
grant select on all tables in schema public to authenticated;
revoke select on public.payments from authenticated;
grant select (id, enrolment_id, amount_cents) on public.payments to authenticated;
grant insert, update, delete on public.programs, public.modules, public.enrolments,
  public.sessions, public.program_tags, public.active_enrolments to authenticated;
grant update (name, avatar_url, timezone) on public.profiles to authenticated;
grant all on all tables in schema public to service_role;
revoke execute on function public.purge() from public, anon, authenticated;
grant execute on function public.purge() to service_role;
