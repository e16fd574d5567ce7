-- Reflection prompts: the context in one query of columns that exist, and one pending prompt a period.
--
-- Why: the function read module_progress.user_id, goal_milestones.completed_at and wheel_of_life_scores,
-- none of which exist, and a status of goals that is none, so that prompts knew nothing of their reader;
-- nobody was asked for consent; two pending prompts of a period made every later call fail.
-- Locks: SHARE on generated_prompts while the index is built, of a row a user and week. Can be run again.

set lock_timeout = '10s';

-- Production may hold several pending prompts of a period: the newest stays.
update public.generated_prompts p
set status = 'expired'
where p.status = 'pending'
  and exists (
    select from public.generated_prompts newer
    where newer.user_id = p.user_id
      and newer.period_type = p.period_type
      and newer.period_start = p.period_start
      and newer.status = 'pending'
      and (newer.generated_at, newer.id) > (p.generated_at, p.id)
  );
create unique index if not exists generated_prompts_pending_key
  on public.generated_prompts (user_id, period_type, period_start) where status = 'pending';

create table if not exists private.reflection_quota (
  user_id uuid not null references auth.users (id) on delete cascade,
  day date not null,
  used integer not null default 1 check (used between 1 and 5),
  primary key (user_id, day)
);
comment on table private.reflection_quota is
  'How many prompts a user has had made anew on a day of the user''s timezone: at most five.';
alter table private.reflection_quota enable row level security;
revoke all on table private.reflection_quota from public, anon, authenticated, service_role;

create index if not exists wheel_of_life_snapshots_user_id_date_idx
  on public.wheel_of_life_snapshots (user_id, snapshot_date desc);
create index if not exists development_items_user_id_idx on public.development_items (user_id);
create index if not exists goals_user_id_idx on public.goals (user_id);

-- The context ---------------------------------------------------------------------------------------

create or replace function private.wheel_of_life_scores(p_user_id uuid)
returns table (key text, label text, score integer)
language sql
stable
set search_path = ''
begin atomic
  select domain.key, coalesce(c.name, domain.label), (newest.scores ->> domain.key)::integer
  from (
    select to_jsonb(s) as scores
    from public.wheel_of_life_snapshots s
    where s.user_id = p_user_id
    order by s.snapshot_date desc, s.created_at desc
    limit 1
  ) newest
  cross join (
    values
      ('health_fitness', 'Health & Fitness', 1),
      ('career_business', 'Career & Business', 2),
      ('finances', 'Finances', 3),
      ('relationships', 'Relationships', 4),
      ('personal_growth', 'Personal Growth', 5),
      ('fun_recreation', 'Fun & Recreation', 6),
      ('physical_environment', 'Physical Environment', 7),
      ('family_friends', 'Family & Friends', 8),
      ('spirituality', 'Spirituality', 9), -- of a later schema; absent, it has no score
      ('romance', 'Romance', 10),
      ('contribution', 'Contribution', 11)
  ) as domain (key, label, position)
  left join public.wheel_categories c on c.key = domain.key
  where (newest.scores ->> domain.key)::integer > 0
  order by domain.position;
end;
comment on function private.wheel_of_life_scores(uuid) is
  'The scores (1 to 10) of a user''s newest snapshot of the wheel of life, by snapshot_date, one row a domain that has one.';
revoke execute on function private.wheel_of_life_scores(uuid) from public, anon, authenticated;

create or replace function private.reflection_context(p_user_id uuid, p_now timestamptz)
returns jsonb
language sql
stable
set search_path = ''
begin atomic
  select jsonb_build_object(
    'completed_modules', (
      select coalesce(jsonb_agg(left(recent.title, 200) order by recent.completed_at desc), '[]')
      from (
        select m.title, progress.completed_at
        from public.client_enrollments e
        join public.module_progress progress on progress.enrollment_id = e.id
        join public.program_modules m on m.id = progress.module_id
        where e.client_user_id = p_user_id
          and progress.status = 'completed'
          and progress.completed_at > p_now - interval '30 days'
        order by progress.completed_at desc
        limit 5
      ) recent
    ),
    'active_goals', (
      select coalesce(
        jsonb_agg(
          jsonb_build_object(
            'title', left(goal.title, 200), 'progress', goal.progress_percentage, 'due', goal.target_date
          ) order by goal.target_date, goal.created_at
        ), '[]'
      )
      from (
        select g.title, g.progress_percentage, g.target_date, g.created_at
        from public.goals g
        where g.user_id = p_user_id
          and not g.is_private
          and g.status in ('active', 'not_started', 'in_progress') -- before and after values were renamed
        order by g.target_date nulls last, g.created_at
        limit 5
      ) goal
    ),
    'open_milestones', (
      select coalesce(
        jsonb_agg(
          jsonb_build_object('title', left(milestone.title, 200), 'due', milestone.due_date)
          order by milestone.due_date
        ), '[]'
      )
      from (
        select ms.title, ms.due_date
        from public.goals g
        join public.goal_milestones ms on ms.goal_id = g.id
        where g.user_id = p_user_id
          and not g.is_private
          and not ms.is_private
          and ms.status <> 'completed'
          and ms.due_date between p_now::date and p_now::date + 14
        order by ms.due_date
        limit 5
      ) milestone
    ),
    'recent_reflections', (
      select coalesce(jsonb_agg(left(reflection.content, 200) order by reflection.created_at desc), '[]')
      from (
        select i.content, i.created_at
        from public.development_items i
        where i.user_id = p_user_id
          and i.item_type = 'reflection'
          and not i.is_private
          and i.content is not null
        order by i.created_at desc
        limit 3
      ) reflection
    ),
    'wheel_of_life', (
      select coalesce(jsonb_agg(jsonb_build_object('domain', w.label, 'score', w.score)), '[]')
      from private.wheel_of_life_scores(p_user_id) w
    )
  );
end;
comment on function private.reflection_context(uuid, timestamptz) is
  'What a prompt may refer to: titles and scores of the last month, 200 characters each, nothing marked private.';
revoke execute on function private.reflection_context(uuid, timestamptz) from public, anon, authenticated;

-- Beginning and ending ------------------------------------------------------------------------------

do $$
begin
  perform private.drop_public_functions('begin_reflection_prompt', 'save_reflection_prompt');
  drop function if exists private.begin_reflection_prompt(text, boolean, timestamptz);
  drop type if exists public.reflection_prompt_start;
end
$$;

create type public.reflection_prompt_start as (
  code text,
  prompt jsonb,
  period_start date,
  context jsonb,
  weakest_domain text
);
comment on type public.reflection_prompt_start is
  'code: existing (prompt is it), make (context for the AI, null without consent), rate_limited, account_disabled.';

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
revoke execute on function private.period_start(text, text, timestamptz) from public, anon, authenticated;

create function private.begin_reflection_prompt(p_period_type text, p_force boolean, p_now timestamptz)
returns public.reflection_prompt_start
language plpgsql
security definer -- reads what the user's own policies would answer one by one; writes the quota
set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_timezone text;
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
    values (v_user_id, (p_now at time zone private.known_timezone(v_timezone))::date)
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
    v_start.context := private.reflection_context(v_user_id, p_now);
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

create function public.begin_reflection_prompt(
  p_period_type text, p_force boolean default false, p_now timestamptz default now()
)
returns public.reflection_prompt_start
language sql
set search_path = ''
begin atomic
  select private.begin_reflection_prompt(p_period_type, p_force, p_now);
end;
comment on function public.begin_reflection_prompt(text, boolean, timestamptz) is
  'generate-reflection-prompt, first half: the caller''s pending prompt of the period, or what to make one of. The period begins in the caller''s timezone. p_force makes anew, at most five times a day.';
revoke execute on function public.begin_reflection_prompt(text, boolean, timestamptz)
  from public, anon, service_role;
grant execute on function public.begin_reflection_prompt(text, boolean, timestamptz) to authenticated;

create function public.save_reflection_prompt(
  p_period_type text,
  p_period_start date,
  p_text text,
  p_source text,
  p_replace boolean default false,
  p_now timestamptz default now()
)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_prompt public.generated_prompts;
begin
  -- side by side, the later replaces what the earlier saved
  perform pg_catalog.pg_advisory_xact_lock(
    pg_catalog.hashtextextended('reflection-prompt:' || v_user_id, 0)
  );
  if p_replace then
    update public.generated_prompts p
    set status = 'expired'
    where p.user_id = v_user_id
      and p.period_type = p_period_type
      and p.period_start = p_period_start
      and p.status = 'pending';
  end if;

  insert into public.generated_prompts (
    user_id, prompt_text, prompt_context, period_type, period_start, generated_at
  )
  values (
    v_user_id, p_text, jsonb_build_object('source', p_source), p_period_type, p_period_start, p_now
  )
  on conflict (user_id, period_type, period_start) where status = 'pending' do nothing
  returning * into v_prompt;
  if found then
    return jsonb_build_object('prompt', to_jsonb(v_prompt), 'is_new', true);
  end if;

  select p.* into strict v_prompt
  from public.generated_prompts p
  where p.user_id = v_user_id
    and p.period_type = p_period_type
    and p.period_start = p_period_start
    and p.status = 'pending';
  return jsonb_build_object('prompt', to_jsonb(v_prompt), 'is_new', false);
end
$$;
comment on function public.save_reflection_prompt(text, date, text, text, boolean, timestamptz) is
  'generate-reflection-prompt, second half: saves the caller''s prompt of the period, or answers the one that was saved meanwhile: { prompt, is_new }. p_replace expires the pending one. p_source: ai or fallback.';
revoke execute on function public.save_reflection_prompt(text, date, text, text, boolean, timestamptz)
  from public, anon, service_role;
grant execute on function public.save_reflection_prompt(text, date, text, text, boolean, timestamptz)
  to authenticated;
