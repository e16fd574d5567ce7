-- Reflection prompts, goals and guided paths.
--
-- Why: the functions behind reflection prompts and the readiness dashboard read what the person may see, with a
-- quota, in one statement each.
-- Locks: on production, until commit, ACCESS EXCLUSIVE on ai_preferences, auth.users, development_items,
-- generated_prompts, goal_comments, goal_milestones, goals, guided_path_instantiations,
-- guided_path_milestone_gates, guided_path_template_goals, guided_path_template_milestones, wheel_categories,
-- wheel_of_life_snapshots; SHARE on capability_snapshots, module_reflections; SHARE UPDATE EXCLUSIVE, which
-- hinders no reader and no writer, on others.
-- Can be run again.

set lock_timeout = '10s';
set check_function_bodies = off; -- a body may name what a later file makes

-- Types -------------------------------------------------------------------------------------------

select private.ensure_type($type$
create type public.reflection_prompt_start as (
  code text,
  prompt jsonb,
  period_start date,
  context jsonb,
  weakest_domain text
)
$type$);

-- Tables that are there ---------------------------------------------------------------------------

-- On columns of text production's defaults are cast to types that its later state no longer has.
alter table public.goals alter column priority set default 'medium';
alter table public.goal_milestones alter column status set default 'not_started';

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
select private.ensure_index(
  $$create unique index generated_prompts_pending_key
    on public.generated_prompts (user_id, period_type, period_start) where status = 'pending'$$
);
select private.ensure_index(statement) from unnest(array[
  $$create index capability_snapshots_enrollment_id_idx
    on public.capability_snapshots (enrollment_id) where enrollment_id is not null$$,
  $$create index capability_snapshots_evaluator_id_idx
    on public.capability_snapshots (evaluator_id) where evaluator_id is not null$$,
  'create index capability_snapshots_user_id_idx on public.capability_snapshots (user_id)',
  'create index development_items_author_id_idx on public.development_items (author_id) where author_id is not null',
  'create index development_items_prompt_id_idx on public.development_items (prompt_id) where prompt_id is not null',
  'create index development_items_user_id_idx on public.development_items (user_id)',
  $$create index generated_prompts_response_item_id_idx
    on public.generated_prompts (response_item_id) where response_item_id is not null$$,
  'create index generated_prompts_user_id_idx on public.generated_prompts (user_id)',
  'create index goal_comments_goal_id_idx on public.goal_comments (goal_id)',
  'create index goal_comments_user_id_idx on public.goal_comments (user_id)',
  'create index goal_milestones_goal_id_idx on public.goal_milestones (goal_id)',
  'create index goals_instantiation_id_idx on public.goals (instantiation_id) where instantiation_id is not null',
  'create index goals_user_id_idx on public.goals (user_id)',
  'create index guided_path_instantiations_user_id_idx on public.guided_path_instantiations (user_id)',
  'create index module_reflections_module_progress_id_idx on public.module_reflections (module_progress_id)',
  'create index module_reflections_user_id_idx on public.module_reflections (user_id)',
  $$create index wheel_of_life_snapshots_user_id_date_idx
    on public.wheel_of_life_snapshots (user_id, snapshot_date desc)$$
]) as statement;

-- A link that runs a script or opens a program is none that anybody follows.
insert into private.rows_before_repair (table_name, content)
select 'public.development_items', to_jsonb(r) from public.development_items r
where not (
  private.are_web_links(resource_url));
update public.development_items
set resource_url = case when private.are_web_links(resource_url) then resource_url end
where not (
  private.are_web_links(resource_url)
);
do $$
begin
  if not exists (
    select from pg_catalog.pg_constraint c
    where c.conrelid = 'public.development_items'::regclass and c.conname = 'development_items_links_check'
  ) then
    alter table public.development_items add constraint development_items_links_check
      check (private.are_web_links(resource_url));
  end if;
end
$$;

-- Lengths of texts, and times within reason: what is there is put right, then the checks are made.
insert into private.rows_before_repair (table_name, content)
select 'public.ai_preferences', to_jsonb(r) from public.ai_preferences r
where not (
  consent_given_at between '2000-01-01+00' and '2100-01-01+00');
update public.ai_preferences
set consent_given_at = case when consent_given_at is not null then least(greatest(consent_given_at, '2000-01-01+00'), '2100-01-01+00') end
where not (
  consent_given_at between '2000-01-01+00' and '2100-01-01+00'
);
insert into private.rows_before_repair (table_name, content)
select 'public.development_items', to_jsonb(r) from public.development_items r
where not (
  char_length(title) <= 300 and char_length(content) <= 5000 and char_length(resource_url) <= 2000 and char_length(file_path) <= 2000 and char_length(mime_type) <= 200
  and due_date between '2000-01-01' and '2100-01-01' and completed_at between '2000-01-01+00' and '2100-01-01+00');
update public.development_items
set title = left(title, 300),
  content = left(content, 5000),
  resource_url = case when char_length(resource_url) <= 2000 then resource_url end,
  file_path = left(file_path, 2000),
  mime_type = left(mime_type, 200),
  due_date = case when due_date is not null then least(greatest(due_date, '2000-01-01'), '2100-01-01') end,
  completed_at = case when completed_at is not null then least(greatest(completed_at, '2000-01-01+00'), '2100-01-01+00') end
where not (
  char_length(title) <= 300 and char_length(content) <= 5000 and char_length(resource_url) <= 2000 and char_length(file_path) <= 2000 and char_length(mime_type) <= 200
  and due_date between '2000-01-01' and '2100-01-01' and completed_at between '2000-01-01+00' and '2100-01-01+00'
);
insert into private.rows_before_repair (table_name, content)
select 'public.generated_prompts', to_jsonb(r) from public.generated_prompts r
where not (
  char_length(prompt_text) <= 5000
  and answered_at between '2000-01-01+00' and '2100-01-01+00' and skipped_at between '2000-01-01+00' and '2100-01-01+00');
update public.generated_prompts
set prompt_text = left(prompt_text, 5000),
  answered_at = case when answered_at is not null then least(greatest(answered_at, '2000-01-01+00'), '2100-01-01+00') end,
  skipped_at = case when skipped_at is not null then least(greatest(skipped_at, '2000-01-01+00'), '2100-01-01+00') end
where not (
  char_length(prompt_text) <= 5000
  and answered_at between '2000-01-01+00' and '2100-01-01+00' and skipped_at between '2000-01-01+00' and '2100-01-01+00'
);
insert into private.rows_before_repair (table_name, content)
select 'public.goal_comments', to_jsonb(r) from public.goal_comments r
where not (
  char_length(comment) <= 5000);
update public.goal_comments
set comment = left(comment, 5000)
where not (
  char_length(comment) <= 5000
);
insert into private.rows_before_repair (table_name, content)
select 'public.goal_milestones', to_jsonb(r) from public.goal_milestones r
where not (
  char_length(title) <= 300 and char_length(description) <= 5000
  and due_date between '2000-01-01' and '2100-01-01');
update public.goal_milestones
set title = left(title, 300),
  description = left(description, 5000),
  due_date = case when due_date is not null then least(greatest(due_date, '2000-01-01'), '2100-01-01') end
where not (
  char_length(title) <= 300 and char_length(description) <= 5000
  and due_date between '2000-01-01' and '2100-01-01'
);
insert into private.rows_before_repair (table_name, content)
select 'public.goals', to_jsonb(r) from public.goals r
where not (
  char_length(title) <= 300 and char_length(description) <= 5000
  and target_date between '2000-01-01' and '2100-01-01');
update public.goals
set title = left(title, 300),
  description = left(description, 5000),
  target_date = case when target_date is not null then least(greatest(target_date, '2000-01-01'), '2100-01-01') end
where not (
  char_length(title) <= 300 and char_length(description) <= 5000
  and target_date between '2000-01-01' and '2100-01-01'
);
insert into private.rows_before_repair (table_name, content)
select 'public.guided_path_instantiations', to_jsonb(r) from public.guided_path_instantiations r
where not (
  pace_multiplier between 0.1 and 10
  and started_at between '2000-01-01+00' and '2100-01-01+00' and estimated_completion_date between '2000-01-01' and '2100-01-01');
update public.guided_path_instantiations
set pace_multiplier = case when pace_multiplier = 'NaN' then 1 else least(greatest(pace_multiplier, 0.1), 10) end,
  started_at = case when started_at is not null then least(greatest(started_at, '2000-01-01+00'), '2100-01-01+00') end,
  estimated_completion_date = case when estimated_completion_date is not null then least(greatest(estimated_completion_date, '2000-01-01'), '2100-01-01') end
where not (
  pace_multiplier between 0.1 and 10
  and started_at between '2000-01-01+00' and '2100-01-01+00' and estimated_completion_date between '2000-01-01' and '2100-01-01'
);
insert into private.rows_before_repair (table_name, content)
select 'public.guided_path_milestone_gates', to_jsonb(r) from public.guided_path_milestone_gates r
where not (
  char_length(gate_label) <= 300);
update public.guided_path_milestone_gates
set gate_label = left(gate_label, 300)
where not (
  char_length(gate_label) <= 300
);
insert into private.rows_before_repair (table_name, content)
select 'public.guided_path_template_goals', to_jsonb(r) from public.guided_path_template_goals r
where not (
  char_length(title) <= 300 and char_length(description) <= 5000);
update public.guided_path_template_goals
set title = left(title, 300),
  description = left(description, 5000)
where not (
  char_length(title) <= 300 and char_length(description) <= 5000
);
insert into private.rows_before_repair (table_name, content)
select 'public.guided_path_template_milestones', to_jsonb(r) from public.guided_path_template_milestones r
where not (
  char_length(title) <= 300 and char_length(description) <= 5000);
update public.guided_path_template_milestones
set title = left(title, 300),
  description = left(description, 5000)
where not (
  char_length(title) <= 300 and char_length(description) <= 5000
);
insert into private.rows_before_repair (table_name, content)
select 'public.wheel_categories', to_jsonb(r) from public.wheel_categories r
where not (
  char_length(name) <= 200 and char_length(color) <= 200);
update public.wheel_categories
set name = left(name, 200),
  color = left(color, 200)
where not (
  char_length(name) <= 200 and char_length(color) <= 200
);
insert into private.rows_before_repair (table_name, content)
select 'public.wheel_of_life_snapshots', to_jsonb(r) from public.wheel_of_life_snapshots r
where not (
  char_length(notes) <= 5000
  and snapshot_date between '2000-01-01' and '2100-01-01');
update public.wheel_of_life_snapshots
set notes = left(notes, 5000),
  snapshot_date = case when snapshot_date is not null then least(greatest(snapshot_date, '2000-01-01'), '2100-01-01') end
where not (
  char_length(notes) <= 5000
  and snapshot_date between '2000-01-01' and '2100-01-01'
);
do $$
declare
  v_check record;
begin
  for v_check in
    select * from (values
      ('ai_preferences', 'ai_preferences_times_check',
        $c$consent_given_at between '2000-01-01+00' and '2100-01-01+00'$c$),
      ('development_items', 'development_items_texts_check',
        $c$char_length(title) <= 300 and char_length(content) <= 5000 and char_length(resource_url) <= 2000 and char_length(file_path) <= 2000 and char_length(mime_type) <= 200$c$),
      ('development_items', 'development_items_times_check',
        $c$due_date between '2000-01-01' and '2100-01-01' and completed_at between '2000-01-01+00' and '2100-01-01+00'$c$),
      ('generated_prompts', 'generated_prompts_texts_check',
        $c$char_length(prompt_text) <= 5000$c$),
      ('generated_prompts', 'generated_prompts_times_check',
        $c$answered_at between '2000-01-01+00' and '2100-01-01+00' and skipped_at between '2000-01-01+00' and '2100-01-01+00'$c$),
      ('goal_comments', 'goal_comments_texts_check',
        $c$char_length(comment) <= 5000$c$),
      ('goal_milestones', 'goal_milestones_texts_check',
        $c$char_length(title) <= 300 and char_length(description) <= 5000$c$),
      ('goal_milestones', 'goal_milestones_times_check',
        $c$due_date between '2000-01-01' and '2100-01-01'$c$),
      ('goals', 'goals_texts_check',
        $c$char_length(title) <= 300 and char_length(description) <= 5000$c$),
      ('goals', 'goals_times_check',
        $c$target_date between '2000-01-01' and '2100-01-01'$c$),
      ('guided_path_instantiations', 'guided_path_instantiations_pace_check',
        $c$pace_multiplier between 0.1 and 10$c$),
      ('guided_path_instantiations', 'guided_path_instantiations_times_check',
        $c$started_at between '2000-01-01+00' and '2100-01-01+00' and estimated_completion_date between '2000-01-01' and '2100-01-01'$c$),
      ('guided_path_milestone_gates', 'guided_path_milestone_gates_texts_check',
        $c$char_length(gate_label) <= 300$c$),
      ('guided_path_template_goals', 'guided_path_template_goals_texts_check',
        $c$char_length(title) <= 300 and char_length(description) <= 5000$c$),
      ('guided_path_template_milestones', 'guided_path_template_milestones_texts_check',
        $c$char_length(title) <= 300 and char_length(description) <= 5000$c$),
      ('wheel_categories', 'wheel_categories_texts_check',
        $c$char_length(name) <= 200 and char_length(color) <= 200$c$),
      ('wheel_of_life_snapshots', 'wheel_of_life_snapshots_texts_check',
        $c$char_length(notes) <= 5000$c$),
      ('wheel_of_life_snapshots', 'wheel_of_life_snapshots_times_check',
        $c$snapshot_date between '2000-01-01' and '2100-01-01'$c$)
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
-- No row that a user writes keeps whom it names from being deleted.
do $$
declare
  v_key record;
begin
  for v_key in
    select c.conname as name, wanted.*
    from (values
      ('development_items', 'author_id', 'auth.users')
    ) as wanted (table_name, column_name, refers)
    join pg_catalog.pg_constraint c
      on c.conrelid = to_regclass('public.' || wanted.table_name)
      and c.contype = 'f'
      and c.confdeltype <> 'n'
    join pg_catalog.pg_attribute a
      on a.attrelid = c.conrelid and array[a.attnum] = c.conkey and a.attname = wanted.column_name
  loop
    execute format(
      'alter table public.%1$I drop constraint %2$I, '
      'add constraint %2$I foreign key (%3$I) references %4$s (id) on delete set null not valid',
      v_key.table_name, v_key.name, v_key.column_name, v_key.refers
    );
    execute format('alter table public.%I validate constraint %I', v_key.table_name, v_key.name);
  end loop;
end
$$;

comment on type public.reflection_prompt_start is
  'code: existing (prompt is it), make (context for the AI, null without consent or after ten a day), '
  'rate_limited, account_disabled.';

-- New tables --------------------------------------------------------------------------------------

select private.ensure_table($table$
create table private.reflection_contexts (
  user_id uuid not null references auth.users (id) on delete cascade,
  day date not null,
  given integer not null default 1 check (given between 1 and 10),
  primary key (user_id, day)
)
$table$);
select private.ensure_table($table$
create table private.reflection_quota (
  user_id uuid not null references auth.users (id) on delete cascade,
  day date not null,
  used integer not null default 1 check (used between 1 and 5),
  primary key (user_id, day)
)
$table$);

-- Comments and grants -----------------------------------------------------------------------------

comment on table public.generated_prompts is
  'Reflection prompts made for a user. No unique key on user, period_type and period_start.';
comment on table public.resource_library is
  'Shared resources staff can hand out. Only the key is here: production has more columns.';
comment on table public.guided_path_survey_responses is
  'Answers to the survey that leads to a guided path. Only the key is here: production has more columns.';
comment on table public.guided_path_templates is
  'Guided paths a client can start. Only the key is here: production has more columns.';
comment on table public.guided_path_instantiations is
  'A guided path a client has started. template_id: not null, yet on delete set null.';
comment on table public.guided_path_template_goals is 'The goals of a guided path.';
comment on table public.goals is
  'A user''s goals. status is active, on_hold, retired or completed; assigned staff read what is not private.';
comment on table public.guided_path_template_milestones is
  'The milestones of a guided path''s goals, with recommended days.';
comment on table public.ai_preferences is
  'What a user allows the AI features. Both flags are off until consent is given.';
comment on table public.assessment_definitions is
  'Psychometric assessments. Only the key is here: production has more columns.';
comment on table public.assessment_dimensions is
  'Dimensions of a psychometric assessment. Only the key is here: production has more columns.';
comment on table public.capability_domains is
  'Domains of a capability assessment. Only the key is here: production has more columns.';
comment on table public.development_items is 'Reflections, notes, resources and action items of a user.';
comment on table public.goal_comments is 'Comments on a goal.';
comment on table public.goal_milestones is 'Steps of a goal. There is no completed_at.';
comment on table public.guided_path_milestone_gates is 'Scores that have to be reached before a milestone.';
comment on table private.reflection_contexts is
  'How often a user''s context was given for the AI on a day of UTC: at most ten times; '
  'further prompts of the day are general ones.';
comment on table private.reflection_quota is
  'How many prompts a user has had made anew on a day of UTC: at most five.';
comment on table public.wheel_categories is 'The life domains of the wheel, with label and colour.';
comment on table public.wheel_of_life_snapshots is
  'A user''s scores on a day, one column a domain, 1 to 10. There is no wheel_of_life_scores.';

alter table private.reflection_contexts enable row level security;
alter table private.reflection_quota enable row level security;

revoke all on table public.generated_prompts from public, anon, authenticated, service_role;
-- Prompts are made by save_reflection_prompt; what became of one is its reader's to say.
grant select, update (status, answered_at, skipped_at, response_item_id)
  on table public.generated_prompts to authenticated;
grant all on table public.generated_prompts to service_role;
revoke all on table public.guided_path_instantiations from public, anon, authenticated, service_role;
grant select,
  insert (user_id, template_id, survey_response_id, pace_multiplier, started_at, status),
  update (estimated_completion_date)
  on table public.guided_path_instantiations to authenticated;
grant all on table public.guided_path_instantiations to service_role;
revoke all on table public.guided_path_template_goals from public, anon, authenticated, service_role;
grant select, delete,
  insert (
    template_id, title, description, category, timeframe_type, priority, order_index
  ),
  update (
    template_id, title, description, category, timeframe_type, priority, order_index
  )
  on table public.guided_path_template_goals to authenticated;
grant all on table public.guided_path_template_goals to service_role;
revoke all on table public.goals from public, anon, authenticated, service_role;
grant select, delete on table public.goals to authenticated;
grant insert (
  user_id, title, description, category, timeframe_type, priority, target_date, status, progress_percentage,
  is_private, template_goal_id, instantiation_id
) on table public.goals to authenticated;
-- user_id is sent along, and cannot become another's.
grant update (
  user_id, title, description, category, timeframe_type, priority, target_date, status, is_private, is_public
) on table public.goals to authenticated;
grant all on table public.goals to service_role;
revoke all on table public.guided_path_template_milestones from public, anon, authenticated, service_role;
grant select, delete,
  insert (
    template_goal_id, title, description, order_index, recommended_days_min, recommended_days_max
  ),
  update (
    template_goal_id, title, description, order_index, recommended_days_min, recommended_days_max
  )
  on table public.guided_path_template_milestones to authenticated;
grant all on table public.guided_path_template_milestones to service_role;
revoke all on table public.ai_preferences from public, anon, authenticated, service_role;
-- Consent is the person's own to give: admins do not give it for anybody.
grant select, insert (user_id), update (ai_insights_enabled, ai_recommendations_enabled, consent_given_at)
  on table public.ai_preferences to authenticated;
grant all on table public.ai_preferences to service_role;
revoke all on table public.development_items from public, anon, authenticated, service_role;
grant select, delete on table public.development_items to authenticated;
grant insert (
  user_id, author_id, item_type, title, content, resource_type, resource_url, file_path, file_size,
  mime_type, status, due_date, prompt_id, library_resource_id, cohort_session_id
) on table public.development_items to authenticated;
grant update (title, content, resource_url, due_date, status, completed_at, updated_at)
  on table public.development_items to authenticated;
grant all on table public.development_items to service_role;
revoke all on table public.goal_comments from public, anon, authenticated, service_role;
grant select, insert (goal_id, user_id, comment), delete on table public.goal_comments to authenticated;
grant all on table public.goal_comments to service_role;
revoke all on table public.goal_milestones from public, anon, authenticated, service_role;
grant select, delete,
  insert (goal_id, title, description, status, due_date, order_index, is_private),
  update (title, description, status, due_date, order_index, is_private)
  on table public.goal_milestones to authenticated;
grant all on table public.goal_milestones to service_role;
revoke all on table public.guided_path_milestone_gates from public, anon, authenticated, service_role;
grant select, delete,
  insert (
    template_milestone_id, capability_assessment_id, capability_domain_id, assessment_definition_id,
    assessment_dimension_id, min_score, gate_label
  )
  on table public.guided_path_milestone_gates to authenticated;
grant all on table public.guided_path_milestone_gates to service_role;
revoke all on table private.reflection_contexts from public, anon, authenticated, service_role;
revoke all on table private.reflection_quota from public, anon, authenticated, service_role;
revoke all on table public.wheel_categories from public, anon, authenticated, service_role;
grant select, update (name, color) on table public.wheel_categories to authenticated;
grant all on table public.wheel_categories to service_role;
revoke all on table public.wheel_of_life_snapshots from public, anon, authenticated, service_role;
grant select, update (shared_with_coach) on table public.wheel_of_life_snapshots to authenticated;
grant insert (
  user_id, snapshot_date, notes, health_fitness, career_business, finances, relationships, personal_growth,
  fun_recreation, physical_environment, family_friends, romance, contribution
) on table public.wheel_of_life_snapshots to authenticated;
grant all on table public.wheel_of_life_snapshots to service_role;

-- Functions ---------------------------------------------------------------------------------------

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

create or replace function private.readiness_dashboard()
returns table (
  instantiation_id uuid,
  client_user_id uuid,
  client_name text,
  template_id uuid,
  status text,
  started_at timestamptz,
  estimated_completion_date date,
  goals_total bigint,
  goals_completed bigint,
  milestones_total bigint,
  milestones_completed bigint,
  milestones_overdue bigint,
  progress_percentage integer,
  next_milestone text,
  next_milestone_due date
)
language sql
stable
security definer -- staff of a program may not read the paths; the relationship is checked here
set search_path = ''
begin atomic
  select path.id, path.user_id, (select p.name from public.profiles p where p.id = path.user_id),
    path.template_id, path.status, path.started_at, path.estimated_completion_date, goals.total, goals.completed,
    milestones.total, milestones.completed, milestones.overdue,
    case when milestones.total = 0 then 0 else (milestones.completed * 100 / milestones.total)::integer end,
    upcoming.title, upcoming.due_date
  from (
    select every.*
    from public.guided_path_instantiations every
    where (select private.has_role((select auth.uid()), 'admin'))
    union all
    select theirs.*
    from private.staff_clients((select auth.uid())) as client (user_id)
    join public.guided_path_instantiations theirs on theirs.user_id = client.user_id
    where not (select private.has_role((select auth.uid()), 'admin'))
  ) path
  cross join lateral (
    select count(*) as total, count(*) filter (where g.status = 'completed') as completed
    from public.goals g
    where g.instantiation_id = path.id and g.user_id = path.user_id and not g.is_private
  ) goals
  cross join lateral (
    select count(*) as total,
      count(*) filter (where ms.status = 'completed') as completed,
      count(*) filter (where ms.status <> 'completed' and ms.due_date < current_date) as overdue
    from public.goals g
    join public.goal_milestones ms on ms.goal_id = g.id
    where g.instantiation_id = path.id
      and g.user_id = path.user_id
      and not g.is_private
      and not ms.is_private
  ) milestones
  left join lateral (
    select ms.title, ms.due_date
    from public.goals g
    join public.goal_milestones ms on ms.goal_id = g.id
    where g.instantiation_id = path.id
      and g.user_id = path.user_id
      and not g.is_private
      and not ms.is_private
      and ms.status <> 'completed'
    order by ms.due_date nulls last, g.created_at, ms.order_index
    limit 1
  ) upcoming on true
  where path.status in ('active', 'paused')
    and not private.is_disabled((select auth.uid()));
end;
comment on function private.readiness_dashboard() is 'See public.readiness_dashboard.';
revoke execute on function private.readiness_dashboard() from public;
grant execute on function private.readiness_dashboard() to authenticated;

create or replace function public.readiness_dashboard()
returns table (
  instantiation_id uuid,
  client_user_id uuid,
  client_name text,
  template_id uuid,
  status text,
  started_at timestamptz,
  estimated_completion_date date,
  goals_total bigint,
  goals_completed bigint,
  milestones_total bigint,
  milestones_completed bigint,
  milestones_overdue bigint,
  progress_percentage integer,
  next_milestone text,
  next_milestone_due date
)
language sql
stable
set search_path = ''
begin atomic
  select * from private.readiness_dashboard() d order by d.client_name, d.started_at;
end;
comment on function public.readiness_dashboard() is
  'The running guided paths of the clients the caller works with, all for an admin: how far each is, and '
  'what comes next. Nothing that a client marked private.';
revoke execute on function public.readiness_dashboard() from public, anon, authenticated, service_role;
grant execute on function public.readiness_dashboard() to authenticated;

create or replace function private.reflection_context(p_user_id uuid, p_now timestamptz)
returns jsonb
language sql
stable
set search_path = ''
as $$
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
          and (i.author_id is null or i.author_id = i.user_id) -- nobody else speaks for them
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
$$;
comment on function private.reflection_context(uuid, timestamptz) is
  'What a prompt may refer to: titles and scores of the last month, 200 characters each, which the person '
  'wrote or completed, nothing marked private.';
revoke execute on function private.reflection_context(uuid, timestamptz) from public;

create or replace function private.save_reflection_prompt(
  p_period_type text,
  p_period_start date,
  p_text text,
  p_source text,
  p_replace boolean,
  p_now timestamptz
)
returns jsonb
language plpgsql
security definer -- users may not write prompts
set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_prompt public.generated_prompts;
begin
  if v_user_id is null
    or p_period_type not in ('weekly', 'monthly')
    or p_source not in ('ai', 'fallback')
    or abs(p_period_start - p_now::date) > 40
  then
    raise exception 'no prompt of the caller''s present period' using errcode = 'invalid_parameter_value';
  end if;

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
comment on function private.save_reflection_prompt(text, date, text, text, boolean, timestamptz) is
  'See public.save_reflection_prompt.';
revoke execute on function private.save_reflection_prompt(text, date, text, text, boolean, timestamptz)
  from public;
grant execute on function private.save_reflection_prompt(text, date, text, text, boolean, timestamptz)
  to authenticated;

create or replace function public.save_reflection_prompt(
  p_period_type text, p_period_start date, p_text text, p_source text, p_replace boolean default false
)
returns jsonb
language sql
set search_path = ''
begin atomic
  select private.save_reflection_prompt(p_period_type, p_period_start, p_text, p_source, p_replace, now());
end;
comment on function public.save_reflection_prompt(text, date, text, text, boolean) is
  'generate-reflection-prompt, second half: saves the caller''s prompt of the period, or answers the one '
  'that was saved meanwhile: { prompt, is_new }. p_replace expires the pending one. p_source: ai or '
  'fallback.';
revoke execute on function public.save_reflection_prompt(text, date, text, text, boolean)
  from public, anon, authenticated, service_role;
grant execute on function public.save_reflection_prompt(text, date, text, text, boolean) to authenticated;

create or replace function private.wheel_of_life_scores(p_user_id uuid)
returns table (key text, label text, score integer)
language sql
stable
set search_path = ''
as $$
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
$$;
comment on function private.wheel_of_life_scores(uuid) is
  'The scores (1 to 10) of a user''s newest snapshot of the wheel of life, by snapshot_date, one row a '
  'domain that has one.';
revoke execute on function private.wheel_of_life_scores(uuid) from public;

-- Triggers ----------------------------------------------------------------------------------------

create or replace trigger update_generated_prompts_updated_at
  before update on public.generated_prompts
  for each row execute function public.update_updated_at_column();
create or replace trigger update_goals_updated_at
  before update on public.goals
  for each row execute function public.update_updated_at_column();
create or replace trigger update_ai_preferences_updated_at
  before update on public.ai_preferences
  for each row execute function public.update_updated_at_column();
create or replace trigger guard_author_columns
  before update on public.development_items
  for each row when (old.author_id is not null and old.author_id <> old.user_id)
  execute function private.guard_author_columns(
    'author_id', 'title', 'content', 'resource_url', 'due_date'
  );
create or replace trigger guard_subject_columns
  before update on public.development_items
  for each row when (old.author_id is not null and old.author_id <> old.user_id)
  execute function private.guard_author_columns('user_id', 'status', 'completed_at');
create or replace trigger update_development_items_updated_at
  before update on public.development_items
  for each row execute function public.update_updated_at_column();
create or replace trigger update_wheel_categories_updated_at
  before update on public.wheel_categories
  for each row execute function public.update_updated_at_column();
create or replace trigger update_wheel_of_life_snapshots_updated_at
  before update on public.wheel_of_life_snapshots
  for each row execute function public.update_updated_at_column();
