-- Sending the outbox: who sends claims mails, and settles what became of each.
--
-- Why: nothing sent email_queue. A mail is claimed for a few minutes, with for update skip locked, so that
-- two senders never hold the same one and a sender that dies loses none; its id is the Idempotency-Key at
-- the provider, so that sending it again sends nothing twice.
-- scheduled_for is when a mail is due: at first when it was wanted, then the end of a claim or of a pause.
-- Locks: ACCESS EXCLUSIVE on email_queue, briefly (a nullable column, a default, a check that is not
-- validated against what production holds). Can be run again.

set lock_timeout = '10s';

alter table public.email_queue
  add column if not exists provider_id text,
  alter column max_attempts set default 5;
comment on column public.email_queue.provider_id is 'The mail''s id at the provider.';
comment on column public.email_queue.scheduled_for is
  'Not to be sent before: when it was wanted, the end of a sender''s claim, or of the pause after a failure.';
comment on column public.email_queue.error_message is
  'Why it failed last, was given up or held back; for a sent one, the template''s values that were missing.';

do $$
begin
  if not exists (
    select from pg_catalog.pg_constraint c
    where c.conrelid = 'public.email_queue'::regclass and c.conname = 'email_queue_status_check'
  ) then
    alter table public.email_queue add constraint email_queue_status_check
      check (status in ('pending', 'sending', 'sent', 'dead', 'suppressed')) not valid;
  end if;
end
$$;
comment on column public.email_queue.status is
  'pending, sending (claimed), sent, dead (given up: error_message says why), suppressed (the recipient is disabled).';
create index if not exists email_queue_due_idx on public.email_queue (scheduled_for)
  where status in ('pending', 'sending');
create index if not exists email_queue_created_at_idx on public.email_queue (created_at)
  where status in ('sent', 'suppressed');

-- Claiming ------------------------------------------------------------------------------------------

do $$
begin
  perform private.drop_public_functions('claim_emails', 'settle_emails');
end
$$;

create function public.claim_emails(
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
  'Takes up to p_limit mails that are due, for p_claim: nobody else gets them until then. Each with its template, which has {{name}} where a value of data goes. Holds back those to disabled people, gives up those without a template or attempts left.';
revoke execute on function public.claim_emails(integer, interval, timestamptz)
  from public, anon, authenticated;
grant execute on function public.claim_emails(integer, interval, timestamptz) to service_role;

-- Settling ------------------------------------------------------------------------------------------

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
revoke execute on function private.email_backoff(integer) from public, anon, authenticated;

create function public.settle_emails(p_results jsonb, p_now timestamptz default now())
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
  'What became of claimed mails: [{ id, outcome: sent | retry | dead | released, provider_id, reason, retry_after (seconds) }]. A retry waits 1, 5, 30, then 120 minutes and is dead after max_attempts; a released mail has not been tried. Returns how many were settled; a settled one stays.';
revoke execute on function public.settle_emails(jsonb, timestamptz) from public, anon, authenticated;
grant execute on function public.settle_emails(jsonb, timestamptz) to service_role;

-- Watching ------------------------------------------------------------------------------------------

create or replace view public.email_health with (security_invoker = true) as
select
  count(*) filter (where q.status in ('pending', 'sending')) as waiting,
  min(q.created_at) filter (where q.status in ('pending', 'sending') and q.scheduled_for <= now())
    as oldest_due,
  count(*) filter (where q.status = 'dead') as dead,
  count(*) filter (where q.status = 'sent' and q.error_message is not null) as sent_with_missing_values,
  max(q.sent_at) as last_sent_at
from public.email_queue q;
comment on view public.email_health is
  'The outbox at a glance. oldest_due more than some minutes ago: nobody sends. dead: see error_message in email_queue; setting such a row to pending, attempts 0, sends it again.';
revoke all on table public.email_health from public, anon, authenticated;
grant select on table public.email_health to authenticated, service_role;

-- Being called --------------------------------------------------------------------------------------

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
  'Posts to an edge function with the secret key, by pg_net. URL and key are the Vault''s supabase_url and supabase_secret_key. Raises 55000 where one is missing. Returns pg_net''s request id.';
revoke execute on function private.invoke_function(text, integer) from public, anon, authenticated;

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
revoke execute on function private.send_due_emails(timestamptz) from public, anon, authenticated;

do $do$
begin
  if exists (select from pg_catalog.pg_available_extensions where name = 'pg_net') then
    create extension if not exists pg_net with schema extensions;
    perform private.schedule_job(
      'process-email-queue', '* * * * *', 'select private.send_due_emails()'
    );
  else
    raise notice 'pg_net is not available: process-email-queue is not scheduled';
  end if;
  perform private.schedule_job(
    'forget-sent-emails', '20 3 * * *',
    $$delete from public.email_queue
      where status in ('sent', 'suppressed') and created_at < now() - interval '90 days'$$
  );
end
$do$;
