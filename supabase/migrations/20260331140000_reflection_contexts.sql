-- How often a day somebody's data goes to the AI.
--
-- Why: whoever answers or deletes the pending prompt gets a new one for the asking, and each was paid for.
-- Only what is made anew by force had a limit.
-- Locks: none; the table is new. Can be run again.

set lock_timeout = '10s';

create table if not exists private.reflection_contexts (
  user_id uuid not null references auth.users (id) on delete cascade,
  day date not null,
  given integer not null default 1 check (given between 1 and 10),
  primary key (user_id, day)
);
comment on table private.reflection_contexts is
  'How often a user''s context was given for the AI on a day of the user''s timezone: at most ten times; further prompts of the day are general ones.';
alter table private.reflection_contexts enable row level security;
revoke all on table private.reflection_contexts from public, anon, authenticated, service_role;

create or replace function private.begin_reflection_prompt(p_period_type text, p_force boolean, p_now timestamptz)
returns public.reflection_prompt_start
language plpgsql
security definer -- reads what the user's own policies would answer one by one; writes the quota
set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_timezone text;
  v_today date;
  v_start public.reflection_prompt_start;
begin
  if p_period_type not in ('weekly', 'monthly') then
    raise exception 'period_type must be weekly or monthly' using errcode = 'invalid_parameter_value';
  end if;
  if v_user_id is null or private.is_disabled(v_user_id) then
    v_start.code := 'account_disabled';
    return v_start;
  end if;

  select p.timezone into v_timezone from public.profiles p where p.id = v_user_id;
  v_today := (p_now at time zone private.known_timezone(v_timezone))::date;
  v_start.period_start := private.period_start(p_period_type, v_timezone, p_now);

  if p_force then
    -- one statement, so that calls side by side share the five
    insert into private.reflection_quota as q (user_id, day)
    values (v_user_id, v_today)
    on conflict (user_id, day) do update set used = q.used + 1 where q.used < 5;
    if not found then
      v_start.code := 'rate_limited';
      return v_start;
    end if;
  else
    select to_jsonb(p) into v_start.prompt
    from public.generated_prompts p
    where p.user_id = v_user_id
      and p.period_type = p_period_type
      and p.period_start = v_start.period_start
      and p.status = 'pending';
    if found then
      v_start.code := 'existing';
      return v_start;
    end if;
  end if;

  v_start.code := 'make';
  if exists (
    select from public.ai_preferences a
    where a.user_id = v_user_id and a.ai_insights_enabled and a.consent_given_at is not null
  ) then
    -- one statement, so that calls side by side share the ten
    insert into private.reflection_contexts as c (user_id, day)
    values (v_user_id, v_today)
    on conflict (user_id, day) do update set given = c.given + 1 where c.given < 10;
    if found then
      v_start.context := private.reflection_context(v_user_id, p_now);
    end if;
  end if;
  select w.key into v_start.weakest_domain
  from private.wheel_of_life_scores(v_user_id) w
  order by w.score, w.key
  limit 1;
  return v_start;
end
$$;
comment on function private.begin_reflection_prompt(text, boolean, timestamptz) is
  'See public.begin_reflection_prompt.';
revoke execute on function private.begin_reflection_prompt(text, boolean, timestamptz) from public, anon;
grant execute on function private.begin_reflection_prompt(text, boolean, timestamptz) to authenticated;

comment on type public.reflection_prompt_start is
  'code: existing (prompt is it), make (context for the AI, null without consent or after ten a day), rate_limited, account_disabled.';
