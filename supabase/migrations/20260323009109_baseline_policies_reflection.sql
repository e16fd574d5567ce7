-- Baseline: who may do what with the wheel of life, goals, guided paths and reflection.
-- One policy an operation and role says what production's several policies add up to; the grants name
-- just what a policy allows.
-- The caller and the role admin are looked up once a statement, hence the sub-selects.
--
-- Production has its own policies already: there the file is marked as applied and never runs.
-- Locks: access exclusive, briefly, on each table. Can be run again: each policy is dropped and made anew.

-- public.wheel_categories
revoke all on table public.wheel_categories from public, anon, authenticated;
grant all on table public.wheel_categories to service_role;
grant select, insert, update, delete on table public.wheel_categories to authenticated;

drop policy if exists "wheel_categories: select" on public.wheel_categories;
create policy "wheel_categories: select" on public.wheel_categories
  for select to authenticated
  using (true);

drop policy if exists "wheel_categories: insert" on public.wheel_categories;
create policy "wheel_categories: insert" on public.wheel_categories
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "wheel_categories: update" on public.wheel_categories;
create policy "wheel_categories: update" on public.wheel_categories
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "wheel_categories: delete" on public.wheel_categories;
create policy "wheel_categories: delete" on public.wheel_categories
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.wheel_of_life_snapshots
revoke all on table public.wheel_of_life_snapshots from public, anon, authenticated;
grant all on table public.wheel_of_life_snapshots to service_role;
grant select, insert, update, delete on table public.wheel_of_life_snapshots to authenticated;

drop policy if exists "wheel_of_life_snapshots: select" on public.wheel_of_life_snapshots;
create policy "wheel_of_life_snapshots: select" on public.wheel_of_life_snapshots
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or user_id = (select auth.uid())
    or (
      shared_with_coach
      and exists (
        select from public.client_coaches c
        where c.client_id = wheel_of_life_snapshots.user_id and c.coach_id = (select auth.uid())
      )
    )
  );

drop policy if exists "wheel_of_life_snapshots: insert" on public.wheel_of_life_snapshots;
create policy "wheel_of_life_snapshots: insert" on public.wheel_of_life_snapshots
  for insert to authenticated
  with check (user_id = (select auth.uid()));

drop policy if exists "wheel_of_life_snapshots: update" on public.wheel_of_life_snapshots;
create policy "wheel_of_life_snapshots: update" on public.wheel_of_life_snapshots
  for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

drop policy if exists "wheel_of_life_snapshots: delete" on public.wheel_of_life_snapshots;
create policy "wheel_of_life_snapshots: delete" on public.wheel_of_life_snapshots
  for delete to authenticated
  using (user_id = (select auth.uid()));

-- public.guided_path_templates: only its key is known here. Narrowest reading: the templates of paths
-- one has started.
revoke all on table public.guided_path_templates from public, anon, authenticated;
grant all on table public.guided_path_templates to service_role;
grant select, insert, update, delete on table public.guided_path_templates to authenticated;

drop policy if exists "guided_path_templates: select" on public.guided_path_templates;
create policy "guided_path_templates: select" on public.guided_path_templates
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or exists (
      select from public.guided_path_instantiations i
      where i.template_id = guided_path_templates.id and i.user_id = (select auth.uid())
    )
  );

drop policy if exists "guided_path_templates: insert" on public.guided_path_templates;
create policy "guided_path_templates: insert" on public.guided_path_templates
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "guided_path_templates: update" on public.guided_path_templates;
create policy "guided_path_templates: update" on public.guided_path_templates
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "guided_path_templates: delete" on public.guided_path_templates;
create policy "guided_path_templates: delete" on public.guided_path_templates
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.guided_path_survey_responses: only its key is known here: admins only.
revoke all on table public.guided_path_survey_responses from public, anon, authenticated;
grant all on table public.guided_path_survey_responses to service_role;
grant select, insert, update, delete on table public.guided_path_survey_responses to authenticated;

drop policy if exists "guided_path_survey_responses: select" on public.guided_path_survey_responses;
create policy "guided_path_survey_responses: select" on public.guided_path_survey_responses
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "guided_path_survey_responses: insert" on public.guided_path_survey_responses;
create policy "guided_path_survey_responses: insert" on public.guided_path_survey_responses
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "guided_path_survey_responses: update" on public.guided_path_survey_responses;
create policy "guided_path_survey_responses: update" on public.guided_path_survey_responses
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "guided_path_survey_responses: delete" on public.guided_path_survey_responses;
create policy "guided_path_survey_responses: delete" on public.guided_path_survey_responses
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.guided_path_template_goals: the goals of the templates one may see: the sub-select is subject
-- to their policy.
revoke all on table public.guided_path_template_goals from public, anon, authenticated;
grant all on table public.guided_path_template_goals to service_role;
grant select, insert, update, delete on table public.guided_path_template_goals to authenticated;

drop policy if exists "guided_path_template_goals: select" on public.guided_path_template_goals;
create policy "guided_path_template_goals: select" on public.guided_path_template_goals
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or exists (
      select from public.guided_path_templates t
      where t.id = guided_path_template_goals.template_id
    )
  );

drop policy if exists "guided_path_template_goals: insert" on public.guided_path_template_goals;
create policy "guided_path_template_goals: insert" on public.guided_path_template_goals
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "guided_path_template_goals: update" on public.guided_path_template_goals;
create policy "guided_path_template_goals: update" on public.guided_path_template_goals
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "guided_path_template_goals: delete" on public.guided_path_template_goals;
create policy "guided_path_template_goals: delete" on public.guided_path_template_goals
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.guided_path_template_milestones: the milestones of the goals one may see: the sub-select is
-- subject to their policy.
revoke all on table public.guided_path_template_milestones from public, anon, authenticated;
grant all on table public.guided_path_template_milestones to service_role;
grant select, insert, update, delete on table public.guided_path_template_milestones to authenticated;

drop policy if exists "guided_path_template_milestones: select" on public.guided_path_template_milestones;
create policy "guided_path_template_milestones: select" on public.guided_path_template_milestones
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or exists (
      select from public.guided_path_template_goals g
      where g.id = guided_path_template_milestones.template_goal_id
    )
  );

drop policy if exists "guided_path_template_milestones: insert" on public.guided_path_template_milestones;
create policy "guided_path_template_milestones: insert" on public.guided_path_template_milestones
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "guided_path_template_milestones: update" on public.guided_path_template_milestones;
create policy "guided_path_template_milestones: update" on public.guided_path_template_milestones
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "guided_path_template_milestones: delete" on public.guided_path_template_milestones;
create policy "guided_path_template_milestones: delete" on public.guided_path_template_milestones
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.capability_domains: only its key is known here: admins only.
revoke all on table public.capability_domains from public, anon, authenticated;
grant all on table public.capability_domains to service_role;
grant select, insert, update, delete on table public.capability_domains to authenticated;

drop policy if exists "capability_domains: select" on public.capability_domains;
create policy "capability_domains: select" on public.capability_domains
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "capability_domains: insert" on public.capability_domains;
create policy "capability_domains: insert" on public.capability_domains
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "capability_domains: update" on public.capability_domains;
create policy "capability_domains: update" on public.capability_domains
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "capability_domains: delete" on public.capability_domains;
create policy "capability_domains: delete" on public.capability_domains
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.assessment_definitions: only its key is known here: admins only.
revoke all on table public.assessment_definitions from public, anon, authenticated;
grant all on table public.assessment_definitions to service_role;
grant select, insert, update, delete on table public.assessment_definitions to authenticated;

drop policy if exists "assessment_definitions: select" on public.assessment_definitions;
create policy "assessment_definitions: select" on public.assessment_definitions
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "assessment_definitions: insert" on public.assessment_definitions;
create policy "assessment_definitions: insert" on public.assessment_definitions
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "assessment_definitions: update" on public.assessment_definitions;
create policy "assessment_definitions: update" on public.assessment_definitions
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "assessment_definitions: delete" on public.assessment_definitions;
create policy "assessment_definitions: delete" on public.assessment_definitions
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.assessment_dimensions: only its key is known here: admins only.
revoke all on table public.assessment_dimensions from public, anon, authenticated;
grant all on table public.assessment_dimensions to service_role;
grant select, insert, update, delete on table public.assessment_dimensions to authenticated;

drop policy if exists "assessment_dimensions: select" on public.assessment_dimensions;
create policy "assessment_dimensions: select" on public.assessment_dimensions
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "assessment_dimensions: insert" on public.assessment_dimensions;
create policy "assessment_dimensions: insert" on public.assessment_dimensions
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "assessment_dimensions: update" on public.assessment_dimensions;
create policy "assessment_dimensions: update" on public.assessment_dimensions
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "assessment_dimensions: delete" on public.assessment_dimensions;
create policy "assessment_dimensions: delete" on public.assessment_dimensions
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.guided_path_milestone_gates
revoke all on table public.guided_path_milestone_gates from public, anon, authenticated;
grant all on table public.guided_path_milestone_gates to service_role;
grant select, insert, update, delete on table public.guided_path_milestone_gates to authenticated;

drop policy if exists "guided_path_milestone_gates: select" on public.guided_path_milestone_gates;
create policy "guided_path_milestone_gates: select" on public.guided_path_milestone_gates
  for select to authenticated
  using (true);

drop policy if exists "guided_path_milestone_gates: insert" on public.guided_path_milestone_gates;
create policy "guided_path_milestone_gates: insert" on public.guided_path_milestone_gates
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "guided_path_milestone_gates: update" on public.guided_path_milestone_gates;
create policy "guided_path_milestone_gates: update" on public.guided_path_milestone_gates
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "guided_path_milestone_gates: delete" on public.guided_path_milestone_gates;
create policy "guided_path_milestone_gates: delete" on public.guided_path_milestone_gates
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.guided_path_instantiations: staff of a programme see none: only the client's own coaches and
-- instructors.
revoke all on table public.guided_path_instantiations from public, anon, authenticated;
grant all on table public.guided_path_instantiations to service_role;
grant select, insert, update, delete on table public.guided_path_instantiations to authenticated;

drop policy if exists "guided_path_instantiations: select" on public.guided_path_instantiations;
create policy "guided_path_instantiations: select" on public.guided_path_instantiations
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or user_id = (select auth.uid())
    or exists (
      select from public.client_coaches c
      where c.client_id = guided_path_instantiations.user_id and c.coach_id = (select auth.uid())
    )
    or exists (
      select from public.client_instructors i
      where i.client_id = guided_path_instantiations.user_id and i.instructor_id = (select auth.uid())
    )
  );

drop policy if exists "guided_path_instantiations: insert" on public.guided_path_instantiations;
create policy "guided_path_instantiations: insert" on public.guided_path_instantiations
  for insert to authenticated
  with check (user_id = (select auth.uid()));

drop policy if exists "guided_path_instantiations: update" on public.guided_path_instantiations;
create policy "guided_path_instantiations: update" on public.guided_path_instantiations
  for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

drop policy if exists "guided_path_instantiations: delete" on public.guided_path_instantiations;
create policy "guided_path_instantiations: delete" on public.guided_path_instantiations
  for delete to authenticated
  using (user_id = (select auth.uid()));

-- public.goals: every coach and instructor reads all goals, private ones too, as in production: that
-- makes the narrower branch idle, which stays for the day the broad one goes. Recipients of a
-- goal_shares row (a table this baseline lacks) are left out.
revoke all on table public.goals from public, anon, authenticated;
grant all on table public.goals to service_role;
grant select, insert, update, delete on table public.goals to authenticated;

drop policy if exists "goals: select" on public.goals;
create policy "goals: select" on public.goals
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or (select public.has_role((select auth.uid()), 'coach'))
    or (select public.has_role((select auth.uid()), 'instructor'))
    or user_id = (select auth.uid())
    or (
      not goals.is_private
      and (
        exists (
          select from public.client_coaches c
          where c.client_id = goals.user_id and c.coach_id = (select auth.uid())
        )
        or exists (
          select from public.client_instructors i
          where i.client_id = goals.user_id and i.instructor_id = (select auth.uid())
        )
      )
    )
  );

drop policy if exists "goals: insert" on public.goals;
create policy "goals: insert" on public.goals
  for insert to authenticated
  with check (user_id = (select auth.uid()));

drop policy if exists "goals: update" on public.goals;
create policy "goals: update" on public.goals
  for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

drop policy if exists "goals: delete" on public.goals;
create policy "goals: delete" on public.goals
  for delete to authenticated
  using (user_id = (select auth.uid()));

-- public.goal_milestones: recipients of a goal_shares row (a table this baseline lacks) are left out.
revoke all on table public.goal_milestones from public, anon, authenticated;
grant all on table public.goal_milestones to service_role;
grant select, insert, update, delete on table public.goal_milestones to authenticated;

drop policy if exists "goal_milestones: select" on public.goal_milestones;
create policy "goal_milestones: select" on public.goal_milestones
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or exists (
      select from public.goals g
      where g.id = goal_milestones.goal_id
        and (
          g.user_id = (select auth.uid())
          or (
            not goal_milestones.is_private
            and (
              exists (
                select from public.client_coaches c
                where c.client_id = g.user_id and c.coach_id = (select auth.uid())
              )
              or exists (
                select from public.client_instructors i
                where i.client_id = g.user_id and i.instructor_id = (select auth.uid())
              )
            )
          )
        )
    )
  );

drop policy if exists "goal_milestones: insert" on public.goal_milestones;
create policy "goal_milestones: insert" on public.goal_milestones
  for insert to authenticated
  with check (
    exists (
      select from public.goals g
      where g.id = goal_milestones.goal_id
        and g.user_id = (select auth.uid())
    )
  );

drop policy if exists "goal_milestones: update" on public.goal_milestones;
create policy "goal_milestones: update" on public.goal_milestones
  for update to authenticated
  using (
    exists (
      select from public.goals g
      where g.id = goal_milestones.goal_id
        and g.user_id = (select auth.uid())
    )
  )
  with check (
    exists (
      select from public.goals g
      where g.id = goal_milestones.goal_id
        and g.user_id = (select auth.uid())
    )
  );

drop policy if exists "goal_milestones: delete" on public.goal_milestones;
create policy "goal_milestones: delete" on public.goal_milestones
  for delete to authenticated
  using (
    exists (
      select from public.goals g
      where g.id = goal_milestones.goal_id
        and g.user_id = (select auth.uid())
    )
  );

-- public.goal_comments: recipients of a goal_shares row (a table this baseline lacks) are left out.
revoke all on table public.goal_comments from public, anon, authenticated;
grant all on table public.goal_comments to service_role;
grant select, insert, update, delete on table public.goal_comments to authenticated;

drop policy if exists "goal_comments: select" on public.goal_comments;
create policy "goal_comments: select" on public.goal_comments
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or user_id = (select auth.uid())
    or exists (
      select from public.goals g
      where g.id = goal_comments.goal_id
        and (
          g.user_id = (select auth.uid())
          or (
            not goal_comments.is_private
            and (
              exists (
                select from public.client_coaches c
                where c.client_id = g.user_id and c.coach_id = (select auth.uid())
              )
              or exists (
                select from public.client_instructors i
                where i.client_id = g.user_id and i.instructor_id = (select auth.uid())
              )
            )
          )
        )
    )
  );

drop policy if exists "goal_comments: insert" on public.goal_comments;
create policy "goal_comments: insert" on public.goal_comments
  for insert to authenticated
  with check (
    (
      user_id = (select auth.uid())
      and exists (
        select from public.goals g
        where g.id = goal_comments.goal_id
          and (
            g.user_id = (select auth.uid())
            or exists (
              select from public.client_coaches c
              where c.client_id = g.user_id and c.coach_id = (select auth.uid())
            )
            or exists (
              select from public.client_instructors i
              where i.client_id = g.user_id and i.instructor_id = (select auth.uid())
            )
          )
      )
    )
  );

drop policy if exists "goal_comments: update" on public.goal_comments;
create policy "goal_comments: update" on public.goal_comments
  for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

drop policy if exists "goal_comments: delete" on public.goal_comments;
create policy "goal_comments: delete" on public.goal_comments
  for delete to authenticated
  using (user_id = (select auth.uid()));

-- public.generated_prompts
revoke all on table public.generated_prompts from public, anon, authenticated;
grant all on table public.generated_prompts to service_role;
grant select, insert, update, delete on table public.generated_prompts to authenticated;

drop policy if exists "generated_prompts: select" on public.generated_prompts;
create policy "generated_prompts: select" on public.generated_prompts
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "generated_prompts: insert" on public.generated_prompts;
create policy "generated_prompts: insert" on public.generated_prompts
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "generated_prompts: update" on public.generated_prompts;
create policy "generated_prompts: update" on public.generated_prompts
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()))
  with check ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "generated_prompts: delete" on public.generated_prompts;
create policy "generated_prompts: delete" on public.generated_prompts
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

-- public.resource_library: only its key is known here: admins only.
revoke all on table public.resource_library from public, anon, authenticated;
grant all on table public.resource_library to service_role;
grant select, insert, update, delete on table public.resource_library to authenticated;

drop policy if exists "resource_library: select" on public.resource_library;
create policy "resource_library: select" on public.resource_library
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "resource_library: insert" on public.resource_library;
create policy "resource_library: insert" on public.resource_library
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "resource_library: update" on public.resource_library;
create policy "resource_library: update" on public.resource_library
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "resource_library: delete" on public.resource_library;
create policy "resource_library: delete" on public.resource_library
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.development_items: staff write for their direct clients what they author; after an update the
-- row must still be of such a client. A direct coach reads private items too, as in production.
revoke all on table public.development_items from public, anon, authenticated;
grant all on table public.development_items to service_role;
grant select, insert, update, delete on table public.development_items to authenticated;

drop policy if exists "development_items: select" on public.development_items;
create policy "development_items: select" on public.development_items
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or user_id = (select auth.uid())
    or exists (
      select from public.client_coaches c
      where c.client_id = development_items.user_id and c.coach_id = (select auth.uid())
    )
    or (
      not is_private
      and exists (
        select from public.client_instructors i
        where i.client_id = development_items.user_id and i.instructor_id = (select auth.uid())
      )
    )
  );

drop policy if exists "development_items: insert" on public.development_items;
create policy "development_items: insert" on public.development_items
  for insert to authenticated
  with check (
    user_id = (select auth.uid())
    or (
      author_id = (select auth.uid())
      and (
        exists (
          select from public.client_coaches c
          where c.client_id = development_items.user_id and c.coach_id = (select auth.uid())
        )
        or exists (
          select from public.client_instructors i
          where i.client_id = development_items.user_id and i.instructor_id = (select auth.uid())
        )
      )
    )
  );

drop policy if exists "development_items: update" on public.development_items;
create policy "development_items: update" on public.development_items
  for update to authenticated
  using (user_id = (select auth.uid()) or author_id = (select auth.uid()))
  with check (
    user_id = (select auth.uid())
    or (
      author_id = (select auth.uid())
      and (
        exists (
          select from public.client_coaches c
          where c.client_id = development_items.user_id and c.coach_id = (select auth.uid())
        )
        or exists (
          select from public.client_instructors i
          where i.client_id = development_items.user_id and i.instructor_id = (select auth.uid())
        )
      )
    )
  );

drop policy if exists "development_items: delete" on public.development_items;
create policy "development_items: delete" on public.development_items
  for delete to authenticated
  using (user_id = (select auth.uid()) or author_id = (select auth.uid()));

-- public.ai_preferences
revoke all on table public.ai_preferences from public, anon, authenticated;
grant all on table public.ai_preferences to service_role;
grant select, insert, update, delete on table public.ai_preferences to authenticated;

drop policy if exists "ai_preferences: select" on public.ai_preferences;
create policy "ai_preferences: select" on public.ai_preferences
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "ai_preferences: insert" on public.ai_preferences;
create policy "ai_preferences: insert" on public.ai_preferences
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "ai_preferences: update" on public.ai_preferences;
create policy "ai_preferences: update" on public.ai_preferences
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()))
  with check ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "ai_preferences: delete" on public.ai_preferences;
create policy "ai_preferences: delete" on public.ai_preferences
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));
