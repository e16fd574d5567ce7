-- Notifications and the outbox of mails.
--
-- Why: mails were sent by whoever was there to send them. What has something to say writes it in the transaction of
-- what happened, at most once for one key, and one sender empties the queue.
-- Locks: on production, until commit, ACCESS EXCLUSIVE on email_queue, module_assignments, module_coaches,
-- module_instructors, module_sessions, notification_types, notifications, program_coaches, program_instructors;
-- SHARE ROW EXCLUSIVE on email_templates, notification_categories, notification_preferences,
-- user_notification_preferences.
-- Can be run again.

set lock_timeout = '10s';
set check_function_bodies = off; -- a body may name what a later file makes

-- Tables that are there ---------------------------------------------------------------------------

-- Mails that wait for longer than a day wait for a sender that production never had: whom they were for has moved
-- on, and sent now, all in the first minute, they would be wrong. Once, before the first sender: provider_id comes
-- with it. What an operator still wants sent is set to pending again, attempts 0.
do $$
begin
  if not exists (
    select from pg_catalog.pg_attribute a
    where a.attrelid = 'public.email_queue'::regclass and a.attname = 'provider_id' and not a.attisdropped
  ) then
    perform private.drop_checks('public.email_queue', 'status'); -- production's own knows no expired
    update public.email_queue q
    set status = 'expired',
      error_message = concat(
        'Not sent: it had waited since ', to_char(least(q.created_at, q.scheduled_for), 'YYYY-MM-DD'),
        ' when the first sender was installed.'
      )
    where coalesce(q.status, 'pending') in ('pending', 'sending')
      and coalesce(q.scheduled_for, q.created_at, '-infinity') <= now() -- what is for later still is
      and coalesce(least(q.created_at, q.scheduled_for), '-infinity') < now() - interval '1 day';
  end if;
end
$$;

alter table public.notifications add column if not exists dedupe_key text;
alter table public.email_queue
  add column if not exists user_id uuid,
  add column if not exists dedupe_key text,
  add column if not exists provider_id text,
  alter column max_attempts set default 5;
alter table public.notification_types add column if not exists preference text;
select private.assert_table('public.notifications', 'dedupe_key text');
select private.assert_table('public.notification_types', 'preference text');

do $$
begin
  if not exists (
    select from pg_catalog.pg_constraint c
    where c.conrelid = 'public.email_queue'::regclass and c.conname = 'email_queue_status_check'
  ) then
    -- production's own sender may have left other words, which nobody reads any more
    update public.email_queue q
    set status = 'dead', error_message = concat_ws(' ', q.error_message, format('(It was %s.)', q.status))
    where q.status not in ('pending', 'sending', 'sent', 'dead', 'suppressed', 'expired');
    alter table public.email_queue add constraint email_queue_status_check
      check (status in ('pending', 'sending', 'sent', 'dead', 'suppressed', 'expired'));
  end if;
end
$$;
select private.assert_table(
  'public.email_queue',
  'status text default ''pending'', max_attempts integer default 5, user_id uuid, dedupe_key text, provider_id text',
  $$check (status in ('pending', 'sending', 'sent', 'dead', 'suppressed', 'expired'))$$
);

select private.ensure_index(statement) from unnest(array[
  $$create unique index notifications_user_id_dedupe_key_key
    on public.notifications (user_id, dedupe_key) where dedupe_key is not null$$,
  $$create unique index email_queue_recipient_email_dedupe_key_key
    on public.email_queue (lower(recipient_email), dedupe_key) where dedupe_key is not null$$
]) as statement;
select private.ensure_index(statement) from unnest(array[
  $$create index email_queue_created_at_idx
    on public.email_queue (created_at) where status in ('sent', 'suppressed')$$,
  $$create index email_queue_dead_idx on public.email_queue (created_at) where status = 'dead'$$,
  $$create index email_queue_due_idx on public.email_queue (scheduled_for) where status in ('pending', 'sending')$$,
  $$create index email_queue_missing_values_idx
    on public.email_queue (created_at) where status = 'sent' and error_message is not null$$,
  'create index email_queue_notification_id_idx on public.email_queue (notification_id)',
  'create index email_queue_sent_at_idx on public.email_queue (sent_at) where sent_at is not null',
  'create index email_queue_user_id_idx on public.email_queue (user_id) where user_id is not null',
  'create index notifications_user_id_idx on public.notifications (user_id)'
]) as statement;

do $$
declare
  v_name text;
begin
  -- production's: other arguments, names of them, or results
  perform private.drop_public_functions(ours.name)
  from (
    values
      ('send_cohort_session_reminders', '(timestamptz)', 'integer'),
      ('get_user_notification_preference', '(uuid, text)', 'record'),
      ('create_notification', '(uuid, text, text, text, text, jsonb)', 'uuid')
  ) as ours (name, types, result)
  where exists (
    select from pg_catalog.pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proname = ours.name
      and (
        (p.oid, p.prorettype)
          is distinct from (to_regprocedure('public.' || ours.name || ours.types), to_regtype(ours.result))
        or not coalesce(p.proconfig @> array['search_path=""'], false) -- which ours have
      )
  );

  -- Production's own posted to one project's address with its key. Their triggers go by names that are not known,
  -- and go with them: `drop trigger` would lock every table of Auth.
  foreach v_name in array array[
    'notify_session_scheduled', 'notify_session_request', 'notify_instructor_coach_program_assignment',
    'notify_instructor_coach_module_assignment', 'notify_assignment_reviewed'
  ] loop
    if to_regprocedure(format('public.%I()', v_name)) is not null then
      execute format('drop function public.%I() cascade', v_name);
    end if;
  end loop;
end
$$;

update public.notifications
set read_at = least(greatest(read_at, '2000-01-01 00:00+00'), '2100-01-01 00:00+00')
where read_at is not null and not read_at between '2000-01-01 00:00+00' and '2100-01-01 00:00+00';
do $$
begin
  if not exists (
    select from pg_catalog.pg_constraint k
    where k.conrelid = 'public.notifications'::regclass and k.conname = 'notifications_times_check'
  ) then
    alter table public.notifications
      add constraint notifications_times_check check (read_at between '2000-01-01 00:00+00' and '2100-01-01 00:00+00');
  end if;
end
$$;

-- Lengths of names that admins write and others find in their calendar and mail: what is there is put right, then
-- the checks are made.
insert into private.rows_before_repair (table_name, content)
select 'public.email_templates', to_jsonb(r) from public.email_templates r
where not (
  char_length(subject) <= 300);
update public.email_templates
set subject = left(subject, 300)
where not (
  char_length(subject) <= 300
);
do $$
declare
  v_check record;
begin
  for v_check in
    select wanted.* from (values
      ('email_templates', 'email_templates_texts_check', $c$char_length(subject) <= 300$c$)
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

-- Before tell() and queue_mail(), which write it.
alter table public.email_queue add column if not exists actor_id uuid;
select private.assert_table('public.email_queue', 'actor_id uuid');
select private.ensure_index(
  $$create index email_queue_actor_id_created_at_idx on public.email_queue (actor_id, created_at)
    where actor_id is not null$$
);

-- New tables --------------------------------------------------------------------------------------

select private.ensure_table($table$
create table private.email_secrets (
  email_id uuid primary key references public.email_queue (id) on delete cascade,
  data jsonb not null
)
$table$);

-- Comments and grants -----------------------------------------------------------------------------

comment on table public.notification_categories is 'Headings under which notification types are shown.';
comment on table public.notification_types is
  'Kinds of notification. Critical ones ignore the user''s preferences.';
comment on column public.notification_types.preference is
  'The column of notification_preferences that switches this type''s mails off. Null: none does.';
comment on table public.notifications is
  'What a user is told in the app. There is no type and no data column: notification_type_id, metadata.';
comment on column public.notifications.dedupe_key is
  'What this tells of, e.g. session-moved:<id>:<time>: a person is told it once. Null: no rule.';
comment on table public.email_queue is
  'Mails to be sent. Filled by definer functions and the service role only.';
comment on column public.email_queue.status is
  'pending, sending (claimed), sent, dead (given up: error_message says why), suppressed (the recipient is '
  'disabled, or who caused it is over the budget: error_message says which), expired (it had waited too long when the first sender was installed; set to pending to send it).';
comment on column public.email_queue.error_message is
  'Why it failed last, was given up or held back; for a sent one, the template''s values that were missing.';
comment on column public.email_queue.scheduled_for is
  'Not to be sent before: when it was wanted, the end of a sender''s claim, or of the pause after a '
  'failure.';
comment on column public.email_queue.user_id is
  'Whose mail it is, where the recipient has an account: a person disabled meanwhile gets nothing.';
comment on column public.email_queue.dedupe_key is
  'What this tells of: an address is mailed it once. Null: no rule.';
comment on column public.email_queue.actor_id is
  'The signed-in user, no admin, who caused this mail to somebody else: private.may_mail() counts by it.';
comment on column public.email_queue.provider_id is 'The mail''s id at the provider.';
comment on table private.email_secrets is
  'Template values that are credentials, such as a link with a token. Deleted when the mail is sent or '
  'given up.';
comment on table public.email_templates is 'Subject and body of each mail, by template_key.';
comment on table public.notification_preferences is 'Switches of the older mails, one column each.';
comment on table public.user_notification_preferences is
  'A user''s choice for a kind of notification, by e-mail and in the app.';

alter table private.email_secrets enable row level security;

revoke all on table public.notification_categories from public, anon, authenticated, service_role;
grant select, delete on table public.notification_categories to authenticated;
grant insert (key, name, description, icon, order_index) on table public.notification_categories to authenticated;
grant update (
  key, name, description, icon, order_index, is_active
) on table public.notification_categories to authenticated;
grant all on table public.notification_categories to service_role;
revoke all on table public.notification_types from public, anon, authenticated, service_role;
grant select, delete on table public.notification_types to authenticated;
grant insert (
  key, category_id, name, description, icon, is_critical, default_email_enabled, default_in_app_enabled,
  email_template_key, order_index
) on table public.notification_types to authenticated;
grant update (
  key, category_id, name, description, icon, is_critical, default_email_enabled, default_in_app_enabled,
  email_template_key, is_active, order_index
) on table public.notification_types to authenticated;
grant all on table public.notification_types to service_role;
revoke all on table public.notifications from public, anon, authenticated, service_role;
grant select, delete on table public.notifications to authenticated;
grant update (is_read, read_at) on table public.notifications to authenticated;
grant all on table public.notifications to service_role;
revoke all on table public.email_queue from public, anon, authenticated, service_role;
grant select, delete on table public.email_queue to authenticated;
grant update (status, attempts, last_attempt_at, error_message) on table public.email_queue to authenticated;
grant all on table public.email_queue to service_role;
revoke all on table private.email_secrets from public, anon, authenticated, service_role;
revoke all on table public.email_templates from public, anon, authenticated, service_role;
grant select on table public.email_templates to authenticated;
grant update (subject, html_content) on table public.email_templates to authenticated;
grant all on table public.email_templates to service_role;
revoke all on table public.notification_preferences from public, anon, authenticated, service_role;
grant select on table public.notification_preferences to authenticated;
grant insert (
  user_id, profile_updates, password_changes, email_changes, program_assignments, program_completions,
  module_completions, instructor_program_assignments, instructor_module_assignments, coach_program_assignments,
  coach_module_assignments, session_requests, session_scheduled
) on table public.notification_preferences to authenticated;
grant update (
  user_id, profile_updates, password_changes, email_changes, program_assignments, program_completions,
  module_completions, instructor_program_assignments, instructor_module_assignments, coach_program_assignments,
  coach_module_assignments, session_requests, session_scheduled
) on table public.notification_preferences to authenticated;
grant all on table public.notification_preferences to service_role;
revoke all on table public.user_notification_preferences from public, anon, authenticated, service_role;
grant select, delete on table public.user_notification_preferences to authenticated;
grant insert (
  user_id, notification_type_id, email_enabled, in_app_enabled
) on table public.user_notification_preferences to authenticated;
grant update (
  user_id, notification_type_id, email_enabled, in_app_enabled
) on table public.user_notification_preferences to authenticated;
grant all on table public.user_notification_preferences to service_role;

-- Functions ---------------------------------------------------------------------------------------

create or replace function public.claim_emails(
  p_limit integer default 50,
  p_claim interval default '5 minutes',
  p_now timestamptz default now()
)
returns table (
  id uuid, recipient_email text, recipient_name text, subject text, html_content text, data jsonb
)
language plpgsql
security definer -- private.email_secrets is nobody's to read
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
  with due as (
    select q.id
    from public.email_queue q
    where q.status in ('pending', 'sending') and coalesce(q.scheduled_for, q.created_at) <= p_now
    order by q.scheduled_for, q.id
    limit p_limit
    for update skip locked
  ),
  judged as (
    select q.id, coalesce(q.attempts, 0) as attempts, t.subject, t.html_content,
      case
        when p.id is not null and not private.is_reachable(p.id) then 'the recipient is disabled or inactive'
      end as suppressed,
      case
        when t.template_key is null then 'no template ' || q.template_key
        when coalesce(q.attempts, 0) >= coalesce(q.max_attempts, 5)
          then coalesce(q.error_message, 'no sender came back')
      end as dead
    from due
    join public.email_queue q on q.id = due.id
    left join public.email_templates t on t.template_key = q.template_key
    left join public.profiles p
      on p.id = q.user_id or (q.user_id is null and lower(p.email) = lower(q.recipient_email))
  ),
  taken as (
    update public.email_queue q
    set
      status = case
        when j.suppressed is not null then 'suppressed' when j.dead is not null then 'dead' else 'sending'
      end,
      error_message = coalesce(j.suppressed, j.dead, q.error_message),
      attempts = j.attempts + (coalesce(j.suppressed, j.dead) is null)::integer,
      last_attempt_at = case when coalesce(j.suppressed, j.dead) is null then p_now else q.last_attempt_at end,
      scheduled_for = case when coalesce(j.suppressed, j.dead) is null then p_now + p_claim else q.scheduled_for end
    from judged j
    where q.id = j.id
    returning q.id, q.status, q.recipient_email, q.recipient_name, q.template_data, j.subject, j.html_content
  ),
  forgotten as (
    delete from private.email_secrets s
    using taken
    where s.email_id = taken.id and taken.status <> 'sending'
  )
  select taken.id, taken.recipient_email, coalesce(taken.recipient_name, ''), taken.subject, taken.html_content,
    coalesce(taken.template_data, '{}') || coalesce(s.data, '{}')
  from taken
  left join private.email_secrets s on s.email_id = taken.id
  where taken.status = 'sending';
end
$$;
comment on function public.claim_emails(integer, interval, timestamptz) is
  'Takes up to p_limit mails that are due, for p_claim: nobody else gets them until then. Each with its '
  'template, which has {{name}} where a value of data goes. Holds back those to disabled people, gives up '
  'those without a template or attempts left.';
revoke execute on function public.claim_emails(integer, interval, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.claim_emails(integer, interval, timestamptz) to service_role;

create or replace function public.create_notification(
  p_user_id uuid,
  p_type_key text,
  p_title text,
  p_message text default null,
  p_link text default null,
  p_metadata jsonb default '{}'
)
returns uuid
language sql
security definer -- private.tell is nobody's to call
set search_path = ''
as $$
  select told.id
  from private.tell(array[p_user_id], p_type_key, p_title, p_message, p_link, p_metadata) as told (id);
$$;
comment on function public.create_notification(uuid, text, text, text, text, jsonb) is
  'Tells one user one thing: private.tell without a rule against repetition. Null when nothing is shown in '
  'the app.';
revoke execute on function public.create_notification(uuid, text, text, text, text, jsonb)
  from public, anon, authenticated, service_role;
grant execute on function public.create_notification(uuid, text, text, text, text, jsonb) to service_role;

create or replace view public.email_health with (security_invoker = true) as
select
  waiting.mails as waiting,
  waiting.oldest_due,
  (select count(*) from public.email_queue q where q.status = 'dead') as dead,
  (select count(*) from public.email_queue q where q.status = 'sent' and q.error_message is not null)
    as sent_with_missing_values,
  (select max(q.sent_at) from public.email_queue q) as last_sent_at
from (
  select count(*) as mails, min(q.created_at) filter (where q.scheduled_for <= now()) as oldest_due
  from public.email_queue q
  where q.status in ('pending', 'sending')
) waiting;
comment on view public.email_health is
  'The outbox at a glance. oldest_due more than some minutes ago: nobody sends. dead: see error_message in '
  'email_queue; setting such a row to pending, attempts 0, sends it again.';
revoke all on table public.email_health from public, anon, authenticated, service_role;
grant select on table public.email_health to authenticated, service_role;

create or replace function public.get_user_notification_preference(p_user_id uuid, p_type_key text)
returns table (email_enabled boolean, in_app_enabled boolean, is_critical boolean)
language sql
stable
set search_path = ''
as $$
  select
    coalesce(t.is_critical, false) or coalesce(
      p.email_enabled, (to_jsonb(general) ->> t.preference)::boolean, t.default_email_enabled, true
    ),
    coalesce(t.is_critical, false) or coalesce(p.in_app_enabled, t.default_in_app_enabled, true),
    coalesce(t.is_critical, false)
  from public.notification_types t
  left join public.user_notification_preferences p
    on p.notification_type_id = t.id and p.user_id = p_user_id
  left join public.notification_preferences general
    on general.user_id = p_user_id and t.preference is not null
  where t.key = p_type_key and t.is_active;
$$;
comment on function public.get_user_notification_preference(uuid, text) is
  'How a user wants to hear of a type of notification: both ways if critical, else own choice, else for '
  'mails the general preference, else the type''s default. No row for an unknown or inactive type.';
revoke execute on function public.get_user_notification_preference(uuid, text)
  from public, anon, authenticated, service_role;
grant execute on function public.get_user_notification_preference(uuid, text) to authenticated, service_role;

create or replace function private.invoke_function(p_name text, p_timeout_ms integer default 60000)
returns bigint
language plpgsql
set search_path = ''
as $$
declare
  v_url text;
  v_key text;
  v_request_id bigint;
begin
  -- Both are Supabase's extensions: by name, since a bare PostgreSQL has neither.
  execute format($sql$
    select
      max(decrypted_secret) filter (where name = 'supabase_url'),
      max(decrypted_secret) filter (where name = 'supabase_secret_key')
    from %I.decrypted_secrets
    where name in ('supabase_url', 'supabase_secret_key')
  $sql$, 'vault') into v_url, v_key;
  if v_url is null or v_key is null then
    raise exception 'Vault lacks supabase_url or supabase_secret_key: % cannot be called', p_name
      using errcode = 'object_not_in_prerequisite_state';
  end if;
  execute format(
    $sql$select %I.http_post(url := $1, body := '{}'::jsonb, headers := $2, timeout_milliseconds := $3)$sql$,
    'net'
  )
  into v_request_id
  using
    rtrim(v_url, '/') || '/functions/v1/' || p_name,
    jsonb_build_object('Content-Type', 'application/json', 'apikey', v_key),
    p_timeout_ms;
  return v_request_id;
end
$$;
comment on function private.invoke_function(text, integer) is
  'Posts to an edge function with the secret key, by pg_net. URL and key are the Vault''s supabase_url and '
  'supabase_secret_key. Raises 55000 where one is missing. Returns pg_net''s request id.';
revoke execute on function private.invoke_function(text, integer) from public;

create or replace function private.mail_actor(p_user_id uuid default auth.uid())
returns uuid
language plpgsql
set search_path = ''
as $$
begin
  if p_user_id is null or private.has_role(p_user_id, 'admin') then
    return null;
  end if;
  -- One at a time an actor: those who wait here count the mails of those before them.
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('mails of ' || p_user_id, 0));
  return p_user_id;
end
$$;
comment on function private.mail_actor(uuid) is
  'Whose budget pays for the mails that are queued now, locked until the transaction ends: the caller''s, or that of '
  'the person for whom the server acts. Null for the server itself and for admins, whose mails are not counted.';
revoke execute on function private.mail_actor(uuid) from public;

create or replace function private.may_mail(p_actor_id uuid, p_recipient_email text, p_more bigint)
returns boolean
language sql
stable -- counts what was there before the statement that asks: p_more is of that statement
set search_path = ''
as $$
  select p_actor_id is null or (
    select
      -- A coach who calls off a workshop writes to everybody in it; nobody moves sessions all day.
      count(*) filter (where q.is_of_this_hour) + p_more < 100
      and count(*) + p_more < 300
      -- To one person: a session that is booked, moved and called off, and once more.
      and count(*) filter (where q.is_of_this_hour and q.is_to_this_one) < 6
      and count(*) filter (where q.is_to_this_one) < 20
    from (
      select m.created_at > now() - interval '1 hour' as is_of_this_hour,
        lower(m.recipient_email) = lower(p_recipient_email) as is_to_this_one
      from public.email_queue m
      where m.actor_id = p_actor_id
        and m.created_at > now() - interval '1 day'
        and m.status <> 'suppressed'
    ) q
  )
$$;
comment on function private.may_mail(uuid, text, bigint) is
  'Whether the actor may cause one more mail to this address, and p_more to others before it: 100 an hour and '
  '300 a day to all, 6 an hour and 20 a day to one. What goes over is queued as suppressed; the notification '
  'in the app is made all the same.';
revoke execute on function private.may_mail(uuid, text, bigint) from public;

create or replace function private.queue_mail(
  p_recipient_email text,
  p_recipient_name text,
  p_template_key text,
  p_data jsonb default '{}',
  p_secrets jsonb default null,
  p_dedupe_key text default null,
  p_scheduled_for timestamptz default now(),
  p_for_user_id uuid default auth.uid()
)
returns uuid
language plpgsql
set search_path = ''
as $$
declare
  v_user_id uuid;
  v_actor_id uuid := private.mail_actor(p_for_user_id);
  v_is_left boolean;
  v_id uuid;
begin
  select p.id into v_user_id
  from public.profiles p
  where lower(p.email) = lower(p_recipient_email)
  order by p.id
  limit 1;
  if v_user_id is not null and not private.is_reachable(v_user_id) then
    return null;
  end if;

  v_actor_id := nullif(v_actor_id, v_user_id);
  v_is_left := private.may_mail(v_actor_id, p_recipient_email, 0);
  insert into public.email_queue (
    user_id, recipient_email, recipient_name, template_key, template_data, dedupe_key, scheduled_for,
    actor_id, status, error_message
  )
  values (
    v_user_id, p_recipient_email, private.without_web_addresses(p_recipient_name), p_template_key,
    private.values_without_web_addresses(coalesce(p_data, '{}')), p_dedupe_key, p_scheduled_for, v_actor_id,
    case when v_is_left then 'pending' else 'suppressed' end,
    case when not v_is_left then 'who caused it is over the budget of mails' end
  )
  on conflict (lower(recipient_email), dedupe_key) where dedupe_key is not null do nothing
  returning id into v_id;

  if v_id is not null and v_is_left and p_secrets is not null then
    insert into private.email_secrets (email_id, data) values (v_id, p_secrets);
  end if;
  return v_id;
end
$$;
comment on function private.queue_mail(text, text, text, jsonb, jsonb, text, timestamptz, uuid) is
  'Queues one mail to an address. Null, and nothing queued, when it belongs to a disabled person or '
  'inactive client, or when p_dedupe_key was mailed there before. Beyond what private.may_mail() allows the '
  'caller, or the person for whom the server acts, it is queued as suppressed, without its secrets. p_secrets: '
  'template values that are credentials.';
revoke execute on function private.queue_mail(text, text, text, jsonb, jsonb, text, timestamptz, uuid) from public;

create or replace function public.send_cohort_session_reminders(p_now timestamptz default now())
returns integer
language plpgsql
security definer -- private.tell_each is nobody's to call
set search_path = ''
as $$
declare
  v_told integer;
begin
  with session as (
    select s.id, s.title, s.cohort_id, s.timezone, s.calendar_sequence, program.slug,
      (s.session_date + coalesce(s.start_time, '09:00')) at time zone private.known_timezone(s.timezone)
        as starts_at
    from public.cohort_sessions s
    join public.program_cohorts c on c.id = s.cohort_id
    join public.programs program on program.id = c.program_id
    -- two days on either side cover every timezone; the time itself decides below
    where s.session_date between (p_now - interval '2 days')::date and (p_now + interval '2 days')::date
  ),
  due as (
    select session.*,
      case when session.starts_at <= p_now + interval '1 hour' then '1h' else '24h' end as reminder
    from session
    where session.starts_at > p_now and session.starts_at <= p_now + interval '24 hours'
  )
  select coalesce(sum(private.tell_each(
    people.ids,
    'session_reminder',
    'Reminder: ' || due.title,
    private.session_time(due.starts_at, due.timezone),
    '/programs/' || due.slug,
    jsonb_build_object('session_id', due.id, 'session_date', due.starts_at, 'reminder', due.reminder),
    'cohort-session:' || due.id || ':' || due.calendar_sequence || ':' || due.reminder
  )), 0) into v_told
  from due
  join lateral (
    select array_agg(distinct e.client_user_id) as ids
    from public.client_enrollments e
    where e.cohort_id = due.cohort_id and e.status = 'active'
  ) people on people.ids is not null;
  return v_told;
end
$$;
comment on function public.send_cohort_session_reminders(timestamptz) is
  'Reminds those with an active enrolment in the cohort of a session in 24 hours and in 1, each once and '
  'again when it is moved. Start: session_date and start_time, 09:00 without one, in the session''s '
  'timezone. How many notifications were made.';
revoke execute on function public.send_cohort_session_reminders(timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.send_cohort_session_reminders(timestamptz) to service_role;

create or replace function public.send_credit_expiry_notices(p_now timestamptz default now())
returns integer
language plpgsql
security definer -- private.tell_each is nobody's to call
set search_path = ''
set timezone = 'UTC' -- a day lapses at the same time for everybody
as $$
declare
  v_told integer;
begin
  with lapsing as (
    -- by the day, so that what lapses on one day is told of together
    select b.owner_type, b.owner_id, b.expires_at::date as lapses_on, sum(b.remaining_amount) as credits,
      case
        when b.expires_at::date <= p_now::date + 1 then 1
        when b.expires_at::date <= p_now::date + 7 then 7
        else 30
      end as days
    from public.credit_batches b
    where not b.is_expired
      and b.remaining_amount > 0
      and b.source_type <> 'plan' -- never spent, and renewed each month
      and b.expires_at > p_now
      and b.expires_at < p_now::date + 31
    group by b.owner_type, b.owner_id, lapses_on, days
  )
  select coalesce(sum(private.tell_each(
    people.ids,
    'credits_expiring',
    format(case when l.credits = 1 then '%s credit lapses on %s' else '%s credits lapse on %s' end, l.credits,
      to_char(l.lapses_on, 'FMDD FMMonth YYYY')),
    null,
    '/credits',
    jsonb_build_object('credits', l.credits, 'lapses_on', l.lapses_on, 'days', l.days),
    'credits-lapse:' || l.owner_id || ':' || l.lapses_on || ':' || l.days
  )), 0) into v_told
  from lapsing l
  join lateral private.people_of_credits(l.owner_type, l.owner_id) as people (ids) on people.ids is not null;
  return v_told;
end
$$;
comment on function public.send_credit_expiry_notices(timestamptz) is
  'Tells owners, and who manages an organisation''s credits, of credits that lapse within 30, 7 and 1 days: '
  'once for each of these and each day of lapsing. How many notifications were made.';
revoke execute on function public.send_credit_expiry_notices(timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.send_credit_expiry_notices(timestamptz) to service_role;

create or replace function private.send_due_emails(p_now timestamptz default now())
returns bigint
language plpgsql
set search_path = ''
as $$
begin
  if not exists (
    select from public.email_queue q
    where q.status in ('pending', 'sending') and q.scheduled_for <= p_now
  ) then
    return null;
  end if;
  return private.invoke_function('process-email-queue');
end
$$;
comment on function private.send_due_emails(timestamptz) is
  'Calls process-email-queue when a mail is due. Null when none is.';
revoke execute on function private.send_due_emails(timestamptz) from public;

create or replace function private.people_of_credits(p_owner_type text, p_owner_id uuid)
returns uuid[]
language sql
stable
set search_path = ''
begin atomic
  select array_agg(person.id)
  from (
    select p_owner_id where p_owner_type = 'user'
    union all
    select m.user_id from public.organization_members m
    where p_owner_type = 'org' and m.organization_id = p_owner_id and m.is_active
      and m.role in ('org_admin', 'org_manager')
  ) as person (id);
end;
comment on function private.people_of_credits(text, uuid) is
  'Who is told of an owner''s credits: the user, or who manages the organisation.';
revoke execute on function private.people_of_credits(text, uuid) from public;

create or replace function public.send_low_credit_notices(p_now timestamptz default now())
returns integer
language plpgsql
security definer -- private.tell_each is nobody's to call
set search_path = ''
as $$
declare
  v_told integer;
  v_start constant timestamptz := private.month_start(p_now);
  v_end constant timestamptz := private.next_month_start(p_now);
begin
  with watched as (
    select t.owner_type, t.owner_id, t.threshold, t.low_since,
      left_over.credits + greatest(coalesce(plan.credit_allowance - used.credits, 0), 0) as credits
    from public.low_credit_thresholds t
    cross join lateral (
      select coalesce(sum(b.remaining_amount), 0) as credits
      from public.credit_batches b
      where b.owner_type = t.owner_type and b.owner_id = t.owner_id and b.remaining_amount > 0
        and b.expires_at > p_now
    ) left_over
    -- private.plan_allowance(), for all of them at once
    left join public.profiles p on t.owner_type = 'user' and p.id = t.owner_id
      and (p.plan_expires_at is null or p.plan_expires_at > p_now)
    left join public.plans plan on plan.id = p.plan_id and plan.credit_allowance > 0
    left join lateral (
      select coalesce(sum(c.quantity), 0) as credits
      from public.credit_consumption_log c
      where plan.id is not null and c.user_id = t.owner_id and c.source_type = 'plan'
        and c.consumed_at >= v_start and c.consumed_at < v_end
    ) used on true
  ),
  changed as (
    update public.low_credit_thresholds t
    set low_since = case when w.credits <= w.threshold then p_now end
    from watched w
    where t.owner_type = w.owner_type and t.owner_id = w.owner_id
      and (w.credits <= w.threshold) <> (w.low_since is not null)
    returning t.owner_type, t.owner_id, t.low_since, w.credits, w.threshold
  )
  select coalesce(sum(private.tell_each(
    people.ids,
    'credits_low',
    format(case when c.credits = 1 then '%s credit is left' else '%s credits are left' end, c.credits),
    format('You asked to be told at %s.', c.threshold),
    '/credits',
    jsonb_build_object('credits', c.credits, 'threshold', c.threshold, 'owner_type', c.owner_type),
    'credits-low:' || c.owner_id || ':' || extract(epoch from p_now)
  )), 0) into v_told
  from changed c
  cross join lateral private.people_of_credits(c.owner_type, c.owner_id) as people (ids)
  where c.low_since is not null and people.ids is not null;
  return v_told;
end
$$;
comment on function public.send_low_credit_notices(timestamptz) is
  'Tells owners, and who manages an organisation''s credits, once what is left has come down to the threshold they '
  'set; again only after there was more. How many notifications were made.';
revoke execute on function public.send_low_credit_notices(timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.send_low_credit_notices(timestamptz) to service_role;

create or replace function private.email_backoff(p_attempts integer)
returns interval
language sql
immutable
set search_path = ''
begin atomic
  -- within the 24 hours for which the provider remembers an Idempotency-Key
  select (array['1 minute', '5 minutes', '30 minutes', '2 hours'])[least(greatest(p_attempts, 1), 4)]::interval;
end;
comment on function private.email_backoff(integer) is 'How long to wait after so many failed attempts.';
revoke execute on function private.email_backoff(integer) from public;

create or replace function public.settle_emails(p_results jsonb, p_now timestamptz default now())
returns integer
language plpgsql
security definer -- deletes from private.email_secrets
set search_path = ''
as $$
declare
  v_settled integer;
begin
  with result as (
    select r.id, r.outcome, r.provider_id, r.reason, r.retry_after
    from jsonb_to_recordset(p_results)
      as r (id uuid, outcome text, provider_id text, reason text, retry_after integer)
  ),
  settled as (
    update public.email_queue q
    set
      status = case
        when r.outcome in ('sent', 'dead') then r.outcome
        when r.outcome = 'retry' and q.attempts >= coalesce(q.max_attempts, 5) then 'dead'
        else 'pending'
      end,
      attempts = q.attempts - (r.outcome = 'released')::integer,
      sent_at = case when r.outcome = 'sent' then p_now else q.sent_at end,
      provider_id = coalesce(r.provider_id, q.provider_id),
      error_message = r.reason,
      scheduled_for = case r.outcome
        when 'retry' then p_now + greatest(
          private.email_backoff(q.attempts), make_interval(secs => coalesce(r.retry_after, 0))
        )
        when 'released' then p_now + make_interval(secs => coalesce(r.retry_after, 0))
        else q.scheduled_for
      end
    from result r
    where q.id = r.id and q.status = 'sending'
    returning q.id, q.notification_id, q.status, q.error_message
  ),
  forgotten as (
    delete from private.email_secrets s
    using settled
    where s.email_id = settled.id and settled.status in ('sent', 'dead')
  ),
  noted as (
    update public.notifications n
    set
      email_sent = settled.status = 'sent',
      email_sent_at = case when settled.status = 'sent' then p_now end,
      email_error = case when settled.status = 'dead' then settled.error_message end
    from settled
    where n.id = settled.notification_id and settled.status in ('sent', 'dead')
  )
  select count(*) into v_settled from settled;
  return v_settled;
end
$$;
comment on function public.settle_emails(jsonb, timestamptz) is
  'What became of claimed mails: [{ id, outcome: sent | retry | dead | released, provider_id, reason, '
  'retry_after (seconds) }]. A retry waits 1, 5, 30, then 120 minutes and is dead after max_attempts; a '
  'released mail has not been tried. Returns how many were settled; a settled one stays.';
revoke execute on function public.settle_emails(jsonb, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.settle_emails(jsonb, timestamptz) to service_role;

create or replace function private.tell(
  p_user_ids uuid[],
  p_type_key text,
  p_title text,
  p_message text default null,
  p_link text default null,
  p_metadata jsonb default '{}',
  p_dedupe_key text default null
)
returns setof uuid
language plpgsql
set search_path = ''
as $$
declare
  v_type public.notification_types;
  v_actor_id constant uuid := private.mail_actor();
  v_metadata jsonb := coalesce(nullif(p_metadata, 'null'), '{}');
begin
  select t.* into v_type
  from public.notification_types t
  where t.key = p_type_key and t.is_active;
  if not found then
    raise exception 'Invalid notification type: %', p_type_key using errcode = 'invalid_parameter_value';
  end if;

  return query
  with person as (
    select p.id, p.name, p.email, preference.email_enabled, preference.in_app_enabled
    from public.profiles p
    cross join lateral public.get_user_notification_preference(p.id, p_type_key) preference
    where p.id = any (p_user_ids)
      and private.is_reachable(p.id)
  ),
  shown as (
    insert into public.notifications (
      user_id, notification_type_id, title, message, link, metadata, dedupe_key
    )
    select person.id, v_type.id, p_title, p_message, p_link, v_metadata, p_dedupe_key
    from person
    where person.in_app_enabled
    order by person.id -- two transactions that tell the same people wait for one another, in one order
    on conflict (user_id, dedupe_key) where dedupe_key is not null do nothing
    returning id, user_id
  ),
  mailable as (
    select shown.id as notification_id, person.*, nullif(v_actor_id, person.id) as actor_id,
      row_number() over (order by lower(person.email)) as place
    from person
    left join shown on shown.user_id = person.id
    where person.email_enabled
      and person.email is not null
      and v_type.email_template_key is not null
  ),
  mailed as (
    insert into public.email_queue (
      notification_id, user_id, recipient_email, recipient_name, template_key, template_data, dedupe_key,
      actor_id, status, error_message
    )
    select m.notification_id, m.id, m.email, private.without_web_addresses(m.name),
      v_type.email_template_key,
      private.values_without_web_addresses(jsonb_build_object(
        'title', p_title, 'message', p_message, 'link', p_link, 'user_name', m.name
      ) || v_metadata),
      p_dedupe_key,
      m.actor_id,
      case when budget.is_left then 'pending' else 'suppressed' end,
      case when not budget.is_left then 'who caused it is over the budget of mails' end
    from mailable m
    cross join lateral (
      select private.may_mail(m.actor_id, m.email, m.place - 1) as is_left
    ) budget
    order by m.place
    on conflict (lower(recipient_email), dedupe_key) where dedupe_key is not null do nothing
  )
  select shown.id from shown;
end
$$;
comment on function private.tell(uuid[], text, text, text, text, jsonb, text) is
  'Tells people one thing, in the app and by mail, as each one''s preferences and the type allow, and each '
  'at most once for one p_dedupe_key. Silent for disabled people and inactive clients. The ids of the '
  'notifications made. A mail beyond what private.may_mail() allows the caller is queued as suppressed. Raises 22023 for an unknown or inactive type.';
revoke execute on function private.tell(uuid[], text, text, text, text, jsonb, text) from public;

create or replace function private.tell_each(
  p_user_ids uuid[],
  p_type_key text,
  p_title text,
  p_message text,
  p_link text,
  p_metadata jsonb,
  p_dedupe_key text
)
returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_user_id uuid;
  v_told integer;
  v_one integer;
begin
  begin
    select count(*) into v_told
    from private.tell(p_user_ids, p_type_key, p_title, p_message, p_link, p_metadata, p_dedupe_key);
    return v_told;
  exception
    when others then
      v_told := 0; -- somebody among them cannot be told: one by one, so that the others are
  end;
  foreach v_user_id in array p_user_ids loop
    begin
      select count(*) into v_one
      from private.tell(array[v_user_id], p_type_key, p_title, p_message, p_link, p_metadata, p_dedupe_key);
      v_told := v_told + v_one;
    exception
      when others then
        perform private.record_trigger_failure(p_type_key, v_user_id, sqlstate, sqlerrm);
    end;
  end loop;
  return v_told;
end
$$;
comment on function private.tell_each(uuid[], text, text, text, text, jsonb, text) is
  'private.tell() where one who cannot be told must not keep it from the others: recorded in '
  'private.trigger_failures. How many notifications were made.';
revoke execute on function private.tell_each(uuid[], text, text, text, text, jsonb, text) from public;

-- Triggers ----------------------------------------------------------------------------------------

create or replace trigger audit_writes
  after insert or update or delete on public.notification_categories
  for each row execute function private.audit_writes();
create or replace trigger update_notification_categories_updated_at
  before update on public.notification_categories
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.notification_types
  for each row execute function private.audit_writes();
create or replace trigger update_notification_types_updated_at
  before update on public.notification_types
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.email_queue
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
create or replace trigger update_email_queue_updated_at
  before update on public.email_queue
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.email_templates
  for each row execute function private.audit_writes();
create or replace trigger update_email_templates_updated_at
  before update on public.email_templates
  for each row execute function public.update_updated_at_column();
create or replace trigger update_notification_preferences_updated_at
  before update on public.notification_preferences
  for each row execute function public.update_updated_at_column();
create or replace trigger update_user_notification_preferences_updated_at
  before update on public.user_notification_preferences
  for each row execute function public.update_updated_at_column();

-- What needs the functions above ------------------------------------------------------------------

-- What every installation can say. {{name}} is replaced by the value of that name, escaped for HTML.
insert into public.email_templates (template_key, name, subject, html_content, description)
values
  (
    'notification', 'Notification', '{{title}}',
    '<p>Hello {{user_name}},</p><p>{{message}}</p><p><a href="{{link}}">Open InnoTrue Hub</a></p>',
    'Any notification that has no template of its own.'
  ),
  (
    'program_assignment', 'Program assignment', 'You have been enrolled in {{programName}}',
    '<p>Hello {{userName}},</p><p>You have been enrolled in <b>{{programName}}</b>.</p>'
      || '<p>{{programDescription}}</p><p><a href="{{siteUrl}}">Open InnoTrue Hub</a></p>',
    'Sent to a client who has been enrolled in a program.'
  ),
  (
    'org_invite', 'Organisation invitation', 'You are invited to join {{organizationName}}',
    '<p>Hello,</p><p>{{organizationName}} invites you to join its organisation on InnoTrue Hub as {{roleDisplay}}.</p><p><a href="{{inviteLink}}">Accept the invitation</a></p><p>The link works for 7 days, for this address only. If you did not expect it, ignore this mail.</p><p>© {{currentYear}} InnoTrue Hub</p>',
    'An invitation to an organisation. Values: organizationName, roleDisplay, inviteLink, currentYear.'
  ),
  (
    'email_change_confirm', 'Confirm a new e-mail address', 'Confirm your new e-mail address',
    '<p>Hello {{user_name}},</p><p>To use {{new_email}} for InnoTrue Hub from now on, follow this link within an hour:</p><p><a href="{{link}}">Confirm the address</a></p><p>If you did not ask for this, do nothing.</p>',
    'To the new address, with the link that confirms it.'
  ),
  (
    'email_change_notice', 'A new e-mail address was asked for', 'A change of your e-mail address was asked for',
    '<p>Hello {{user_name}},</p><p>Somebody signed in to your account asked to change its e-mail address to {{new_email}}. Nothing changes until that address is confirmed.</p><p>If it was not you, change your password now.</p>',
    'To the present address, when a change is asked for.'
  ),
  (
    'email_changed', 'E-mail address changed', 'Your e-mail address was changed',
    '<p>Hello {{user_name}},</p><p>The e-mail address of your account was changed from {{old_email}} to {{new_email}}.</p><p>If it was not you, write to our support at once.</p>',
    'To the former address, once the new one is confirmed.'
  ),
  (
    'email_changed_by_admin', 'E-mail address changed by an administrator', 'Your e-mail address was changed',
    '<p>Hello {{user_name}},</p><p>An administrator changed the e-mail address of your account from {{old_email}} to {{new_email}}.</p>',
    'To both addresses, when an administrator changes one.'
  ),
  (
    'password_changed', 'Password changed', 'Your password was changed',
    '<p>Hello {{user_name}},</p><p>The password of your account was changed and every device signed out.</p><p>If it was not you, write to our support at once.</p>',
    'After a user has changed the own password.'
  ),
  (
    'password_changed_by_admin', 'Password changed by an administrator', 'Your password was changed',
    '<p>Hello {{user_name}},</p><p>An administrator changed the password of your account and signed every device out.</p>',
    'After an administrator has set a password.'
  )
on conflict (template_key) do nothing;

insert into public.notification_types (key, name, description, email_template_key)
values
  (
    'org_seat_limit_warning', 'Seats are running out',
    'At least 80 per cent of an organisation''s seats are taken.', 'notification'
  ),
  ('org_seat_limit_reached', 'No seats left', 'All seats of an organisation are taken.', 'notification'),
  ('session_requested', 'Session requested', null, 'notification'),
  ('instructor_program_assigned', 'Assigned to a program as instructor', null, 'notification'),
  ('instructor_module_assigned', 'Assigned to a module as instructor', null, 'notification'),
  ('coach_program_assigned', 'Assigned to a program as coach', null, 'notification'),
  ('coach_module_assigned', 'Assigned to a module as coach', null, 'notification')
on conflict (key) do nothing;

update public.notification_types t
set email_template_key = 'notification'
where t.email_template_key is null
  and t.key in (
    'session_scheduled', 'session_rescheduled', 'session_cancelled', 'session_reminder',
    'group_session_scheduled', 'credits_expiring', 'security_alert'
  );

-- Which column of notification_preferences switches off a type's mails.
update public.notification_types t
set preference = p.preference
from (
  values
    ('session_requested', 'session_requests'),
    ('session_scheduled', 'session_scheduled'),
    ('session_rescheduled', 'session_scheduled'),
    ('session_cancelled', 'session_scheduled'),
    ('group_session_scheduled', 'session_scheduled'),
    ('assignment_graded', 'assignment_graded'),
    ('instructor_program_assigned', 'instructor_program_assignments'),
    ('instructor_module_assigned', 'instructor_module_assignments'),
    ('coach_program_assigned', 'coach_program_assignments'),
    ('coach_module_assigned', 'coach_module_assignments')
) as p (key, preference)
where t.key = p.key and t.preference is distinct from p.preference;

-- Without pg_net the job of process-email-queue fails each minute, which operations_health shows.
do $$
begin
  if not exists (select from pg_catalog.pg_available_extensions where name = 'pg_net') then
    raise notice 'pg_net is not available: process-email-queue is not called';
  elsif not exists (select from pg_catalog.pg_extension where extname = 'pg_net') then
    execute 'create extension pg_net with schema extensions';
  end if;
exception
  when others then -- not preloaded (XX000), or not ours to make
    raise notice 'pg_net cannot be used here (%): process-email-queue is not called', sqlerrm;
end
$$;

insert into public.notification_types (key, name, description, email_template_key)
values ('waitlist_place', 'A place is free', 'A place is held for somebody on a waitlist.', 'notification')
on conflict (key) do nothing;
update public.notification_types t
set email_template_key = 'notification'
where t.email_template_key is null and t.key = 'credits_low';
