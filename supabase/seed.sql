-- A demo data set for development: five people with sessions of every kind in the past and coming weeks.
-- Everybody's password is innotrue-demo. Dates hang on the day of seeding. Can be run again.

-- People: client, peer, coach, leader, admin @example.com -------------------------------------------

create temporary table demo_people (id uuid, email text, name text, role public.app_role);
insert into demo_people values
  ('00000000-0000-4000-8000-000000000001', 'client@example.com', 'Clara Client', 'client'),
  ('00000000-0000-4000-8000-000000000002', 'peer@example.com', 'Pedro Peer', 'client'),
  ('00000000-0000-4000-8000-000000000003', 'coach@example.com', 'Carol Coach', 'coach'),
  ('00000000-0000-4000-8000-000000000004', 'leader@example.com', 'Liam Leader', 'instructor'),
  ('00000000-0000-4000-8000-000000000005', 'admin@example.com', 'Ada Admin', 'admin');

-- GoTrue, which on Supabase reads these rows, finds users by instance, and takes no null for a time or a token.
insert into auth.users (
  instance_id, id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data,
  raw_user_meta_data, created_at, updated_at,
  confirmation_token, recovery_token, email_change, email_change_token_new, email_change_token_current
)
select
  '00000000-0000-0000-0000-000000000000', id, 'authenticated', 'authenticated', email,
  '$2b$10$j2PUiV/q9hbkLIzk5EKFkegpE4zM/cQCd9/OHTT7LJznqgu7LvmeW', now(),
  '{"provider": "email", "providers": ["email"]}',
  jsonb_build_object('name', name, 'email', email, 'email_verified', true), now(), now(),
  '', '', '', '', ''
from demo_people
on conflict (id) do nothing;

insert into auth.identities (
  id, provider, provider_id, user_id, identity_data, last_sign_in_at, created_at, updated_at
)
select id, 'email', id::text, id,
  jsonb_build_object('sub', id, 'email', email, 'email_verified', true), now(), now(), now()
from demo_people
on conflict (id) do nothing;

insert into public.user_roles (user_id, role)
select id, role from demo_people
on conflict (user_id, role) do nothing;

update public.profiles p
set calendar_sync_enabled = true, timezone = 'Europe/Bucharest'
from demo_people d
where p.id = d.id;

insert into public.client_profiles (user_id)
select id from demo_people where role = 'client'
on conflict (user_id) do nothing;

drop table demo_people;

-- A program with its modules, staff, cohort and enrolments ------------------------------------------

insert into public.module_types (name) values ('coaching'), ('session') on conflict do nothing;

insert into public.programs (id, slug, name, description, category)
values (
  '00000000-0000-4000-8000-000000000010', 'leading-with-trust', 'Leading with Trust',
  'Six months for people who lead people.', 'leadership'
)
on conflict (id) do nothing;

insert into public.program_modules (id, program_id, title, order_index, module_type) values
  ('00000000-0000-4000-8000-000000000011', '00000000-0000-4000-8000-000000000010',
   'One-to-one coaching', 1, 'coaching'),
  ('00000000-0000-4000-8000-000000000012', '00000000-0000-4000-8000-000000000010',
   'Workshops', 2, 'session')
on conflict (id) do nothing;

insert into public.program_coaches (program_id, coach_id) values
  ('00000000-0000-4000-8000-000000000010', '00000000-0000-4000-8000-000000000003')
on conflict (program_id, coach_id) do nothing;

insert into public.program_instructors (program_id, instructor_id, is_primary) values
  ('00000000-0000-4000-8000-000000000010', '00000000-0000-4000-8000-000000000004', true)
on conflict (program_id, instructor_id) do nothing;

insert into public.program_cohorts (id, program_id, name, start_date, end_date, status, lead_instructor_id)
values (
  '00000000-0000-4000-8000-000000000020', '00000000-0000-4000-8000-000000000010', 'Autumn cohort',
  current_date - 60, current_date + 120, 'active', '00000000-0000-4000-8000-000000000004'
)
on conflict (id) do nothing;

insert into public.client_enrollments (id, client_user_id, program_id, cohort_id, tier) values
  ('00000000-0000-4000-8000-000000000031', '00000000-0000-4000-8000-000000000001',
   '00000000-0000-4000-8000-000000000010', '00000000-0000-4000-8000-000000000020', 'essentials'),
  ('00000000-0000-4000-8000-000000000032', '00000000-0000-4000-8000-000000000002',
   '00000000-0000-4000-8000-000000000010', '00000000-0000-4000-8000-000000000020', 'essentials')
on conflict (id) do nothing;

-- One-to-one sessions: the past ones are held, one is asked for, one was called off. A module and an
-- enrolment have one session that is not cancelled, so each has a module of its own.

insert into public.program_modules (id, program_id, title, order_index, module_type)
select ('00000000-0000-4000-8000-0000000001' || to_char(n, 'FM00'))::uuid,
  '00000000-0000-4000-8000-000000000010', 'Coaching ' || n, 10 + n, 'coaching'
from generate_series(1, 6) n
on conflict (id) do nothing;

insert into public.module_sessions (
  id, module_id, enrollment_id, title, description, session_date, duration_minutes, meeting_url, status,
  instructor_id, session_type, timezone, requested_by
)
select
  ('00000000-0000-4000-8000-0000000002' || to_char(n, 'FM00'))::uuid,
  ('00000000-0000-4000-8000-0000000001' || to_char(n, 'FM00'))::uuid,
  '00000000-0000-4000-8000-000000000031',
  'Coaching session ' || n,
  case n when 3 then 'Bring the feedback from your team.' end,
  -- Tuesdays at 10:00 in Bucharest, from two weeks ago
  (date_trunc('week', current_date::timestamp) + interval '1 day 10 hours' + (n - 3) * interval '7 days')
    at time zone 'Europe/Bucharest',
  case when n <= 2 then 60 else 45 end,
  'https://meet.example.com/coaching-' || n,
  case n when 1 then 'completed' when 2 then 'completed' when 4 then 'cancelled' when 5 then 'requested'
    else 'scheduled' end,
  '00000000-0000-4000-8000-000000000003', 'individual', 'Europe/Bucharest',
  case when n = 5 then '00000000-0000-4000-8000-000000000001'::uuid end
from generate_series(1, 6) n
on conflict (id) do nothing;

-- Workshops for a group, with participants

insert into public.module_sessions (
  id, module_id, program_id, title, description, session_date, duration_minutes, location, meeting_url,
  status, instructor_id, session_type, timezone
)
select
  ('00000000-0000-4000-8000-0000000003' || to_char(n, 'FM00'))::uuid,
  '00000000-0000-4000-8000-000000000012', '00000000-0000-4000-8000-000000000010',
  case n when 1 then 'Difficult conversations' when 2 then 'Giving feedback' else 'Delegation' end,
  'A workshop with exercises in pairs.',
  (date_trunc('week', current_date::timestamp) + interval '3 days 14 hours' + (n - 2) * interval '7 days')
    at time zone 'Europe/Bucharest',
  120, 'Strada Academiei 7, București', 'https://meet.example.com/workshop-' || n, 'scheduled',
  '00000000-0000-4000-8000-000000000004', 'group', 'Europe/Bucharest'
from generate_series(1, 3) n
on conflict (id) do nothing;

insert into public.module_session_participants (session_id, user_id, enrollment_id, response_status)
select ('00000000-0000-4000-8000-0000000003' || to_char(n, 'FM00'))::uuid, e.client_user_id, e.id, 'accepted'
from generate_series(1, 3) n
cross join public.client_enrollments e
where e.id in ('00000000-0000-4000-8000-000000000031', '00000000-0000-4000-8000-000000000032')
on conflict (session_id, user_id) do nothing;

-- Cohort sessions: a date and a time of day in the cohort's timezone

insert into public.cohort_sessions (
  id, cohort_id, title, description, session_date, start_time, end_time, timezone, meeting_link,
  instructor_id, order_index
)
select
  ('00000000-0000-4000-8000-0000000004' || to_char(n, 'FM00'))::uuid,
  '00000000-0000-4000-8000-000000000020', 'Cohort call ' || n, 'What worked, what did not, what next.',
  (date_trunc('week', current_date::timestamp) + interval '2 days' + (n - 2) * interval '7 days')::date,
  time '18:00', time '19:30', 'Europe/Bucharest', 'https://meet.example.com/cohort',
  '00000000-0000-4000-8000-000000000004', n
from generate_series(1, 5) n
on conflict (id) do nothing;

-- A peer group with its sessions

insert into public.groups (id, name, description, program_id, status, created_by)
values (
  '00000000-0000-4000-8000-000000000040', 'Peer circle Orion', 'Four people, one hour, every other week.',
  '00000000-0000-4000-8000-000000000010', 'active', '00000000-0000-4000-8000-000000000005'
)
on conflict (id) do nothing;

insert into public.group_memberships (group_id, user_id, role) values
  ('00000000-0000-4000-8000-000000000040', '00000000-0000-4000-8000-000000000001', 'member'),
  ('00000000-0000-4000-8000-000000000040', '00000000-0000-4000-8000-000000000002', 'member'),
  ('00000000-0000-4000-8000-000000000040', '00000000-0000-4000-8000-000000000004', 'leader')
on conflict (group_id, user_id) do nothing;

insert into public.group_sessions (
  id, group_id, title, session_date, start_time, end_time, timezone, meeting_link, status, booked_by
)
select
  ('00000000-0000-4000-8000-0000000005' || to_char(n, 'FM00'))::uuid,
  '00000000-0000-4000-8000-000000000040', 'Fortnightly exchange', at, at, at + interval '1 hour',
  'Europe/Bucharest', 'https://meet.example.com/orion',
  case n when 1 then 'completed' else 'scheduled' end, '00000000-0000-4000-8000-000000000004'
from generate_series(1, 4) n
cross join lateral (
  select (date_trunc('week', current_date::timestamp) + interval '4 days 9 hours' + (n - 2) * interval '14 days')
    at time zone 'Europe/Bucharest' as at
) date
on conflict (id) do nothing;

insert into public.group_session_participants (session_id, group_id, user_id, response_status)
select ('00000000-0000-4000-8000-0000000005' || to_char(n, 'FM00'))::uuid,
  '00000000-0000-4000-8000-000000000040', m.user_id, 'accepted'
from generate_series(1, 4) n
join public.group_memberships m on m.group_id = '00000000-0000-4000-8000-000000000040'
on conflict (session_id, user_id) do nothing;
