-- Enrolling at the database's price, cohorts, waitlists.
--
-- Why: the browser computed the price and inserted the enrollment. Price, capacity, spend and enrollment are one
-- transaction at the database's price; a waitlist has no two people in one place.
-- Locks: on production, until commit, ACCESS EXCLUSIVE on client_enrollments, cohort_session_attendance,
-- cohort_sessions, cohort_waitlist, module_progress, program_cohorts; SHARE ROW EXCLUSIVE on discount_codes,
-- enrollment_codes, enrollment_module_staff, user_program_entitlement_usage; SHARE on discount_code_uses,
-- partner_codes.
-- Can be run again.

set lock_timeout = '10s';
set check_function_bodies = off; -- a body may name what a later file makes

-- Types -------------------------------------------------------------------------------------------

select private.ensure_type($type$
create type public.capacity_result as (
  has_capacity boolean,
  capacity integer, -- null: no limit
  enrolled_count integer,
  available_spots integer,
  waitlist_count integer,
  error text
)
$type$);
select private.ensure_type($type$
create type public.credit_spend_result as (
  success boolean,
  code text, -- null | invalid_amount | insufficient_credits | not_allowed | reserved_action | idempotency_conflict
  error text,
  spend_id uuid,
  requested integer,
  consumed integer,
  from_plan integer,
  from_program integer,
  from_bonus integer,
  remaining_needed integer,
  details jsonb -- [{ source: plan | program | bonus, batch_id, amount }]
)
$type$);
select private.ensure_type($type$
create type public.enrollment_price as (
  code text, -- null | unknown_program | unknown_tier | no_price | not_for_credits | invalid_code
  original_credit_cost integer,
  discount_percent numeric,
  final_credit_cost integer,
  discount_code_id uuid,
  enrollment_code_id uuid,
  partner_code_id uuid
)
$type$);
select private.ensure_type($type$
create type public.enrollment_result as (
  success boolean,
  code text, -- null | not_allowed | unknown_program | unknown_tier | unknown_cohort | no_price
             -- | not_for_credits | invalid_code | price_mismatch | already_enrolled | program_full | cohort_full
             -- | insufficient_credits | too_many_codes
  error text,
  enrollment_id uuid,
  original_credit_cost integer,
  final_credit_cost integer,
  spend_id uuid,
  credit_details jsonb -- the credit_spend_result
)
$type$);
select private.ensure_type($type$
create type public.waitlist_result as (
  success boolean,
  code text, -- null | not_signed_in | unknown_cohort | cohort_closed | already_enrolled
             -- | already_waiting | places_left
  error text,
  "position" integer
)
$type$);
select private.ensure_type($type$
create type public.discount_validation as (
  is_valid boolean,
  discount_code_id uuid,
  discount_type text, -- null | percentage | fixed
  discount_value numeric,
  error_message text
)
$type$);

-- Tables that are there ---------------------------------------------------------------------------

do $$
begin
  -- production's: other results, or fewer arguments, beside which a call by name would be ambiguous
  perform private.drop_public_functions(ours.name)
  from (
    values
      (
        'enroll_with_credits',
        '(uuid, uuid, text, uuid, numeric, integer, integer, text, uuid, boolean, text, uuid, text, text, text)',
        'public.enrollment_result'
      ),
      ('join_cohort_waitlist', '(uuid)', 'public.waitlist_result'),
      ('check_cohort_capacity', '(uuid)', 'public.capacity_result'),
      ('check_program_capacity', '(uuid)', 'public.capacity_result')
  ) as ours (name, types, result)
  where exists (
    select from pg_catalog.pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proname = ours.name
      and (p.oid, p.prorettype)
        is distinct from (to_regprocedure('public.' || ours.name || ours.types), to_regtype(ours.result))
  );
end
$$;

alter table public.cohort_sessions
  add column if not exists calendar_sequence integer not null default 0,
  add column if not exists calendar_changed_at timestamptz;
select private.assert_table(
  'public.cohort_sessions', 'calendar_sequence integer not null default 0, calendar_changed_at timestamptz'
);

-- Two people could share a position: they are numbered anew, in the order in which they stand.
do $$
begin
  if not exists (
    select from pg_catalog.pg_constraint c
    where c.conrelid = 'public.cohort_waitlist'::regclass and c.conname = 'cohort_waitlist_position_key'
  ) then
    update public.cohort_waitlist w
    set "position" = n.place
    from (
      select id, row_number() over (partition by cohort_id order by "position", created_at, id) as place
      from public.cohort_waitlist
    ) n
    where n.id = w.id and n.place <> w."position";
    alter table public.cohort_waitlist add constraint cohort_waitlist_position_key
      unique (cohort_id, "position") deferrable initially deferred;
  end if;
end
$$;
select private.assert_table(
  'public.cohort_waitlist', '"position" integer not null, cohort_id uuid not null',
  'unique (cohort_id, "position") deferrable initially deferred'
);

select private.ensure_index(statement) from unnest(array[
  'create index client_enrollments_client_idx on public.client_enrollments (client_user_id)',
  'create index client_enrollments_cohort_idx on public.client_enrollments (cohort_id, status)',
  'create index client_enrollments_program_id_idx on public.client_enrollments (program_id)',
  'create index client_enrollments_program_idx on public.client_enrollments (program_id, status)',
  $$create index client_enrollments_referred_by_idx
    on public.client_enrollments (referred_by) where referred_by is not null$$,
  'create index cohort_session_attendance_enrollment_id_idx on public.cohort_session_attendance (enrollment_id)',
  $$create index cohort_session_attendance_marked_by_idx
    on public.cohort_session_attendance (marked_by) where marked_by is not null$$,
  'create index cohort_sessions_cohort_date_idx on public.cohort_sessions (cohort_id, session_date)',
  'create index cohort_sessions_instructor_date_idx on public.cohort_sessions (instructor_id, session_date)',
  'create index cohort_sessions_session_date_idx on public.cohort_sessions (session_date)',
  $$create index discount_code_uses_enrollment_id_idx
    on public.discount_code_uses (enrollment_id) where enrollment_id is not null$$,
  'create index discount_code_uses_user_id_idx on public.discount_code_uses (user_id)',
  $$create index discount_codes_assigned_user_id_idx
    on public.discount_codes (assigned_user_id) where assigned_user_id is not null$$,
  'create index discount_codes_created_by_idx on public.discount_codes (created_by) where created_by is not null',
  'create index enrollment_codes_created_by_idx on public.enrollment_codes (created_by)',
  'create index enrollment_module_staff_staff_user_id_idx on public.enrollment_module_staff (staff_user_id)',
  'create index program_cohorts_lead_instructor_idx on public.program_cohorts (lead_instructor_id)',
  'create index user_program_entitlement_usage_user_id_idx on public.user_program_entitlement_usage (user_id)'
]) as statement;

alter table public.cohort_waitlist
  add column if not exists offered_at timestamptz,
  add column if not exists offer_expires_at timestamptz;
select private.assert_table('public.cohort_waitlist', 'offered_at timestamptz, offer_expires_at timestamptz');
select private.ensure_index(
  'create index cohort_waitlist_waiting_idx on public.cohort_waitlist (cohort_id) where offered_at is null'
);

-- BEFORE the composed functions: production's validators answer json or a table of their own, and have the same
-- names; a function's result cannot be replaced, and an overload beside ours would make a call by name ambiguous.
-- validate_discount_code needs the type public.discount_validation, which is in its composed file.
do $$
declare
  v_function record;
begin
  for v_function in
    select p.oid::regprocedure as signature from pg_catalog.pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and (
        (p.proname in ('validate_enrollment_code', 'validate_partner_code')
          and p.prorettype <> 'jsonb'::regtype)
        or (p.proname in ('validate_enrollment_code', 'validate_partner_code')
          and pg_catalog.pg_get_function_identity_arguments(p.oid) <> 'p_code text')
        or (p.proname = 'validate_discount_code' and (
          p.prorettype is distinct from to_regtype('public.discount_validation')
          or pg_catalog.pg_get_function_identity_arguments(p.oid)
            <> 'p_code text, p_program_id uuid, p_tier_name text, p_user_id uuid'))
        -- one argument more than before
        or (p.proname = 'enroll_with_credits'
          and pg_catalog.pg_get_function_identity_arguments(p.oid) !~ 'p_partner_code text$')
        -- without p_now: users call it
        or (p.proname = 'grant_credit_batch'
          and pg_catalog.pg_get_function_identity_arguments(p.oid) !~ 'p_idempotency_key text$')
      )
  loop
    execute format('drop function %s', v_function.signature);
  end loop;
end
$$;

-- Lengths: what is there is put right, then the checks are made.
update public.client_enrollments set referral_note = left(referral_note, 5000) where char_length(referral_note) > 5000;
do $$
begin
  if not exists (
    select from pg_catalog.pg_constraint k
    where k.conrelid = 'public.client_enrollments'::regclass and k.conname = 'client_enrollments_texts_check'
  ) then
    alter table public.client_enrollments
      add constraint client_enrollments_texts_check check (char_length(referral_note) <= 5000);
  end if;
end
$$;
-- Codes are compared without regard to case.
select private.ensure_index(statement) from unnest(array[
  'create index enrollment_codes_lower_code_idx on public.enrollment_codes (lower(code))',
  'create index discount_codes_lower_code_idx on public.discount_codes (lower(code))',
  'create index partner_codes_lower_code_idx on public.partner_codes (lower(code))'
]) as statement;

-- Lengths of texts, and times within reason: what is there is put right, then the checks are made.
insert into private.rows_before_repair (table_name, content)
select 'public.module_progress', to_jsonb(r) from public.module_progress r
where not (
  char_length(notes) <= 5000
  and completed_at between '2000-01-01+00' and '2100-01-01+00');
update public.module_progress
set notes = left(notes, 5000),
  completed_at = case when completed_at is not null then least(greatest(completed_at, '2000-01-01+00'), '2100-01-01+00') end
where not (
  char_length(notes) <= 5000
  and completed_at between '2000-01-01+00' and '2100-01-01+00'
);
do $$
declare
  v_check record;
begin
  for v_check in
    select * from (values
      ('module_progress', 'module_progress_texts_check',
        $c$char_length(notes) <= 5000$c$),
      ('module_progress', 'module_progress_times_check',
        $c$completed_at between '2000-01-01+00' and '2100-01-01+00'$c$)
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

-- Lengths and times of cohorts and their sessions: what is there is put right, then the checks are made.
insert into private.rows_before_repair (table_name, content)
select 'public.program_cohorts', to_jsonb(r) from public.program_cohorts r
where not (
  char_length(name) <= 200
  and char_length(description) <= 5000
  and start_date between '2000-01-01' and '2100-01-01'
  and end_date between '2000-01-01' and '2100-01-01'
  and end_date >= start_date);
update public.program_cohorts
set name = left(name, 200),
  description = left(description, 5000),
  start_date = case when start_date is not null then least(greatest(start_date, '2000-01-01'), '2100-01-01') end,
  end_date = case when end_date between '2000-01-01' and '2100-01-01'
      and (start_date is null or end_date >= start_date) then end_date end
where not (
  char_length(name) <= 200
  and char_length(description) <= 5000
  and start_date between '2000-01-01' and '2100-01-01'
  and end_date between '2000-01-01' and '2100-01-01'
  and end_date >= start_date
);
insert into private.rows_before_repair (table_name, content)
select 'public.cohort_sessions', to_jsonb(r) from public.cohort_sessions r
where not (
  char_length(title) <= 300
  and char_length(description) <= 5000
  and char_length(location) <= 5000
  and char_length(meeting_link) <= 5000
  and char_length(notes) <= 5000
  and char_length(recap) <= 5000
  and char_length(recording_url) <= 5000
  and char_length(timezone) <= 200
  and session_date between '2000-01-01' and '2100-01-01');
update public.cohort_sessions
set title = left(title, 300),
  description = left(description, 5000),
  location = left(location, 5000),
  meeting_link = left(meeting_link, 5000),
  notes = left(notes, 5000),
  recap = left(recap, 5000),
  recording_url = left(recording_url, 5000),
  timezone = left(timezone, 200),
  session_date = case when session_date is not null then least(greatest(session_date, '2000-01-01'), '2100-01-01') end
where not (
  char_length(title) <= 300
  and char_length(description) <= 5000
  and char_length(location) <= 5000
  and char_length(meeting_link) <= 5000
  and char_length(notes) <= 5000
  and char_length(recap) <= 5000
  and char_length(recording_url) <= 5000
  and char_length(timezone) <= 200
  and session_date between '2000-01-01' and '2100-01-01'
);
insert into private.rows_before_repair (table_name, content)
select 'public.cohort_session_attendance', to_jsonb(r) from public.cohort_session_attendance r
where not (
  char_length(notes) <= 5000
  and marked_at between '2000-01-01+00' and '2100-01-01+00');
update public.cohort_session_attendance
set notes = left(notes, 5000),
  marked_at = case when marked_at is not null then least(greatest(marked_at, '2000-01-01+00'), '2100-01-01+00') end
where not (
  char_length(notes) <= 5000
  and marked_at between '2000-01-01+00' and '2100-01-01+00'
);
do $$
declare
  v_check record;
begin
  for v_check in
    select * from (values
      ('program_cohorts', 'program_cohorts_texts_check',
        $c$char_length(name) <= 200 and char_length(description) <= 5000$c$),
      ('program_cohorts', 'program_cohorts_times_check',
        $c$start_date between '2000-01-01' and '2100-01-01' and end_date between '2000-01-01' and '2100-01-01' and end_date >= start_date$c$),
      ('cohort_sessions', 'cohort_sessions_texts_check',
        $c$char_length(title) <= 300 and char_length(description) <= 5000 and char_length(location) <= 5000 and char_length(meeting_link) <= 5000 and char_length(notes) <= 5000 and char_length(recap) <= 5000 and char_length(recording_url) <= 5000 and char_length(timezone) <= 200$c$),
      ('cohort_sessions', 'cohort_sessions_times_check',
        $c$session_date between '2000-01-01' and '2100-01-01'$c$),
      ('cohort_session_attendance', 'cohort_session_attendance_texts_check',
        $c$char_length(notes) <= 5000$c$),
      ('cohort_session_attendance', 'cohort_session_attendance_times_check',
        $c$marked_at between '2000-01-01+00' and '2100-01-01+00'$c$)
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

-- Which spend of credits paid for an enrollment; the foreign key is made where credit_spends is.
alter table public.client_enrollments add column if not exists spend_id uuid;
select private.assert_table('public.client_enrollments', 'spend_id uuid');
select private.ensure_index($$create unique index client_enrollments_spend_key on public.client_enrollments (spend_id)
  where spend_id is not null$$);

comment on type public.capacity_result is 'What the capacity checks answer.';
comment on type public.credit_spend_result is 'What consume_credits_fifo answers.';
comment on type public.enrollment_price is 'What an enrolment costs; code says why it has no price.';
comment on type public.enrollment_result is 'What enroll_with_credits answers.';
comment on type public.waitlist_result is 'What join_cohort_waitlist answers.';
comment on type public.discount_validation is 'What validate_discount_code answers.';

-- Comments and grants -----------------------------------------------------------------------------

comment on table public.program_cohorts is
  'Groups that start a programme together. A null capacity is no limit.';
comment on table public.cohort_waitlist is 'Who waits for a place in a cohort, by position.';
comment on column public.cohort_waitlist.offer_expires_at is
  'Until then a free place is held for this person. Past it, others may take the place.';
comment on table public.discount_codes is
  'Codes that lower the credit cost of an enrollment. Admins'' to read: others validate one by function.';
comment on table public.enrollment_codes is
  'Codes that let the holder enroll in a program. Admins'' to read: others validate one by function.';
comment on table public.client_enrollments is
  'A client in a programme, possibly several times: (client_user_id, program_id) is not unique.';
comment on column public.client_enrollments.spend_id is
  'The spend of credits that paid for it: what becomes of their payment becomes of it.';
comment on table public.cohort_sessions is
  'Sessions of a cohort. session_date is a date; start_time and end_time are times in timezone.';
comment on column public.cohort_sessions.calendar_sequence is
  'SEQUENCE of the event (RFC 5545 §3.8.7.4): rises with time, place and status. Kept by a trigger.';
comment on column public.cohort_sessions.calendar_changed_at is 'When calendar_sequence rose last.';
comment on table public.cohort_session_attendance is 'Who attended which cohort session.';
comment on table public.discount_code_uses is 'One row for each use of a discount code.';
comment on table public.enrollment_module_staff is
  'Staff assigned to one module of one enrolment. staff_user_id refers to profiles.';
comment on table public.module_progress is
  'How far an enrolment is in a module. The user is reached by enrollment_id.';
comment on table public.user_program_entitlement_usage is
  'How much of a program''s entitlement an enrollment has used. Written by functions alone.';

revoke all on table public.program_cohorts from public, anon, authenticated, service_role;
grant select, delete on table public.program_cohorts to authenticated;
grant insert (
  program_id, name, description, start_date, end_date, capacity, status, lead_instructor_id
) on table public.program_cohorts to authenticated;
grant update (
  program_id, name, description, start_date, end_date, capacity, status, lead_instructor_id
) on table public.program_cohorts to authenticated;
grant all on table public.program_cohorts to service_role;
revoke all on table public.cohort_waitlist from public, anon, authenticated, service_role;
grant select, delete on table public.cohort_waitlist to authenticated;
grant all on table public.cohort_waitlist to service_role;
revoke all on table public.discount_codes from public, anon, authenticated, service_role;
grant select, delete on table public.discount_codes to authenticated;
grant insert (
  code, description, discount_type, discount_value, valid_for_program_ids, valid_for_tier_names, max_uses,
  assigned_user_email, starts_at, expires_at, is_active, created_by
) on table public.discount_codes to authenticated;
grant update (
  code, description, discount_type, discount_value, valid_for_program_ids, valid_for_tier_names, max_uses,
  assigned_user_email, starts_at, expires_at, is_active
) on table public.discount_codes to authenticated;
grant all on table public.discount_codes to service_role;
revoke all on table public.enrollment_codes from public, anon, authenticated, service_role;
grant select, delete on table public.enrollment_codes to authenticated;
grant insert (
  program_id, cohort_id, code, code_type, max_uses, grants_plan_id, grants_tier, discount_percent, is_free,
  expires_at, created_by, is_active
) on table public.enrollment_codes to authenticated;
grant update (
  program_id, cohort_id, code, code_type, max_uses, grants_tier, discount_percent, is_free, expires_at, is_active
) on table public.enrollment_codes to authenticated;
grant all on table public.enrollment_codes to service_role;
revoke all on table public.client_enrollments from public, anon, authenticated, service_role;
grant select on table public.client_enrollments to authenticated;
grant insert (client_user_id, program_id, status, start_date) on table public.client_enrollments to authenticated;
grant update (
  status, end_date, program_version_id, tier, is_public
) on table public.client_enrollments to authenticated;
grant all on table public.client_enrollments to service_role;
revoke all on table public.cohort_sessions from public, anon, authenticated, service_role;
grant select, delete on table public.cohort_sessions to authenticated;
grant insert (
  cohort_id, title, description, session_date, start_time, end_time, location, meeting_link, module_id,
  instructor_id, notes, recap, recording_url, order_index, timezone
) on table public.cohort_sessions to authenticated;
grant update (
  cohort_id, title, description, session_date, start_time, end_time, location, meeting_link, module_id,
  instructor_id, notes, recap, recording_url, order_index, timezone
) on table public.cohort_sessions to authenticated;
grant all on table public.cohort_sessions to service_role;
revoke all on table public.cohort_session_attendance from public, anon, authenticated, service_role;
grant select on table public.cohort_session_attendance to authenticated;
grant insert (
  session_id, enrollment_id, status, marked_by, marked_at
) on table public.cohort_session_attendance to authenticated;
grant update (
  session_id, enrollment_id, status, marked_by, marked_at
) on table public.cohort_session_attendance to authenticated;
grant all on table public.cohort_session_attendance to service_role;
revoke all on table public.discount_code_uses from public, anon, authenticated, service_role;
grant select on table public.discount_code_uses to authenticated;
grant all on table public.discount_code_uses to service_role;
revoke all on table public.enrollment_module_staff from public, anon, authenticated, service_role;
grant select, delete on table public.enrollment_module_staff to authenticated;
grant insert (
  enrollment_id, module_id, staff_user_id, role
) on table public.enrollment_module_staff to authenticated;
grant update (staff_user_id) on table public.enrollment_module_staff to authenticated;
grant all on table public.enrollment_module_staff to service_role;
revoke all on table public.module_progress from public, anon, authenticated, service_role;
-- An upsert on (enrollment_id, module_id) needs the right to update both; the guard keeps them.
grant select, delete,
  insert (enrollment_id, module_id, status, completed_at),
  update (enrollment_id, module_id, status, notes, completed_at)
  on table public.module_progress to authenticated;
grant all on table public.module_progress to service_role;
revoke all on table public.user_program_entitlement_usage from public, anon, authenticated, service_role;
grant select on table public.user_program_entitlement_usage to authenticated;
grant all on table public.user_program_entitlement_usage to service_role;

-- Functions ---------------------------------------------------------------------------------------

create or replace function public.ensure_client_profile()
returns trigger
language plpgsql
security definer -- whoever enrols somebody need not be allowed to write client_profiles
set search_path = ''
as $$
begin
  insert into public.client_profiles (user_id) values (new.client_user_id) on conflict (user_id) do nothing;
  return null;
exception
  when others then
    perform private.record_trigger_failure('ensure_client_profile', new.client_user_id, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function public.ensure_client_profile() is
  'Trigger on client_enrollments: whoever is enrolled has a client profile.';
revoke execute on function public.ensure_client_profile() from public, anon, authenticated, service_role;
grant execute on function public.ensure_client_profile() to service_role;

create or replace function private.note_freed_place()
returns trigger
language plpgsql
security definer -- users may not write offers
set search_path = ''
as $$
declare
  v_old constant jsonb := to_jsonb(old);
  v_cohort_id constant uuid := private.uuid_or_null(v_old ->> case tg_table_name
    when 'program_cohorts' then 'id' else 'cohort_id'
  end);
begin
  perform private.offer_places(v_cohort_id, now());
  return null;
exception
  when others then -- an offer never undoes what made the place free
    perform private.record_trigger_failure('note_freed_place', v_cohort_id, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function private.note_freed_place() is
  'Trigger: offers a place of a cohort that came free to the first on the waitlist.';
revoke execute on function private.note_freed_place() from public;

create or replace function public.notify_program_assignment()
returns trigger
language plpgsql
security definer -- users may not write email_queue
set search_path = ''
as $$
begin
  perform private.queue_mail(
    p.email,
    p.name,
    'program_assignment',
    jsonb_build_object(
      'userName', p.name,
      'programName', program.name,
      'programDescription', program.description,
      'timestamp', new.created_at
    ),
    p_dedupe_key => 'program-assignment:' || new.id
  )
  from public.profiles p
  join public.programs program on program.id = new.program_id
  left join public.notification_preferences preferences on preferences.user_id = p.id
  where p.id = new.client_user_id
    and p.email is not null
    and coalesce(preferences.program_assignments, true);
  return null;
exception
  when others then -- mail never undoes an enrolment
    perform private.record_trigger_failure('notify_program_assignment', new.id, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function public.notify_program_assignment() is
  'Trigger on client_enrollments: queues the mail program_assignment, in the transaction of the enrolment.';
revoke execute on function public.notify_program_assignment() from public, anon, authenticated, service_role;
grant execute on function public.notify_program_assignment() to service_role;

create or replace function private.tell_of_enrollment_by_staff(p_enrollment_id uuid)
returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.tell(
    array[e.client_user_id], 'program_enrolled', 'You are enrolled in ' || program.name,
    format(
      case when e.final_credit_cost > 0
        then '%s enrolled you in %s. It cost %s of your credits.' else '%s enrolled you in %s. It cost you nothing.'
      end,
      staff.name, program.name, e.final_credit_cost
    ),
    '/programs/' || program.slug,
    jsonb_build_object('enrollment_id', e.id, 'credits', e.final_credit_cost),
    'enrolled-by-staff:' || e.id
  )
  from public.client_enrollments e
  join public.programs program on program.id = e.program_id
  join public.profiles staff on staff.id = auth.uid()
  where e.id = p_enrollment_id and e.client_user_id <> staff.id;
exception
  when others then -- a notification never undoes an enrollment
    perform private.record_trigger_failure('tell_of_enrollment_by_staff', p_enrollment_id, sqlstate, sqlerrm);
end
$$;
comment on function private.tell_of_enrollment_by_staff(uuid) is
  'Tells a client who enrolled them, in what, and for how many of their credits.';
revoke execute on function private.tell_of_enrollment_by_staff(uuid) from public;

create or replace function private.capacity(
  p_capacity integer, p_enrolled bigint, p_waiting bigint, p_held bigint
)
returns public.capacity_result
language sql
immutable
set search_path = ''
begin atomic
  select row(
    p_capacity is null or p_enrolled + p_held < p_capacity, p_capacity, p_enrolled::integer,
    -- no limit is not none left
    case when p_capacity is not null then greatest(p_capacity - p_enrolled - p_held, 0)::integer end,
    p_waiting::integer, null
  )::public.capacity_result;
end;
comment on function private.capacity(integer, bigint, bigint, bigint) is 'Places, and how many are taken or held.';
revoke execute on function private.capacity(integer, bigint, bigint, bigint) from public;

create or replace function private.places_held(p_cohort_id uuid, p_user_id uuid)
returns bigint
language sql
stable
security definer -- counts people whom the caller may not see
set search_path = ''
begin atomic
  -- An offer that is open, or, until one is made, the place in the line. What a lapsed one held is free.
  select count(*)
  from public.cohort_waitlist w
  left join public.cohort_waitlist own on own.cohort_id = w.cohort_id and own.user_id = p_user_id
  where w.cohort_id = p_cohort_id and w.user_id is distinct from p_user_id
    and (w.offered_at is null or w.offer_expires_at > now())
    and case
      when own.offer_expires_at > now() then w.offer_expires_at > now() and w.position < own.position
      when own.id is not null and own.offered_at is null then w.offer_expires_at > now() or w.position < own.position
      else true
    end;
end;
comment on function private.places_held(uuid, uuid) is
  'How many free places of a cohort are held for others on its waitlist.';
revoke execute on function private.places_held(uuid, uuid) from public;

create or replace function private.cohort_capacity(p_cohort_id uuid, p_user_id uuid default auth.uid())
returns public.capacity_result
language sql
stable
security definer -- shows numbers only, of enrolments that the caller may not see
set search_path = ''
begin atomic
  select coalesce(
    (
      select private.capacity(
        c.capacity,
        (select count(*) from public.client_enrollments e where e.cohort_id = c.id and e.status = 'active'),
        (select count(*) from public.cohort_waitlist w where w.cohort_id = c.id),
        private.places_held(c.id, p_user_id)
      )
      from public.program_cohorts c where c.id = p_cohort_id
    ),
    row(false, null, null, null, null, 'Cohort not found')::public.capacity_result
  );
end;
comment on function private.cohort_capacity(uuid, uuid) is
  'The places of a cohort as one person finds them: those held for others on the waitlist are none.';
revoke execute on function private.cohort_capacity(uuid, uuid) from public;
grant execute on function private.cohort_capacity(uuid, uuid) to authenticated, service_role;

create or replace function private.program_capacity(p_program_id uuid)
returns public.capacity_result
language sql
stable
security definer -- as above
set search_path = ''
begin atomic
  select coalesce(
    (
      select private.capacity(
        p.capacity,
        (select count(*) from public.client_enrollments e where e.program_id = p.id and e.status = 'active'),
        0, 0
      )
      from public.programs p where p.id = p_program_id
    ),
    row(false, null, null, null, null, 'Program not found')::public.capacity_result
  );
end;
comment on function private.program_capacity(uuid) is 'The places of a program.';
revoke execute on function private.program_capacity(uuid) from public;
grant execute on function private.program_capacity(uuid) to authenticated, service_role;

create or replace function public.check_cohort_capacity(p_cohort_id uuid)
returns public.capacity_result
language sql
stable
set search_path = ''
begin atomic
  select private.cohort_capacity(p_cohort_id);
end;
comment on function public.check_cohort_capacity(uuid) is 'The places of a cohort: active enrolments count.';
revoke execute on function public.check_cohort_capacity(uuid) from public, anon, authenticated, service_role;
grant execute on function public.check_cohort_capacity(uuid) to authenticated, service_role;

create or replace function public.check_program_capacity(p_program_id uuid)
returns public.capacity_result
language sql
stable
set search_path = ''
begin atomic
  select private.program_capacity(p_program_id);
end;
comment on function public.check_program_capacity(uuid) is
  'The places of a program: active enrolments count.';
revoke execute on function public.check_program_capacity(uuid) from public, anon, authenticated, service_role;
grant execute on function public.check_program_capacity(uuid) to authenticated, service_role;

-- One rule for each kind of code, asked by those who validate one and by the price of an enrollment.
create or replace function private.is_enrollment_code_open(p_code public.enrollment_codes, p_now timestamptz)
returns boolean
language sql
stable
set search_path = ''
as $$
  select coalesce(
    p_code.is_active
    and (p_code.expires_at is null or p_code.expires_at > p_now)
    and p_code.current_uses
      < coalesce(p_code.max_uses, case p_code.code_type when 'single_use' then 1 else 2147483647 end),
    false
  )
$$;
comment on function private.is_enrollment_code_open(public.enrollment_codes, timestamptz) is
  'Whether an enrollment code is active, not expired, and not used up.';
revoke execute on function private.is_enrollment_code_open(public.enrollment_codes, timestamptz) from public;

create or replace function private.is_partner_code_open(p_code public.partner_codes, p_now timestamptz)
returns boolean
language sql
stable
set search_path = ''
as $$
  select coalesce(
    p_code.is_active
    and (p_code.expires_at is null or p_code.expires_at > p_now)
    and (p_code.max_uses is null or p_code.current_uses < p_code.max_uses),
    false
  )
$$;
comment on function private.is_partner_code_open(public.partner_codes, timestamptz) is
  'Whether a partner code is active, not expired, and not used up.';
revoke execute on function private.is_partner_code_open(public.partner_codes, timestamptz) from public;

create or replace function private.is_discount_valid(
  p_discount public.discount_codes, p_client_user_id uuid, p_program_id uuid, p_tier text, p_now timestamptz
)
returns boolean
language sql
stable
set search_path = ''
as $$
  select coalesce(
    p_discount.is_active
    and (p_discount.starts_at is null or p_discount.starts_at <= p_now)
    and (p_discount.expires_at is null or p_discount.expires_at > p_now)
    and (p_discount.max_uses is null or coalesce(p_discount.uses_count, 0) < p_discount.max_uses)
    and (
      coalesce(cardinality(p_discount.valid_for_program_ids), 0) = 0
      or p_program_id = any (p_discount.valid_for_program_ids)
    )
    and (
      coalesce(cardinality(p_discount.valid_for_tier_names), 0) = 0
      or exists (select from unnest(p_discount.valid_for_tier_names) t where lower(t) = lower(p_tier))
    )
    and (p_discount.assigned_user_id is null or p_discount.assigned_user_id = p_client_user_id)
    and (
      p_discount.assigned_user_email is null
      or exists (
        select from public.profiles p
        where p.id = p_client_user_id and lower(p.email) = lower(p_discount.assigned_user_email)
      )
    ),
    false
  )
$$;
comment on function private.is_discount_valid(public.discount_codes, uuid, uuid, text, timestamptz) is
  'Whether a discount code counts for this client, program and tier.';
revoke execute on function private.is_discount_valid(public.discount_codes, uuid, uuid, text, timestamptz)
  from public;

-- Security invoker for the reason given at private.guard_columns: what the server writes is its own affair.
create or replace function private.stamp_mark()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
begin
  if current_user in ('anon', 'authenticated') then
    new.marked_at := now();
  end if;
  return new;
end
$$;
comment on function private.stamp_mark() is
  'Trigger on cohort_session_attendance: a mark is as old as it is, whatever the page sends along.';
revoke execute on function private.stamp_mark() from public;

create or replace function private.cohort_waitlist_status(p_cohort_id uuid)
returns table (
  has_capacity boolean, available_spots integer, waitlist_count bigint, own_position integer,
  offer_expires_at timestamptz
)
language sql
stable
security definer -- how many wait is no secret, who waits is
set search_path = ''
begin atomic
  select capacity.has_capacity, capacity.available_spots,
    (select count(*) from public.cohort_waitlist w where w.cohort_id = p_cohort_id),
    own.position, own.offer_expires_at
  from private.cohort_capacity(p_cohort_id) capacity
  left join public.cohort_waitlist own on own.cohort_id = p_cohort_id and own.user_id = (select auth.uid());
end;
comment on function private.cohort_waitlist_status(uuid) is 'See public.cohort_waitlist_status.';
revoke execute on function private.cohort_waitlist_status(uuid) from public;
grant execute on function private.cohort_waitlist_status(uuid) to authenticated;

create or replace function public.cohort_waitlist_status(p_cohort_id uuid)
returns table (
  has_capacity boolean, available_spots integer, waitlist_count bigint, own_position integer,
  offer_expires_at timestamptz
)
language sql
stable
set search_path = ''
begin atomic
  select * from private.cohort_waitlist_status(p_cohort_id);
end;
comment on function public.cohort_waitlist_status(uuid) is
  'CohortWaitlistButton: whether there is room, how many wait, and the caller''s own place, null when not '
  'waiting, and until when a free place is held for the caller.';
revoke execute on function public.cohort_waitlist_status(uuid) from public, anon, authenticated, service_role;
grant execute on function public.cohort_waitlist_status(uuid) to authenticated;

create or replace function private.enroll_with_credits(
  p_client_user_id uuid,
  p_program_id uuid,
  p_tier text,
  p_program_plan_id uuid,
  p_discount_percent numeric,
  p_original_credit_cost integer,
  p_final_credit_cost integer,
  p_description text,
  p_cohort_id uuid,
  p_force boolean,
  p_enrollment_source text,
  p_referred_by uuid,
  p_referral_note text,
  p_discount_code text,
  p_enrollment_code text,
  p_partner_code text
)
returns public.enrollment_result
language plpgsql
security definer -- clients may not write enrolments, codes or credits
set search_path = ''
as $$
declare
  v_result public.enrollment_result;
  v_program public.programs;
  v_cohort public.program_cohorts;
  v_tier text;
  v_price public.enrollment_price;
  v_spend public.credit_spend_result;
  v_enrollment_id uuid := gen_random_uuid();
  v_force boolean := coalesce(p_force, false);
  -- admins and the server may say who sent a client and where from; of others it is known
  v_is_trusted constant boolean := coalesce(private.may_enroll(p_client_user_id, p_program_id, true), false);
  v_codes constant text := nullif(concat_ws(' ', p_discount_code, p_enrollment_code, p_partner_code), '');
begin
  if p_client_user_id is null or private.may_enroll(p_client_user_id, p_program_id, v_force) is not true then
    return private.refused_enrollment('not_allowed', 'You may not make this enrolment');
  end if;
  if v_codes is not null and not v_is_trusted and not private.begin_code_attempt(v_codes, clock_timestamp()) then
    return private.refused_enrollment('too_many_codes', 'Too many codes were tried. Try again later.');
  end if;

  select * into v_program from public.programs where id = p_program_id for update;
  if v_program.id is null or v_program.is_active is not true then
    return private.refused_enrollment('unknown_program', 'There is no such program');
  end if;
  if p_cohort_id is not null then
    select * into v_cohort from public.program_cohorts where id = p_cohort_id for update;
    if v_cohort.id is null or v_cohort.program_id <> p_program_id
      or v_cohort.status not in ('upcoming', 'active')
    then
      return private.refused_enrollment('unknown_cohort', 'The program has no such open cohort');
    end if;
  end if;

  if not v_program.allow_repeat_enrollment and exists (
    select from public.client_enrollments e
    where e.client_user_id = p_client_user_id and e.program_id = p_program_id
  ) then
    return private.refused_enrollment('already_enrolled', 'Already enrolled in this program');
  end if;

  v_tier := coalesce(
    p_tier,
    (
      select c.grants_tier from public.enrollment_codes c
      where lower(c.code) = lower(p_enrollment_code) and c.program_id = p_program_id
        and private.is_enrollment_code_open(c, now()) -- of another one nothing is told, not even that it is there
      order by c.code = p_enrollment_code desc
      limit 1
    ),
    v_program.tiers ->> 0
  );
  -- as the program spells it
  v_tier := coalesce(
    (select t from jsonb_array_elements_text(v_program.tiers) t where lower(t) = lower(v_tier) limit 1), v_tier
  );
  v_price := private.enrollment_price(
    p_client_user_id, p_program_id, v_tier, p_cohort_id, p_discount_code, p_enrollment_code,
    p_partner_code, now(), v_force
  );
  if v_price.code is not null then
    return private.refused_enrollment(v_price.code, case v_price.code
      when 'unknown_tier' then 'The program has no such tier'
      when 'no_price' then 'This tier has no price yet'
      when 'not_for_credits' then 'This program cannot be paid with credits'
      when 'invalid_code' then 'This code is not valid here'
      else 'There is no such program'
    end);
  end if;
  if v_codes is not null and not v_is_trusted then
    perform private.give_back_code_attempt(v_codes);
  end if;
  if coalesce(p_original_credit_cost, v_price.original_credit_cost) <> v_price.original_credit_cost
    or coalesce(p_final_credit_cost, v_price.final_credit_cost) <> v_price.final_credit_cost
    or coalesce(p_discount_percent, v_price.discount_percent) <> v_price.discount_percent
  then
    return private.refused_enrollment('price_mismatch', 'The price has changed', v_price);
  end if;

  if not v_force then
    if not (private.program_capacity(p_program_id)).has_capacity then
      return private.refused_enrollment('program_full', 'The program is full');
    end if;
    if p_cohort_id is not null then
      perform private.offer_places(p_cohort_id, now());
      if not (private.cohort_capacity(p_cohort_id, p_client_user_id)).has_capacity then
        return private.refused_enrollment('cohort_full', 'The cohort is full');
      end if;
    end if;
  end if;

  if v_price.final_credit_cost > 0 then
    v_spend := private.spend_credits(
      'user', p_client_user_id, v_price.final_credit_cost, null, 'enrollment', v_enrollment_id::text,
      -- the client reads it in a statement: who enrols somebody else does not choose the words
      coalesce(case when p_client_user_id = auth.uid() or v_is_trusted then p_description end, 'Enrolment in ' || v_program.name)
    );
    if not v_spend.success then
      v_result := private.refused_enrollment(v_spend.code, v_spend.error, v_price);
      v_result.credit_details := to_jsonb(v_spend);
      return v_result;
    end if;
    v_result.spend_id := v_spend.spend_id;
    v_result.credit_details := to_jsonb(v_spend);
  end if;

  insert into public.client_enrollments (
    id, client_user_id, program_id, tier, program_plan_id, cohort_id, status, payment_type, payment_status,
    discount_code_id, discount_percent, original_credit_cost, final_credit_cost, enrollment_number,
    enrollment_code_id, enrollment_source, referred_by, referral_note, spend_id
  )
  values (
    v_enrollment_id, p_client_user_id, p_program_id, v_tier,
    coalesce(
      -- anybody else would get the plan of a dearer tier for the price of this one
      case when v_is_trusted then p_program_plan_id end,
      (
        select t.program_plan_id from public.program_tier_plans t
        where t.program_id = p_program_id and lower(t.tier_name) = lower(v_tier)
        order by t.tier_name = v_tier desc
        limit 1
      ),
      v_program.default_program_plan_id
    ),
    p_cohort_id, 'active', case when v_price.final_credit_cost = 0 then 'free' else 'upfront' end, 'paid',
    v_price.discount_code_id, v_price.discount_percent, v_price.original_credit_cost,
    v_price.final_credit_cost,
    (
      select coalesce(max(e.enrollment_number), 0) + 1 from public.client_enrollments e
      where e.client_user_id = p_client_user_id and e.program_id = p_program_id
    ),
    v_price.enrollment_code_id,
    private.enrollment_source(p_enrollment_source, p_client_user_id, p_cohort_id, v_is_trusted),
    coalesce(
      (select c.partner_id from public.partner_codes c where c.id = v_price.partner_code_id),
      private.referrer(p_referred_by, p_client_user_id, p_program_id, v_is_trusted)
    ),
    left(p_referral_note, 5000), v_spend.spend_id
  );
  if v_spend.spend_id is not null then
    perform private.hold_enrollment(v_enrollment_id);
  end if;

  perform private.redeem_codes(v_price, p_client_user_id, v_enrollment_id, p_program_id, v_tier);
  perform private.tell_of_enrollment_by_staff(v_enrollment_id);
  delete from public.cohort_waitlist where cohort_id = p_cohort_id and user_id = p_client_user_id;

  v_result.success := true;
  v_result.enrollment_id := v_enrollment_id;
  v_result.original_credit_cost := v_price.original_credit_cost;
  v_result.final_credit_cost := v_price.final_credit_cost;
  return v_result;
end
$$;
comment on function private.enroll_with_credits(uuid, uuid, text, uuid, numeric, integer, integer, text, uuid, boolean, text, uuid, text, text, text, text) is
  'Enrols and pays, or does neither. Locks the program, the cohort, the code and the owner, in this order.';
revoke execute on function private.enroll_with_credits(uuid, uuid, text, uuid, numeric, integer, integer, text, uuid, boolean, text, uuid, text, text, text, text)
  from public;
grant execute on function private.enroll_with_credits(uuid, uuid, text, uuid, numeric, integer, integer, text, uuid, boolean, text, uuid, text, text, text, text)
  to authenticated, service_role;

create or replace function public.enroll_with_credits(
  p_client_user_id uuid,
  p_program_id uuid,
  p_tier text default null,
  p_program_plan_id uuid default null,
  p_discount_percent numeric default null,
  p_original_credit_cost integer default null,
  p_final_credit_cost integer default null,
  p_description text default null,
  p_cohort_id uuid default null,
  p_force boolean default false,
  p_enrollment_source text default null,
  p_referred_by uuid default null,
  p_referral_note text default null,
  p_discount_code text default null,
  p_enrollment_code text default null,
  p_partner_code text default null
)
returns public.enrollment_result
language sql
set search_path = ''
begin atomic
  select private.enroll_with_credits(
    p_client_user_id, p_program_id, p_tier, p_program_plan_id, p_discount_percent,
    p_original_credit_cost, p_final_credit_cost, p_description, p_cohort_id, p_force,
    p_enrollment_source, p_referred_by, p_referral_note, p_discount_code, p_enrollment_code, p_partner_code
  );
end;
comment on function public.enroll_with_credits(uuid, uuid, text, uuid, numeric, integer, integer, text, uuid, boolean, text, uuid, text, text, text, text) is
  'Enrols a client and pays with the client''s credits, at the database''s price: figures that differ are '
  'refused with price_mismatch and told the price.';
revoke execute on function public.enroll_with_credits(uuid, uuid, text, uuid, numeric, integer, integer, text, uuid, boolean, text, uuid, text, text, text, text)
  from public, anon, authenticated, service_role;
grant execute on function public.enroll_with_credits(uuid, uuid, text, uuid, numeric, integer, integer, text, uuid, boolean, text, uuid, text, text, text, text)
  to authenticated, service_role;

create or replace function private.enrollment_price(
  p_client_user_id uuid,
  p_program_id uuid,
  p_tier text,
  p_cohort_id uuid,
  p_discount_code text,
  p_enrollment_code text,
  p_partner_code text,
  p_now timestamptz,
  p_may_be_unpriced boolean default false
)
returns public.enrollment_price
language plpgsql
security definer -- clients may not read every code; locks the code it takes
set search_path = ''
as $$
declare
  v_price public.enrollment_price;
  v_program public.programs;
  v_discount public.discount_codes;
  v_code public.enrollment_codes;
  v_partner public.partner_codes;
begin
  select * into v_program from public.programs where id = p_program_id;
  if not found then
    v_price.code := 'unknown_program';
    return v_price;
  end if;
  if p_tier is not null and jsonb_array_length(coalesce(v_program.tiers, '[]')) > 0 and not exists (
    select from jsonb_array_elements_text(v_program.tiers) t where lower(t) = lower(p_tier)
  ) then
    v_price.code := 'unknown_tier';
    return v_price;
  end if;

  v_price.original_credit_cost := coalesce(
    (
      select t.credit_cost from public.program_tier_plans t
      where t.program_id = p_program_id and lower(t.tier_name) = lower(p_tier)
      order by t.tier_name = p_tier desc
      limit 1
    ),
    v_program.credit_cost
  );
  if v_price.original_credit_cost is null and v_program.requires_separate_purchase then
    v_price.code := 'not_for_credits';
    return v_price;
  end if;
  -- A program of which nothing has a price is shown as free, and is; a tier beside one that has a price is not
  -- priced yet, and free for whom an admin enrolls nevertheless.
  if v_price.original_credit_cost is null and (p_may_be_unpriced or not exists (
    select from public.program_tier_plans t where t.program_id = p_program_id and t.credit_cost is not null
  )) then
    v_price.original_credit_cost := 0;
  end if;
  if coalesce(v_price.original_credit_cost, -1) < 0 then
    v_price.code := 'no_price';
    return v_price;
  end if;
  v_price.discount_percent := 0;
  v_price.final_credit_cost := v_price.original_credit_cost;

  if p_enrollment_code is not null then
    select * into v_code from public.enrollment_codes c
    where lower(c.code) = lower(p_enrollment_code)
    order by c.code = p_enrollment_code desc
    limit 1
    for update;
    if v_code.program_id is distinct from p_program_id
      or not private.is_enrollment_code_open(v_code, p_now)
      or (v_code.cohort_id is not null and v_code.cohort_id is distinct from p_cohort_id)
      or (v_code.grants_tier is not null and lower(v_code.grants_tier) is distinct from lower(p_tier))
    then
      v_price.code := 'invalid_code';
      return v_price;
    end if;
    v_price.enrollment_code_id := v_code.id;
    v_price.discount_percent := case when v_code.is_free then 100 else coalesce(v_code.discount_percent, 0) end;
    v_price.final_credit_cost := round(v_price.original_credit_cost * (100 - v_price.discount_percent) / 100);
  end if;

  if p_discount_code is not null then
    select * into v_discount from public.discount_codes d
    where lower(d.code) = lower(p_discount_code)
    order by d.code = p_discount_code desc
    limit 1
    for update;
    if v_price.enrollment_code_id is not null
      or not private.is_discount_valid(v_discount, p_client_user_id, p_program_id, p_tier, p_now)
    then
      v_price.code := 'invalid_code';
      return v_price;
    end if;
    v_price.discount_code_id := v_discount.id;
    if v_discount.discount_type = 'percent' then
      v_price.discount_percent := least(v_discount.discount_value, 100);
      v_price.final_credit_cost := round(v_price.original_credit_cost * (100 - v_price.discount_percent) / 100);
    else
      v_price.final_credit_cost := greatest(v_price.original_credit_cost - round(v_discount.discount_value), 0);
      v_price.discount_percent := case when v_price.original_credit_cost > 0
        then round(100.0 * (v_price.original_credit_cost - v_price.final_credit_cost) / v_price.original_credit_cost, 2)
        else 0 end;
    end if;
  end if;

  if p_partner_code is not null then
    select * into v_partner from public.partner_codes c
    where lower(c.code) = lower(p_partner_code)
    order by c.code = p_partner_code desc
    limit 1
    for update;
    if v_partner.program_id is distinct from p_program_id
      or not private.is_partner_code_open(v_partner, p_now)
      -- nobody refers oneself, nor a client whom one enrols oneself
      or v_partner.partner_id in (p_client_user_id, coalesce(auth.uid(), p_client_user_id))
    then
      v_price.code := 'invalid_code';
      return v_price;
    end if;
    v_price.partner_code_id := v_partner.id;
    -- beside another code a partner's says who sent the client, and takes nothing more off
    if v_price.enrollment_code_id is null and v_price.discount_code_id is null
      and (v_partner.cohort_id is null or v_partner.cohort_id = p_cohort_id)
      and (v_partner.grants_tier is null or lower(v_partner.grants_tier) = lower(p_tier))
    then
      v_price.discount_percent := case when v_partner.is_free then 100 else coalesce(v_partner.discount_percent, 0) end;
      v_price.final_credit_cost := round(v_price.original_credit_cost * (100 - v_price.discount_percent) / 100);
    end if;
  end if;
  return v_price;
end
$$;
comment on function private.enrollment_price(uuid, uuid, text, uuid, text, text, text, timestamptz, boolean) is
  'What an enrolment costs: the tier''s credit_cost, else the program''s, less one code. Locks the code '
  'until the transaction ends.';
revoke execute on function private.enrollment_price(uuid, uuid, text, uuid, text, text, text, timestamptz, boolean)
  from public;

create or replace function private.enrollment_source(
  p_claimed text, p_client_user_id uuid, p_cohort_id uuid, p_is_trusted boolean
)
returns text
language sql
stable
set search_path = ''
begin atomic
  select case
    when current_setting('role') not in ('anon', 'authenticated') then left(p_claimed, 100) -- the server knows
    when p_client_user_id = (select auth.uid()) then 'self'
    when not p_is_trusted then 'staff'
    when p_claimed = 'waitlist_promotion' and exists (
      select from public.cohort_waitlist w where w.cohort_id = p_cohort_id and w.user_id = p_client_user_id
    ) then 'waitlist_promotion'
    else 'admin'
  end;
end;
comment on function private.enrollment_source(text, uuid, uuid, boolean) is
  'Where an enrollment comes from, as far as it is known: what the caller says counts where the database bears it '
  'out.';
revoke execute on function private.enrollment_source(text, uuid, uuid, boolean) from public;

create or replace function private.referrer(
  p_claimed uuid, p_client_user_id uuid, p_program_id uuid, p_is_trusted boolean
)
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select p.id
  from public.profiles p
  where p.id = p_claimed and p.id <> p_client_user_id and p_is_trusted
    and (
      current_setting('role') not in ('anon', 'authenticated') -- the server knows
      or p.id = (select auth.uid())
      or exists (
        select from public.partner_codes c where c.partner_id = p.id and c.program_id = p_program_id
      )
    );
end;
comment on function private.referrer(uuid, uuid, uuid, boolean) is
  'Who sent a client, of an admin or the server: the admin, or a partner of the program. Anybody else is not kept.';
revoke execute on function private.referrer(uuid, uuid, uuid, boolean) from public;

create or replace function private.join_cohort_waitlist(p_cohort_id uuid)
returns public.waitlist_result
language plpgsql
security definer -- users may not write positions
set search_path = ''
as $$
declare
  v_result public.waitlist_result;
  v_user_id uuid := auth.uid();
  v_cohort public.program_cohorts;
begin
  v_result.success := false;
  select * into v_cohort from public.program_cohorts where id = p_cohort_id for update;
  if v_user_id is null then
    v_result.code := 'not_signed_in';
    v_result.error := 'Sign in to join the waitlist';
  elsif v_cohort.id is null then
    v_result.code := 'unknown_cohort';
    v_result.error := 'Cohort not found';
  elsif v_cohort.status not in ('upcoming', 'active') then
    v_result.code := 'cohort_closed';
    v_result.error := 'This cohort is closed';
  elsif exists (
    select from public.client_enrollments e
    where e.cohort_id = p_cohort_id and e.client_user_id = v_user_id and e.status = 'active'
  ) then
    v_result.code := 'already_enrolled';
    v_result.error := 'Already enrolled in this cohort';
  elsif exists (
    select from public.cohort_waitlist w
    where w.cohort_id = p_cohort_id and w.user_id = v_user_id
      and (w.offered_at is null or w.offer_expires_at > now())
  ) then
    v_result.code := 'already_waiting';
    v_result.error := 'Already on the waitlist';
  elsif (private.cohort_capacity(p_cohort_id)).has_capacity then
    v_result.code := 'places_left';
    v_result.error := 'The cohort still has places';
  else
    insert into public.cohort_waitlist (user_id, cohort_id, "position")
    select v_user_id, p_cohort_id, coalesce(max(w."position"), 0) + 1
    from public.cohort_waitlist w where w.cohort_id = p_cohort_id
    on conflict (user_id, cohort_id) do update -- an offer that has lapsed: again at the end
    set "position" = excluded."position", offered_at = null, offer_expires_at = null, notified = false
    returning "position" into v_result."position";
    v_result.success := true;
  end if;
  return v_result;
end
$$;
comment on function private.join_cohort_waitlist(uuid) is
  'Puts the caller at the end of a full cohort''s waitlist. Locks the cohort, so that no position is given '
  'twice.';
revoke execute on function private.join_cohort_waitlist(uuid) from public;
grant execute on function private.join_cohort_waitlist(uuid) to authenticated;

create or replace function public.join_cohort_waitlist(p_cohort_id uuid)
returns public.waitlist_result
language sql
set search_path = ''
begin atomic
  select private.join_cohort_waitlist(p_cohort_id);
end;
comment on function public.join_cohort_waitlist(uuid) is
  'Puts the caller at the end of a full cohort''s waitlist.';
revoke execute on function public.join_cohort_waitlist(uuid) from public, anon, authenticated, service_role;
grant execute on function public.join_cohort_waitlist(uuid) to authenticated;

create or replace function private.may_enroll(p_client_user_id uuid, p_program_id uuid, p_force boolean)
returns boolean
language sql
stable
set search_path = ''
begin atomic
  select case
    when current_setting('role') not in ('anon', 'authenticated') then true
    when private.has_role((select auth.uid()), 'admin') then true
    when p_force then false
    when p_client_user_id = (select auth.uid()) then true
    -- it costs the client's credits: whoever looks after the client, and not only after a program of theirs
    else private.is_program_instructor_or_coach((select auth.uid()), p_program_id)
      and private.staff_has_direct_client((select auth.uid()), p_client_user_id)
  end;
end;
comment on function private.may_enroll(uuid, uuid, boolean) is
  'Oneself; a client of one''s own, for staff of the program; anybody, and past the capacity, for admins '
  'and the service role.';
revoke execute on function private.may_enroll(uuid, uuid, boolean) from public;

create or replace function private.offer_places(p_cohort_id uuid, p_now timestamptz)
returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_cohort public.program_cohorts;
  v_program public.programs;
  v_free bigint;
  v_offer record;
  v_offers integer := 0;
begin
  if not exists (
    select from public.cohort_waitlist w where w.cohort_id = p_cohort_id and w.offered_at is null
  ) then
    return 0;
  end if;
  -- Whoever holds it is enrolling somebody, and offers what is left; the job does, too.
  select * into v_cohort from public.program_cohorts where id = p_cohort_id for update skip locked;
  if v_cohort.id is null or v_cohort.status not in ('upcoming', 'active') then
    return 0;
  end if;
  select * into v_program from public.programs where id = v_cohort.program_id;

  select least(
      v_cohort.capacity - count(*) filter (where e.cohort_id = p_cohort_id), v_program.capacity - count(*)
    ) - (
      select count(*) from public.cohort_waitlist w
      where w.cohort_id = p_cohort_id and w.offer_expires_at > p_now
    )
  into v_free
  from public.client_enrollments e
  where e.program_id = v_cohort.program_id and e.status = 'active';

  for v_offer in
    update public.cohort_waitlist w
    set offered_at = p_now, offer_expires_at = p_now + interval '48 hours', notified = true
    where w.id in (
      select n.id from public.cohort_waitlist n
      where n.cohort_id = p_cohort_id and n.offered_at is null
      order by n.position
      limit case when v_free is not null then greatest(v_free, 0) end -- without a limit nobody has to wait
    )
    returning w.id, w.user_id, w.offer_expires_at
  loop
    v_offers := v_offers + 1;
    perform private.tell_each(
      array[v_offer.user_id],
      'waitlist_place',
      format('A place is free in %s', v_program.name),
      format('It is yours until %s (UTC): enroll in time, or the next on the waitlist gets it.',
        to_char(v_offer.offer_expires_at at time zone 'UTC', 'FMDD FMMonth YYYY HH24:MI')),
      '/programs/' || v_program.slug,
      jsonb_build_object('cohort_id', p_cohort_id, 'offer_expires_at', v_offer.offer_expires_at),
      'waitlist-place:' || v_offer.id || ':' || extract(epoch from p_now)
    );
  end loop;
  return v_offers;
end
$$;
comment on function private.offer_places(uuid, timestamptz) is
  'Offers the free places of a cohort to the first on its waitlist, who are told and have 48 hours. How many offers '
  'were made. A place is free when neither the cohort nor its program is full, and nobody else holds an offer of it.';
revoke execute on function private.offer_places(uuid, timestamptz) from public;

create or replace function public.offer_waitlist_places(p_now timestamptz default now())
returns integer
language sql
security definer -- private.tell_each is nobody's to call
set search_path = ''
as $$
  select coalesce(sum(private.offer_places(w.cohort_id, p_now)), 0)::integer
  from (
    select distinct w.cohort_id from public.cohort_waitlist w where w.offered_at is null
  ) w
  join public.program_cohorts c on c.id = w.cohort_id and c.status in ('upcoming', 'active')
  where c.capacity is null or c.capacity > (
    select count(*) from public.client_enrollments e where e.cohort_id = c.id and e.status = 'active'
  ) + (
    select count(*) from public.cohort_waitlist o where o.cohort_id = c.id and o.offer_expires_at > p_now
  );
$$;
comment on function public.offer_waitlist_places(timestamptz) is
  'Offers what is free to those who wait, in every cohort: after an offer has lapsed. How many offers were made.';
revoke execute on function public.offer_waitlist_places(timestamptz) from public, anon, authenticated, service_role;
grant execute on function public.offer_waitlist_places(timestamptz) to service_role;

create or replace function private.redeem_codes(
  p_price public.enrollment_price, p_client_user_id uuid, p_enrollment_id uuid, p_program_id uuid, p_tier text
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_partner_id uuid;
begin
  update public.enrollment_codes set current_uses = current_uses + 1 where id = p_price.enrollment_code_id;
  if p_price.discount_code_id is not null then
    update public.discount_codes set uses_count = coalesce(uses_count, 0) + 1 where id = p_price.discount_code_id;
    insert into public.discount_code_uses (
      discount_code_id, user_id, enrollment_id, program_id, tier_name, original_price_credits,
      discount_amount_credits, final_price_credits
    )
    values (
      p_price.discount_code_id, p_client_user_id, p_enrollment_id, p_program_id, p_tier,
      p_price.original_credit_cost, p_price.original_credit_cost - p_price.final_credit_cost,
      p_price.final_credit_cost
    );
  end if;
  if p_price.partner_code_id is null then
    return;
  end if;

  update public.partner_codes set current_uses = current_uses + 1 where id = p_price.partner_code_id
  returning partner_id into v_partner_id;
  insert into public.partner_referrals (partner_code_id, partner_id, referred_user_id, enrollment_id)
  values (p_price.partner_code_id, v_partner_id, p_client_user_id, p_enrollment_id);
  begin
    perform private.tell(
      array[v_partner_id], 'partner_code_redeemed', 'Partner Referral',
      'Somebody enrolled with your code in ' || program.name,
      p_dedupe_key => 'partner-code-redeemed:' || p_enrollment_id
    )
    from public.programs program
    -- production has this type; where it is missing nobody can be told
    where program.id = p_program_id
      and exists (select from public.notification_types t where t.key = 'partner_code_redeemed' and t.is_active);
  exception
    when others then -- a notification never undoes an enrollment
      perform private.record_trigger_failure('redeem_codes', p_enrollment_id, sqlstate, sqlerrm);
  end;
end
$$;
comment on function private.redeem_codes(public.enrollment_price, uuid, uuid, uuid, text) is
  'Counts the codes that an enrollment was priced with: uses, the discount that was given, and the partner''s '
  'referral, of which the partner is told.';
revoke execute on function private.redeem_codes(public.enrollment_price, uuid, uuid, uuid, text) from public;

create or replace function private.refused_code(p_is_limited boolean)
returns jsonb
language sql
immutable
set search_path = ''
begin atomic
  select jsonb_build_object(
    'valid', false,
    'error', case when p_is_limited then 'Too many codes were tried. Try again later.' else 'This code is not valid' end
  );
end;
comment on function private.refused_code(boolean) is
  'The one answer to a code that is not valid, and the one to whoever has tried too many.';
revoke execute on function private.refused_code(boolean) from public;

create or replace function private.refused_enrollment(
  p_code text, p_error text, p_price public.enrollment_price default null
)
returns public.enrollment_result
language sql
immutable
set search_path = ''
begin atomic
  select row(
    false, p_code, p_error, null, (p_price).original_credit_cost, (p_price).final_credit_cost, null, null
  )::public.enrollment_result;
end;
comment on function private.refused_enrollment(text, text, public.enrollment_price) is
  'The answer to an enrolment that is refused.';
revoke execute on function private.refused_enrollment(text, text, public.enrollment_price) from public;

create or replace function private.validate_discount_code(
  p_code text, p_program_id uuid, p_tier_name text, p_user_id uuid
)
returns public.discount_validation
language plpgsql
security definer -- nobody but an admin may read codes
set search_path = ''
as $$
declare
  v_answer public.discount_validation;
begin
  if not private.begin_code_attempt(p_code, clock_timestamp()) then
    v_answer.is_valid := false;
    v_answer.error_message := private.refused_code(true) ->> 'error';
    return v_answer;
  end if;
  select true, d.id, case d.discount_type when 'percent' then 'percentage' else 'fixed' end, d.discount_value, null
  into v_answer
  from public.discount_codes d
  where lower(d.code) = lower(btrim(p_code))
    and coalesce(p_user_id, auth.uid()) = auth.uid() -- whose a code is, is nobody else's to ask
    and private.is_discount_valid(d, auth.uid(), p_program_id, p_tier_name, now())
  order by d.code = btrim(p_code) desc
  limit 1;
  if v_answer.is_valid is null then
    v_answer.is_valid := false;
    v_answer.error_message := private.refused_code(false) ->> 'error';
    return v_answer;
  end if;
  perform private.give_back_code_attempt(p_code);
  return v_answer;
end
$$;
comment on function private.validate_discount_code(text, uuid, text, uuid) is 'See public.validate_discount_code.';
revoke execute on function private.validate_discount_code(text, uuid, text, uuid) from public;
grant execute on function private.validate_discount_code(text, uuid, text, uuid) to authenticated;

create or replace function public.validate_discount_code(
  p_code text, p_program_id uuid default null, p_tier_name text default null, p_user_id uuid default null
)
returns setof public.discount_validation
language sql
rows 1
set search_path = ''
begin atomic
  select * from private.validate_discount_code(p_code, p_program_id, p_tier_name, p_user_id);
end;
comment on function public.validate_discount_code(text, uuid, text, uuid) is
  'useDiscountCode: what a discount code takes off for the caller, in the words of that page (percentage, fixed). '
  'One answer for every code that does not count here. Wrong codes are limited.';
revoke execute on function public.validate_discount_code(text, uuid, text, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.validate_discount_code(text, uuid, text, uuid) to authenticated;

create or replace function private.validate_enrollment_code(p_code text)
returns jsonb
language plpgsql
security definer -- nobody but an admin may read codes
set search_path = ''
as $$
declare
  v_answer jsonb;
begin
  if not private.begin_code_attempt(p_code, clock_timestamp()) then
    return private.refused_code(true);
  end if;
  select jsonb_build_object(
    'valid', true, 'code', c.code, 'code_id', c.id, 'code_type', c.code_type,
    'program_id', program.id, 'program_name', program.name, 'program_slug', program.slug,
    'program_description', program.description, 'cohort_id', c.cohort_id, 'cohort_name', cohort.name,
    'grants_tier', c.grants_tier, 'is_free', c.is_free, 'discount_percent', c.discount_percent
  ) into v_answer
  from public.enrollment_codes c
  join public.programs program on program.id = c.program_id and program.is_active
  left join public.program_cohorts cohort on cohort.id = c.cohort_id
  where lower(c.code) = lower(btrim(p_code)) and private.is_enrollment_code_open(c, now())
  order by c.code = btrim(p_code) desc
  limit 1;
  if v_answer is null then
    return private.refused_code(false);
  end if;
  perform private.give_back_code_attempt(p_code);
  return v_answer;
end
$$;
comment on function private.validate_enrollment_code(text) is 'See public.validate_enrollment_code.';
revoke execute on function private.validate_enrollment_code(text) from public;
grant execute on function private.validate_enrollment_code(text) to anon, authenticated;

create or replace function public.validate_enrollment_code(p_code text)
returns jsonb
language sql
set search_path = ''
begin atomic
  select private.validate_enrollment_code(p_code);
end;
comment on function public.validate_enrollment_code(text) is
  'EnrollWithCode: what an enrollment code is for. One answer for an unknown, inactive, expired and used one. '
  'Wrong codes are limited.';
revoke execute on function public.validate_enrollment_code(text) from public, anon, authenticated, service_role;
grant execute on function public.validate_enrollment_code(text) to anon, authenticated;

create or replace function private.validate_partner_code(p_code text)
returns jsonb
language plpgsql
security definer -- nobody but an admin and the partner may read partner codes
set search_path = ''
as $$
declare
  v_answer jsonb;
begin
  if not private.begin_code_attempt(p_code, clock_timestamp()) then
    return private.refused_code(true);
  end if;
  select jsonb_build_object(
    'valid', true, 'code_id', c.id, 'partner_id', c.partner_id,
    'partner_name', private.display_name(c.partner_id),
    'program_id', program.id, 'program_name', program.name, 'program_slug', program.slug,
    'program_description', program.description, 'cohort_id', c.cohort_id, 'cohort_name', cohort.name,
    'grants_tier', c.grants_tier, 'is_free', c.is_free, 'discount_percent', c.discount_percent
  ) into v_answer
  from public.partner_codes c
  join public.programs program on program.id = c.program_id and program.is_active
  left join public.program_cohorts cohort on cohort.id = c.cohort_id
  where lower(c.code) = lower(btrim(p_code)) and private.is_partner_code_open(c, now())
  order by c.code = btrim(p_code) desc
  limit 1;
  if v_answer is null then
    return private.refused_code(false);
  end if;
  perform private.give_back_code_attempt(p_code);
  return v_answer;
end
$$;
comment on function private.validate_partner_code(text) is 'See public.validate_partner_code.';
revoke execute on function private.validate_partner_code(text) from public;
grant execute on function private.validate_partner_code(text) to anon, authenticated;

create or replace function public.validate_partner_code(p_code text)
returns jsonb
language sql
set search_path = ''
begin atomic
  select private.validate_partner_code(p_code);
end;
comment on function public.validate_partner_code(text) is
  'RedeemPartnerCode, useProgramEnrollment: what a partner code is for. One answer for an unknown, inactive, '
  'expired and used one. Wrong codes are limited.';
revoke execute on function public.validate_partner_code(text) from public, anon, authenticated, service_role;
grant execute on function public.validate_partner_code(text) to anon, authenticated;

-- Triggers ----------------------------------------------------------------------------------------

create or replace trigger audit_writes
  after insert or update or delete on public.program_cohorts
  for each row execute function private.audit_writes();
create or replace trigger note_freed_place
  after update of capacity, status on public.program_cohorts for each row
  when (old.capacity is distinct from new.capacity or old.status <> new.status)
  execute function private.note_freed_place();
create or replace trigger update_program_cohorts_updated_at
  before update on public.program_cohorts
  for each row execute function public.update_updated_at_column();
create or replace trigger note_freed_place
  after delete on public.cohort_waitlist for each row
  when (old.offered_at is not null)
  execute function private.note_freed_place();
create or replace trigger update_cohort_waitlist_updated_at
  before update on public.cohort_waitlist
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.discount_codes
  for each row execute function private.audit_writes();
create or replace trigger update_discount_codes_updated_at
  before update on public.discount_codes
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.enrollment_codes
  for each row execute function private.audit_writes();
create or replace trigger audit_writes
  after insert or update or delete on public.client_enrollments
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
-- Clients show an enrollment on their public profile or not; the rest is the platform's.
create or replace trigger guard_columns
  before update on public.client_enrollments
  for each row execute function private.guard_columns('status', 'end_date', 'program_version_id', 'tier');
create or replace trigger ensure_client_profile
  after insert on public.client_enrollments for each row
  when (new.client_user_id is not null)
  execute function public.ensure_client_profile();
create or replace trigger note_freed_place_delete
  after delete on public.client_enrollments for each row
  when (old.cohort_id is not null and old.status = 'active')
  execute function private.note_freed_place();
create or replace trigger note_freed_place_update
  after update of status, cohort_id on public.client_enrollments for each row
  when (
    old.cohort_id is not null and old.status = 'active'
    and (new.status <> 'active' or new.cohort_id is distinct from old.cohort_id)
  )
  execute function private.note_freed_place();
create or replace trigger notify_program_assignment
  after insert on public.client_enrollments for each row
  when (new.client_user_id is not null)
  execute function public.notify_program_assignment();
create or replace trigger update_client_enrollments_updated_at
  before update on public.client_enrollments
  for each row execute function public.update_updated_at_column();
-- What an instructor or coach of the program adds afterwards: the recap and the recording.
create or replace trigger guard_columns
  before update on public.cohort_sessions
  for each row execute function private.guard_columns(
    'cohort_id', 'module_id', 'instructor_id', 'title', 'description', 'session_date', 'start_time', 'end_time',
    'timezone', 'location', 'meeting_link', 'notes', 'order_index'
  );
create or replace trigger guard_links
  before insert or update on public.cohort_sessions
  for each row execute function private.guard_meeting_links('meeting_link', 'location', 'recording_url=any');
create or replace trigger update_cohort_sessions_updated_at
  before update on public.cohort_sessions
  for each row execute function public.update_updated_at_column();
create or replace trigger guard_columns
  before update on public.cohort_session_attendance
  for each row execute function private.guard_columns('session_id', 'enrollment_id');
create or replace trigger stamp_mark
  before insert or update on public.cohort_session_attendance
  for each row execute function private.stamp_mark();
create or replace trigger update_cohort_session_attendance_updated_at
  before update on public.cohort_session_attendance
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.enrollment_module_staff
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes();
create or replace trigger update_enrollment_module_staff_updated_at
  before update on public.enrollment_module_staff
  for each row execute function public.update_updated_at_column();
create or replace trigger guard_columns
  before update on public.module_progress
  for each row execute function private.guard_columns('enrollment_id', 'module_id');
create or replace trigger update_module_progress_updated_at
  before update on public.module_progress
  for each row execute function public.update_updated_at_column();
create or replace trigger update_user_program_entitlement_usage_updated_at
  before update on public.user_program_entitlement_usage
  for each row execute function public.update_updated_at_column();
