-- The outbox: whatever has something to say writes it in the transaction of what happened.
--
-- Why: functions called one another over HTTP to send a mail, after the fact and unread, so that a mail
-- was lost, sent twice or sent to a disabled person; and notifications were never deduplicated.
-- Here private.tell() tells a set of people one thing, in the app and by mail, at most once;
-- private.queue_mail() mails an address that may have no account. process-email-queue sends.
-- Locks: ACCESS EXCLUSIVE on notifications and email_queue for two nullable columns each, at once; the
-- indexes are partial over columns that are still empty. Can be run again.

set lock_timeout = '10s';

-- What makes it once --------------------------------------------------------------------------------

alter table public.notifications add column if not exists dedupe_key text;
comment on column public.notifications.dedupe_key is
  'What this tells of, e.g. session-moved:<id>:<time>: a person is told it once. Null: no rule.';
create unique index if not exists notifications_user_id_dedupe_key_key
  on public.notifications (user_id, dedupe_key) where dedupe_key is not null;

alter table public.email_queue
  add column if not exists user_id uuid,
  add column if not exists dedupe_key text;
comment on column public.email_queue.user_id is
  'Whose mail it is, where the recipient has an account: a person disabled meanwhile gets nothing.';
comment on column public.email_queue.dedupe_key is
  'What this tells of: an address is mailed it once. Null: no rule.';
create unique index if not exists email_queue_recipient_email_dedupe_key_key
  on public.email_queue (lower(recipient_email), dedupe_key) where dedupe_key is not null;
create index if not exists email_queue_notification_id_idx on public.email_queue (notification_id);
create index if not exists email_queue_user_id_idx on public.email_queue (user_id)
  where user_id is not null;

-- A link that is a credential is kept apart from what admins can read, and deleted once it is sent.
create table if not exists private.email_secrets (
  email_id uuid primary key references public.email_queue (id) on delete cascade,
  data jsonb not null
);
comment on table private.email_secrets is
  'Template values that are credentials, such as a link with a token. Deleted when the mail is sent or given up.';
alter table private.email_secrets enable row level security;
revoke all on table private.email_secrets from public, anon, authenticated, service_role;

-- Mailing an address --------------------------------------------------------------------------------

create or replace function private.queue_mail(
  p_recipient_email text,
  p_recipient_name text,
  p_template_key text,
  p_data jsonb default '{}',
  p_secrets jsonb default null,
  p_dedupe_key text default null,
  p_scheduled_for timestamptz default now()
)
returns uuid
language plpgsql
set search_path = ''
as $$
declare
  v_user_id uuid;
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

  insert into public.email_queue (
    user_id, recipient_email, recipient_name, template_key, template_data, dedupe_key, scheduled_for
  )
  values (
    v_user_id, p_recipient_email, p_recipient_name, p_template_key, coalesce(p_data, '{}'), p_dedupe_key,
    p_scheduled_for
  )
  on conflict (lower(recipient_email), dedupe_key) where dedupe_key is not null do nothing
  returning id into v_id;

  if v_id is not null and p_secrets is not null then
    insert into private.email_secrets (email_id, data) values (v_id, p_secrets);
  end if;
  return v_id;
end
$$;
comment on function private.queue_mail(text, text, text, jsonb, jsonb, text, timestamptz) is
  'Queues one mail to an address. Null, and nothing queued, when it belongs to a disabled person or inactive client, or when p_dedupe_key was mailed there before. p_secrets: template values that are credentials.';
revoke execute on function private.queue_mail(text, text, text, jsonb, jsonb, text, timestamptz)
  from public, anon, authenticated;

-- Telling people ------------------------------------------------------------------------------------

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
  mailed as (
    insert into public.email_queue (
      notification_id, user_id, recipient_email, recipient_name, template_key, template_data, dedupe_key
    )
    select shown.id, person.id, person.email, person.name, v_type.email_template_key,
      jsonb_build_object(
        'title', p_title, 'message', p_message, 'link', p_link, 'user_name', person.name
      ) || v_metadata,
      p_dedupe_key
    from person
    left join shown on shown.user_id = person.id
    where person.email_enabled
      and person.email is not null
      and v_type.email_template_key is not null
    order by lower(person.email)
    on conflict (lower(recipient_email), dedupe_key) where dedupe_key is not null do nothing
  )
  select shown.id from shown;
end
$$;
comment on function private.tell(uuid[], text, text, text, text, jsonb, text) is
  'Tells people one thing, in the app and by mail, as each one''s preferences and the type allow, and each at most once for one p_dedupe_key. Silent for disabled people and inactive clients. The ids of the notifications made. Raises 22023 for an unknown or inactive type.';
revoke execute on function private.tell(uuid[], text, text, text, text, jsonb, text)
  from public, anon, authenticated;

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
begin atomic
  select told.id
  from private.tell(array[p_user_id], p_type_key, p_title, p_message, p_link, p_metadata) as told (id);
end;
comment on function public.create_notification(uuid, text, text, text, text, jsonb) is
  'Tells one user one thing: private.tell without a rule against repetition. Null when nothing is shown in the app.';
revoke execute on function public.create_notification(uuid, text, text, text, text, jsonb)
  from public, anon, authenticated;
grant execute on function public.create_notification(uuid, text, text, text, text, jsonb) to service_role;

-- What every installation can say -------------------------------------------------------------------

-- {{name}} is replaced by the value of that name, escaped for HTML.
insert into public.email_templates (template_key, name, subject, html_content, description)
values (
  'notification',
  'Notification',
  '{{title}}',
  '<p>Hello {{user_name}},</p><p>{{message}}</p><p><a href="{{link}}">Open InnoTrue Hub</a></p>',
  'Any notification that has no template of its own.'
)
on conflict (template_key) do nothing;

update public.notification_types t
set email_template_key = 'notification'
where t.email_template_key is null
  and t.key in (
    'session_scheduled', 'session_rescheduled', 'session_cancelled', 'session_reminder',
    'group_session_scheduled', 'credits_expiring', 'security_alert'
  );
