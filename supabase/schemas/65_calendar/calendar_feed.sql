create type public.calendar_feed_result as (
  outcome text, -- ok | not_modified | expired | not_found
  fingerprint text, -- of everything that is rendered; equal data, equal fingerprint
  name text,
  modified_at timestamptz,
  events json, -- array of private.calendar_events rows, only when ok and no body is cached
  user_id uuid,
  body text
);
comment on type public.calendar_feed_result is 'What calendar_feed answers.';

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
comment on function public.calendar_feed(uuid, integer, timestamptz, uuid, text[], text[], timestamptz, text) is
  'calendar-feed: the events behind a link (user and version; user and time of signing, 30 days; or the '
  'legacy token), or the calendar itself where it was kept in this variant. not_modified, with neither, '
  'when the caller already knows the fingerprint, or any by the word *. One answer, not_found, for unknown, '
  'revoked, switched off and disabled.';
revoke execute on function public.calendar_feed(uuid, integer, timestamptz, uuid, text[], text[], timestamptz, text)
  from public, anon, authenticated, service_role;
grant execute on function public.calendar_feed(uuid, integer, timestamptz, uuid, text[], text[], timestamptz, text)
  to service_role;
