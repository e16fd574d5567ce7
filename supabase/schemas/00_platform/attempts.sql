create table private.attempts (
  id bigint generated always as identity primary key,
  action text not null,
  user_id uuid not null,
  occurred_at timestamptz not null
);

comment on table private.attempts is
  'What users did lately that they may do only so often. private.take_attempt() counts and clears them. Visitors '
  'are counted under ids of nobody: see private.begin_code_attempt().';

create index attempts_action_user_id_occurred_at_idx
  on private.attempts (action, user_id, occurred_at);
create index attempts_user_id_idx on private.attempts (user_id);

alter table private.attempts enable row level security;
revoke all on table private.attempts from public, anon, authenticated, service_role;

create or replace function private.take_attempt(
  p_action text, p_user_id uuid, p_limits integer[], p_periods interval[], p_now timestamptz
)
returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_wait integer;
begin
  -- One at a time a user and action: those who wait here count what those before them took.
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(p_action || ':' || p_user_id, 0));

  delete from private.attempts a
  where a.action = p_action
    and a.user_id = p_user_id
    and a.occurred_at <= p_now - (select max(period) from unnest(p_periods) as period);

  select max(ceil(extract(epoch from taken.occurred_at + rule.period - p_now)))::integer into v_wait
  from unnest(p_limits, p_periods) as rule (allowed, period)
  cross join lateral (
    select a.occurred_at
    from private.attempts a
    where a.action = p_action
      and a.user_id = p_user_id
      and a.occurred_at > p_now - rule.period
    order by a.occurred_at desc
    offset rule.allowed - 1
    limit 1
  ) taken;
  if v_wait is not null then
    return greatest(v_wait, 1);
  end if;

  insert into private.attempts (action, user_id, occurred_at) values (p_action, p_user_id, p_now);
  return null;
end
$$;
comment on function private.take_attempt(text, uuid, integer[], interval[], timestamptz) is
  'Takes one of the attempts that a user has: p_limits[n] in any p_periods[n]. Null, or the seconds until '
  'the next, when nothing is taken. Holds until the transaction ends.';
revoke execute on function private.take_attempt(text, uuid, integer[], interval[], timestamptz) from public;
