create type public.reflection_prompt_start as (
  code text,
  prompt jsonb,
  period_start date,
  context jsonb,
  weakest_domain text
);
comment on type public.reflection_prompt_start is
  'code: existing (prompt is it), make (context for the AI, null without consent or after ten a day), '
  'rate_limited, account_disabled.';

create or replace function private.period_start(p_period_type text, p_timezone text, p_now timestamptz)
returns date
language sql
stable
set search_path = ''
begin atomic
  select date_trunc(
    case p_period_type when 'weekly' then 'week' else 'month' end,
    p_now at time zone private.known_timezone(p_timezone)
  )::date;
end;
comment on function private.period_start(text, text, timestamptz) is
  'The Monday of the week or the first of the month in which p_now falls in a timezone.';
revoke execute on function private.period_start(text, text, timestamptz) from public;

create or replace function private.begin_reflection_prompt(p_period_type text, p_force boolean, p_now timestamptz)
returns public.reflection_prompt_start
language plpgsql
security definer -- reads what the user's own policies would answer one by one; writes the quota
set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_timezone text;
  -- A day of UTC: one of the user's own timezone could be had anew by changing the timezone.
  v_today constant date := (p_now at time zone 'UTC')::date;
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
revoke execute on function private.begin_reflection_prompt(text, boolean, timestamptz) from public;
grant execute on function private.begin_reflection_prompt(text, boolean, timestamptz) to authenticated;

create or replace function public.begin_reflection_prompt(p_period_type text, p_force boolean default false)
returns public.reflection_prompt_start
language sql
set search_path = ''
begin atomic
  select private.begin_reflection_prompt(p_period_type, p_force, now());
end;
comment on function public.begin_reflection_prompt(text, boolean) is
  'generate-reflection-prompt, first half: the caller''s pending prompt of the period, or what to make one '
  'of. The period begins in the caller''s timezone. p_force makes anew, at most five times a day of UTC.';
revoke execute on function public.begin_reflection_prompt(text, boolean)
  from public, anon, authenticated, service_role;
grant execute on function public.begin_reflection_prompt(text, boolean) to authenticated;
