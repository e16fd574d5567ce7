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
