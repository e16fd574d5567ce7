-- calendar-feed: the calendar itself is kept, so that a client that never sends an ETag costs one row.
--
-- Why: Google and others fetch the whole calendar each time, and each time its sessions were read, sent and
-- rendered anew. What the function has rendered is kept under the fingerprint of the data that it was made
-- of, and sent again while that fingerprint is the feed's: an entry that is out of date is never found, so
-- nobody has to delete it in time. Whose link it is, and whether it still opens anything, is asked first.
-- Locks: none that last. Replaces calendar_feed by one that takes one argument more; functions that are
-- deployed already go on calling it without. Can be run again.

set lock_timeout = '10s';

create table if not exists private.calendar_bodies (
  user_id uuid not null references private.calendar_summaries (user_id) on delete cascade,
  variant text not null check (variant ~ '^[A-Za-z0-9+-]{1,64}$'),
  fingerprint text not null,
  body text not null,
  kept_at timestamptz not null default now(),
  primary key (user_id, variant)
);
comment on table private.calendar_bodies is
  'Rendered calendars, at most four a user and none for more than a week. May be emptied at any time.';
comment on column private.calendar_bodies.user_id is 'Whose calendar it is.';
comment on column private.calendar_bodies.variant is
  'The form in which the rows are rendered: the revision of the renderer and the options, as in the ETag.';
comment on column private.calendar_bodies.fingerprint is 'That of calendar_feed for what was rendered.';
comment on column private.calendar_bodies.body is
  'The calendar (RFC 5545), packed with gzip, behind its SHA-256, all of it in base64 as JSON carries it.';
comment on column private.calendar_bodies.kept_at is 'When it was rendered.';
-- gzip has done what there is to do
alter table private.calendar_bodies alter column body set storage external;
create index if not exists calendar_bodies_kept_at_idx on private.calendar_bodies (kept_at);

alter table private.calendar_bodies enable row level security;
revoke all on table private.calendar_bodies from public, anon, authenticated;
grant select, insert, update, delete on table private.calendar_bodies to service_role;

-- Whoever holds a link can ask for 40,000 variants; their owner's programs want one or two.
create or replace function private.may_keep_calendar_body(p_user_id uuid, p_variant text)
returns boolean
language sql
stable
set search_path = ''
begin atomic
  select coalesce(
    p_variant is not null
      and exists (select from private.calendar_summaries s where s.user_id = p_user_id)
      and (
        count(*) < 4
        or bool_or(b.variant = p_variant)
        or min(b.kept_at) < now() - interval '1 hour'
      ),
    false
  )
  from private.calendar_bodies b
  where b.user_id = p_user_id;
end;
comment on function private.may_keep_calendar_body(uuid, text) is
  'Whether a calendar of this variant may be kept: of a feed that is watched, in place of its former one, as one of four, or of the oldest where that has been there for an hour.';
revoke execute on function private.may_keep_calendar_body(uuid, text) from public, anon, authenticated;
grant execute on function private.may_keep_calendar_body(uuid, text) to service_role;

create or replace function public.keep_calendar_body(
  p_user_id uuid, p_variant text, p_fingerprint text, p_body text
)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
begin
  -- One writer at a time, so that two never wait for one another; the others leave it at that.
  perform from private.calendar_summaries s where s.user_id = p_user_id for no key update skip locked;
  if not found or not private.may_keep_calendar_body(p_user_id, p_variant) then
    return false;
  end if;
  insert into private.calendar_bodies as b (user_id, variant, fingerprint, body)
  values (p_user_id, p_variant, p_fingerprint, p_body)
  on conflict (user_id, variant) do update
    set fingerprint = excluded.fingerprint, body = excluded.body, kept_at = excluded.kept_at;
  delete from private.calendar_bodies b
  where b.user_id = p_user_id
    and b.variant not in (
      select k.variant from private.calendar_bodies k
      where k.user_id = p_user_id
      order by k.kept_at desc, k.variant = p_variant desc
      limit 4
    );
  return true;
end
$$;
comment on function public.keep_calendar_body(uuid, text, text, text) is
  'calendar-feed: keeps a calendar that was rendered from the data of this fingerprint, in place of what there was of this variant. Of more than four variants the oldest goes, after an hour. Returns whether it was kept.';
revoke execute on function public.keep_calendar_body(uuid, text, text, text) from public, anon, authenticated;
grant execute on function public.keep_calendar_body(uuid, text, text, text) to service_role;

create or replace function private.forget_calendar_bodies(p_now timestamptz default now())
returns bigint
language sql
volatile
set search_path = ''
begin atomic
  with forgotten as (
    delete from private.calendar_bodies b where b.kept_at < p_now - interval '6 days' returning 1
  )
  select count(*) from forgotten;
end;
comment on function private.forget_calendar_bodies(timestamptz) is
  'Deletes the calendars that were rendered six days ago: each night, so that none is older than a week. Returns how many.';
revoke execute on function private.forget_calendar_bodies(timestamptz) from public, anon, authenticated;

select private.schedule_job('calendar-bodies', '30 3 * * *', 'select private.forget_calendar_bodies()');

-- The feed ------------------------------------------------------------------------------------------

do $$
begin
  if not exists (
    select from pg_attribute
    where attrelid = to_regclass('public.calendar_feed_result') and attname = 'body' and not attisdropped
  ) then
    alter type public.calendar_feed_result
      add attribute user_id uuid, -- whose calendar may be kept under p_variant once it is rendered
      add attribute body text; -- where it was kept, in place of events
  end if;
end
$$;

drop function if exists public.calendar_feed(uuid, integer, timestamptz, uuid, text[], text[], timestamptz);
create or replace function public.calendar_feed(
  p_user_id uuid default null,
  p_version integer default null,
  p_signed_at timestamptz default null,
  p_token uuid default null,
  p_known text[] default '{}',
  p_only text[] default null,
  p_now timestamptz default now(),
  p_variant text default null
)
returns public.calendar_feed_result
language plpgsql
volatile -- each statement sees what is committed by then, and a summary may be kept
set search_path = ''
-- planning the events takes longer than reading them, and a connection sees few of the first five calls
set plan_cache_mode = force_generic_plan
as $$
declare
  -- The window moves at midnight, so that between two midnights only a change changes the feed.
  v_day constant date := (p_now at time zone 'UTC')::date;
  v_from constant timestamptz := (v_day - 30)::timestamp at time zone 'UTC';
  v_until constant timestamptz := ((v_day + 1)::timestamp + interval '18 months') at time zone 'UTC';
  v_owner record;
  v_made record;
  v_keeping boolean;
  v_result public.calendar_feed_result;
begin
  select p.id, p.name,
    s.revision,
    coalesce(s.kept_at > now() - interval '2 days', false) as is_watched,
    c.changes,
    case
      when s.day = v_day and s.epoch = e.epoch and s.kept_at > now() - interval '2 days'
        and c.changes = '{}'
      then s.parts
    end as parts
  into v_owner
  from public.profiles p
  cross join private.calendar_epoch e
  left join private.calendar_links l on l.user_id = p.id
  left join private.calendar_summaries s on s.user_id = p.id
  cross join lateral (
    select array(
      select c.id from private.calendar_changes c where c.user_id = p.id order by c.id
    ) as changes
  ) c
  where p.id = coalesce(
      (select t.id from public.profiles t where t.calendar_token = private.calendar_token_hash(p_token)),
      p_user_id
    )
    and p.calendar_sync_enabled
    and not private.is_disabled(p.id, p_now)
    and case
      when p_version is not null then l.version = p_version
      when p_signed_at is not null
        then p_signed_at <= p_now and coalesce(l.rotated_at <= p_signed_at, true)
      else p_token is not null
    end;

  if not found then
    v_result.outcome := 'not_found';
    return v_result;
  end if;
  if p_signed_at < p_now - interval '30 days' then
    v_result.outcome := 'expired';
    return v_result;
  end if;

  v_result.name := v_owner.name;
  if v_owner.parts is not null then
    v_result.fingerprint := private.calendar_fingerprint(v_owner.name, v_owner.parts, p_only);
    v_result.modified_at := (
      select max(p.modified_at) from unnest(v_owner.parts) p
      where p_only is null or p.selector = any (p_only)
    );
    if p_known && array[v_result.fingerprint, '*'] then
      v_result.outcome := 'not_modified';
      return v_result;
    end if;
    select b.body into v_result.body
    from private.calendar_bodies b
    where b.user_id = v_owner.id and b.variant = p_variant and b.fingerprint = v_result.fingerprint;
    if found then
      v_result.outcome := 'ok';
      v_result.user_id := v_owner.id;
      return v_result;
    end if;
  end if;

  -- Asked before the events are read, in the next statement's snapshot.
  v_keeping := v_owner.parts is null and private.calendars_are_quiet();

  with events as materialized (
    select e as event, e.modified_at, case when e.hosting then 'hosting' else e.kind end as selector
    from private.calendar_events(v_owner.id, v_from, v_until, v_from) e
  ),
  parts as (
    select e.selector, count(*) as events,
      bit_xor(hash_record_extended(e.event, 0)) as hash_0,
      bit_xor(hash_record_extended(e.event, 1)) as hash_1,
      max(e.modified_at) as modified_at
    from events e
    group by e.selector
  ),
  summary as (
    select coalesce(
        array_agg(row(p.selector, p.events, p.hash_0, p.hash_1, p.modified_at)::private.calendar_part),
        '{}'
      ) as parts,
      max(p.modified_at) filter (where p_only is null or p.selector = any (p_only)) as modified_at
    from parts p
  ),
  fingerprinted as (
    select s.*, private.calendar_fingerprint(v_owner.name, s.parts, p_only) as fingerprint
    from summary s
  ),
  compared as (
    select f.*, coalesce(p_known && array[f.fingerprint, '*'], false) as is_known from fingerprinted f
  ),
  made as materialized (
    select c.*, b.body
    from compared c
    left join private.calendar_bodies b on b.user_id = v_owner.id and b.variant = p_variant
      and b.fingerprint = c.fingerprint and not c.is_known
  )
  select m.parts, m.modified_at, m.fingerprint, m.is_known, m.body,
    case when not m.is_known and m.body is null then
      coalesce(
        (
          select json_agg(e.event) from events e
          where p_only is null or e.selector = any (p_only)
        ),
        '[]'::json
      )
    end as events,
    (select n.epoch from private.calendar_epoch n) as epoch,
    array(
      select c.id from private.calendar_changes c where c.user_id = v_owner.id order by c.id
    ) as changes
  into v_made
  from made m;

  if v_keeping and v_owner.is_watched and v_made.changes = v_owner.changes then
    perform private.keep_calendar_summary(
      v_owner.id, v_owner.revision, v_made.epoch, v_day, v_made.parts, v_made.changes
    );
  elsif v_keeping and not v_owner.is_watched then
    -- From the end of this transaction on, changes are noted for this user, and the next one may keep.
    insert into private.calendar_summaries as s (user_id)
    select p.id from public.profiles p where p.id = v_owner.id for key share skip locked
    on conflict (user_id) do update set kept_at = excluded.kept_at, revision = s.revision + 1, parts = null;
  end if;

  v_result.fingerprint := v_made.fingerprint;
  v_result.modified_at := v_made.modified_at;
  if v_made.is_known then
    v_result.outcome := 'not_modified';
    return v_result;
  end if;
  v_result.outcome := 'ok';
  v_result.body := v_made.body;
  v_result.events := v_made.events;
  if private.may_keep_calendar_body(v_owner.id, p_variant) then
    v_result.user_id := v_owner.id;
  end if;
  return v_result;
end
$$;
comment on function
  public.calendar_feed(uuid, integer, timestamptz, uuid, text[], text[], timestamptz, text) is
  'calendar-feed: the events behind a link (user and version; user and time of signing, 30 days; or the legacy token), or the calendar itself where it was kept in this variant. not_modified, with neither, when the caller already knows the fingerprint, or any by the word *. One answer, not_found, for unknown, revoked, switched off and disabled.';
revoke execute on function
  public.calendar_feed(uuid, integer, timestamptz, uuid, text[], text[], timestamptz, text)
  from public, anon, authenticated;
grant execute on function
  public.calendar_feed(uuid, integer, timestamptz, uuid, text[], text[], timestamptz, text)
  to service_role;

-- What operations_health wants of pg_cron ------------------------------------------------------------

create or replace function private.wanted_cron_jobs()
returns table (name text, schedule text, command text, late_after interval)
language sql
stable
set search_path = ''
begin atomic
  select w.name, w.schedule, w.command,
    case w.schedule
      when '* * * * *' then interval '5 minutes'
      when '*/15 * * * *' then interval '45 minutes'
      else interval '26 hours'
    end
  from (
    values
      ('calcom-webhook-logs', '40 3 * * *', 'select public.cleanup_old_webhook_logs()'),
      ('calendar-bodies', '30 3 * * *', 'select private.forget_calendar_bodies()'),
      ('cohort-reminders', '*/15 * * * *', 'select public.send_cohort_session_reminders()'),
      ('credit-expiry-notices', '0 7 * * *', 'select public.send_credit_expiry_notices()'),
      ('credit-maintenance', '10 0 * * *', 'select public.run_credit_maintenance(p_trigger => ''cron'')'),
      ('cron-run-details', '50 3 * * *', 'select private.forget_cron_runs()'),
      ('forget-sent-emails', '20 3 * * *',
        'delete from public.email_queue where status in (''sent'', ''suppressed'') and created_at < now() - interval ''90 days'''),
      ('lift-lapsed-bans', '* * * * *', 'select private.lift_lapsed_bans()'),
      ('operations-audits', '30 0 * * *', 'select public.record_operations_audits()'),
      ('org-seat-limits', '0 6 * * *', 'select public.check_org_seat_limits()'),
      ('process-email-queue', '* * * * *', 'select private.send_due_emails()'),
      ('stripe-payload-deletion', '40 3 * * *', 'select private.delete_stripe_payloads()')
  ) as w (name, schedule, command)
  where w.name <> 'process-email-queue' -- which is scheduled where pg_net can be had
    or exists (select from pg_catalog.pg_available_extensions e where e.name = 'pg_net');
end;

-- As after every change of the feed.
select private.forget_calendar_summaries();
