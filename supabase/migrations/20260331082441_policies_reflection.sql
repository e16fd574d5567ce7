-- Policies: Reflection prompts, goals and guided paths.
--
-- Why: production's have other names, and let through more than they say; all of these tables' are replaced.
-- Locks: whoever makes or drops a policy as postgres on hosted Supabase takes ACCESS EXCLUSIVE on the tables of
-- auth and storage until commit, here for some milliseconds; where the policies are there already, nothing.
-- Can be run again.

set lock_timeout = '5s';

do $policies$
declare
  v_tables constant text[] := array[
    'ai_preferences', 'development_items', 'generated_prompts', 'goal_comments',
    'goal_milestones', 'goals', 'guided_path_instantiations', 'guided_path_milestone_gates',
    'guided_path_template_goals', 'guided_path_template_milestones', 'wheel_categories', 'wheel_of_life_snapshots'
  ];
begin
  if private.policies_are(v_tables, 39) then
    return;
  end if;
  perform private.drop_policies(variadic v_tables);

  create policy "select" on public.generated_prompts for select to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));
  create policy "update" on public.generated_prompts for update to authenticated
    using (user_id = (select auth.uid()))
    with check (
      user_id = (select auth.uid())
      and (response_item_id is null or private.owns_development_item(response_item_id))
    );

  create policy "select" on public.guided_path_instantiations for select to authenticated
    using (
      (select private.is_admin())
      or user_id = (select auth.uid())
      or private.is_assigned_staff(guided_path_instantiations.user_id)
    );
  create policy "insert" on public.guided_path_instantiations for insert to authenticated
    with check (
      user_id = (select auth.uid())
      and status = 'active'
      and (
        survey_response_id is null
        or exists (
          select from public.guided_path_survey_responses r
          where r.id = guided_path_instantiations.survey_response_id
        )
      )
    );
  create policy "update" on public.guided_path_instantiations for update to authenticated
    using (user_id = (select auth.uid()));

  create policy "select" on public.guided_path_template_goals for select to authenticated
    using (
      (select private.is_admin())
      or exists (select from public.guided_path_templates t where t.id = guided_path_template_goals.template_id)
    );
  create policy "insert" on public.guided_path_template_goals for insert to authenticated
    with check ((select private.is_admin()));
  create policy "update" on public.guided_path_template_goals for update to authenticated
    using ((select private.is_admin()));
  create policy "delete" on public.guided_path_template_goals for delete to authenticated
    using ((select private.is_admin()));

  create policy "select" on public.goals for select to authenticated
    using (
      (select private.is_admin())
      or user_id = (select auth.uid())
      or (not is_private and private.is_assigned_staff(user_id))
      or id in (select private.goals_shared_with_caller())
    );
  create policy "insert" on public.goals for insert to authenticated
    with check (
      user_id = (select auth.uid())
      and progress_percentage = 0
      and (
        (template_goal_id is null and instantiation_id is null)
        or private.is_goal_of_path(template_goal_id, instantiation_id)
      )
    );
  create policy "update" on public.goals for update to authenticated using (user_id = (select auth.uid()));
  create policy "delete" on public.goals for delete to authenticated using (user_id = (select auth.uid()));

  create policy "select" on public.guided_path_template_milestones for select to authenticated
    using (
      (select private.is_admin())
      or exists (
        select from public.guided_path_template_goals g
        where g.id = guided_path_template_milestones.template_goal_id
      )
    );
  create policy "insert" on public.guided_path_template_milestones for insert to authenticated
    with check ((select private.is_admin()));
  create policy "update" on public.guided_path_template_milestones for update to authenticated
    using ((select private.is_admin()));
  create policy "delete" on public.guided_path_template_milestones for delete to authenticated
    using ((select private.is_admin()));

  create policy "select" on public.ai_preferences for select to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));
  create policy "insert" on public.ai_preferences for insert to authenticated with check (user_id = (select auth.uid()));
  create policy "update" on public.ai_preferences for update to authenticated using (user_id = (select auth.uid()));

  create policy "select" on public.development_items for select to authenticated
    using (
      (select private.is_admin())
      or user_id = (select auth.uid())
      or author_id = (select auth.uid())
      or (not is_private and private.is_assigned_staff(user_id))
    );
  create policy "insert" on public.development_items for insert to authenticated
    with check (
      (
        (user_id = (select auth.uid()) and (author_id is null or author_id = (select auth.uid())))
        or (author_id = (select auth.uid()) and private.is_staff_of(user_id))
      )
      and (
        prompt_id is null
        or (
          user_id = (select auth.uid())
          and exists (
            select from public.generated_prompts p
            where p.id = development_items.prompt_id and p.user_id = (select auth.uid())
          )
        )
      )
      and (
        library_resource_id is null
        or exists (select from public.resource_library r where r.id = development_items.library_resource_id)
      )
      and (cohort_session_id is null or private.runs_cohort_session(cohort_session_id))
    );
  create policy "update" on public.development_items for update to authenticated
    using (
      user_id = (select auth.uid())
      or (author_id = (select auth.uid()) and private.is_staff_of(user_id))
    );
  create policy "delete" on public.development_items for delete to authenticated
    using (
      author_id = (select auth.uid()) or (user_id = (select auth.uid()) and author_id is null)
    );

  create policy "select" on public.goal_comments for select to authenticated
    using (
      user_id = (select auth.uid())
      or exists (
        select from public.goals g
        where g.id = goal_comments.goal_id
          and (not goal_comments.is_private or g.user_id = (select auth.uid()) or (select private.is_admin()))
      )
    );
  create policy "insert" on public.goal_comments for insert to authenticated
    with check (
      user_id = (select auth.uid())
      and exists (select from public.goals g where g.id = goal_comments.goal_id)
    );
  create policy "delete" on public.goal_comments for delete to authenticated using (user_id = (select auth.uid()));

  create policy "select" on public.goal_milestones for select to authenticated
    using (
      exists (
        select from public.goals g
        where g.id = goal_milestones.goal_id
          and (not goal_milestones.is_private or g.user_id = (select auth.uid()) or (select private.is_admin()))
      )
    );
  create policy "insert" on public.goal_milestones for insert to authenticated with check (private.owns_goal(goal_id));
  create policy "update" on public.goal_milestones for update to authenticated using (private.owns_goal(goal_id));
  create policy "delete" on public.goal_milestones for delete to authenticated using (private.owns_goal(goal_id));

  create policy "select" on public.guided_path_milestone_gates for select to authenticated using (true);
  create policy "insert" on public.guided_path_milestone_gates for insert to authenticated
    with check ((select private.is_admin()));
  create policy "delete" on public.guided_path_milestone_gates for delete to authenticated
    using ((select private.is_admin()));

  create policy "select" on public.wheel_categories for select to authenticated using (true);
  create policy "update" on public.wheel_categories for update to authenticated using ((select private.is_admin()));

  create policy "select" on public.wheel_of_life_snapshots for select to authenticated
    using (
      (select private.is_admin())
      or user_id = (select auth.uid())
      or (shared_with_coach and private.is_assigned_coach(wheel_of_life_snapshots.user_id))
    );
  create policy "insert" on public.wheel_of_life_snapshots for insert to authenticated
    with check (user_id = (select auth.uid()));
  create policy "update" on public.wheel_of_life_snapshots for update to authenticated
    using (user_id = (select auth.uid()));
end
$policies$;
