-- Indexes for what the functions ask: none of them reads a large table from one end to the other.
--
-- Why: who deletes a user, asks whom a coach works with, or what needs attention, found no index and read
-- tables of every size whole; nothing but tests/database/explain.test.ts shows it while tables are small.
-- Foreign keys to people have none by themselves. What is mostly empty is indexed where it is not.
-- Locks: each index is built under SHARE on its table: reading goes on, writing waits for milliseconds, as
-- the tables are small still. Can be run again.

set lock_timeout = '10s';

create index if not exists user_roles_admin_idx on public.user_roles (user_id) where role = 'admin';
create index if not exists attempts_user_id_idx on private.attempts (user_id);
create index if not exists program_tier_plans_program_plan_id_idx on public.program_tier_plans (program_plan_id);

-- Whom the caller works with, and where.

create index if not exists client_coaches_coach_id_idx on public.client_coaches (coach_id);
create index if not exists client_instructors_instructor_id_idx on public.client_instructors (instructor_id);
create index if not exists program_coaches_coach_id_idx on public.program_coaches (coach_id);
create index if not exists program_instructors_instructor_id_idx
  on public.program_instructors (instructor_id);
create index if not exists module_coaches_coach_id_idx on public.module_coaches (coach_id);
create index if not exists module_instructors_instructor_id_idx on public.module_instructors (instructor_id);
create index if not exists enrollment_module_staff_staff_user_id_idx
  on public.enrollment_module_staff (staff_user_id);
create index if not exists client_enrollments_program_id_idx on public.client_enrollments (program_id);

-- What needs a person's attention: next to nothing, so the indexes are next to nothing as well.

create index if not exists stripe_invoices_given_up_idx on public.stripe_invoices (subscription_id)
  where status not in ('paid', 'void') and failed_at is not null and next_payment_attempt is null;
create index if not exists stripe_invoices_surplus_idx on public.stripe_invoices (subscription_id)
  where is_surplus;
create index if not exists email_queue_dead_idx on public.email_queue (created_at) where status = 'dead';
create index if not exists email_queue_missing_values_idx on public.email_queue (created_at)
  where status = 'sent' and error_message is not null;
create index if not exists email_queue_sent_at_idx on public.email_queue (sent_at) where sent_at is not null;

-- The deletion of a user, who is named in all of these, and what follows in their rows.

create index if not exists add_on_consumption_log_user_add_on_id_idx
  on public.add_on_consumption_log (user_add_on_id);
create index if not exists add_on_consumption_log_user_id_idx on public.add_on_consumption_log (user_id);
create index if not exists capability_snapshots_enrollment_id_idx
  on public.capability_snapshots (enrollment_id)
  where enrollment_id is not null;
create index if not exists capability_snapshots_evaluator_id_idx on public.capability_snapshots (evaluator_id)
  where evaluator_id is not null;
create index if not exists capability_snapshots_user_id_idx on public.capability_snapshots (user_id);
create index if not exists client_enrollments_referred_by_idx on public.client_enrollments (referred_by)
  where referred_by is not null;
create index if not exists cohort_session_attendance_enrollment_id_idx
  on public.cohort_session_attendance (enrollment_id);
create index if not exists cohort_session_attendance_marked_by_idx
  on public.cohort_session_attendance (marked_by)
  where marked_by is not null;
create index if not exists content_completions_source_enrollment_id_idx
  on public.content_completions (source_enrollment_id)
  where source_enrollment_id is not null;
create index if not exists content_packages_uploaded_by_idx on public.content_packages (uploaded_by)
  where uploaded_by is not null;
create index if not exists development_items_author_id_idx on public.development_items (author_id)
  where author_id is not null;
create index if not exists development_items_prompt_id_idx on public.development_items (prompt_id)
  where prompt_id is not null;
create index if not exists discount_code_uses_enrollment_id_idx on public.discount_code_uses (enrollment_id)
  where enrollment_id is not null;
create index if not exists discount_code_uses_user_id_idx on public.discount_code_uses (user_id);
create index if not exists discount_codes_assigned_user_id_idx on public.discount_codes (assigned_user_id)
  where assigned_user_id is not null;
create index if not exists discount_codes_created_by_idx on public.discount_codes (created_by)
  where created_by is not null;
create index if not exists enrollment_codes_created_by_idx on public.enrollment_codes (created_by);
create index if not exists generated_prompts_response_item_id_idx
  on public.generated_prompts (response_item_id)
  where response_item_id is not null;
create index if not exists generated_prompts_user_id_idx on public.generated_prompts (user_id);
create index if not exists goal_comments_goal_id_idx on public.goal_comments (goal_id);
create index if not exists goal_comments_user_id_idx on public.goal_comments (user_id);
create index if not exists group_session_participants_user_id_idx
  on public.group_session_participants (user_id);
create index if not exists group_sessions_booked_by_idx on public.group_sessions (booked_by)
  where booked_by is not null;
create index if not exists group_sessions_enrollment_id_idx on public.group_sessions (enrollment_id)
  where enrollment_id is not null;
create index if not exists groups_created_by_idx on public.groups (created_by);
create index if not exists module_assignments_scored_by_idx on public.module_assignments (scored_by)
  where scored_by is not null;
create index if not exists module_assignments_scoring_snapshot_id_idx
  on public.module_assignments (scoring_snapshot_id)
  where scoring_snapshot_id is not null;
create index if not exists module_reflections_module_progress_id_idx
  on public.module_reflections (module_progress_id);
create index if not exists module_reflections_user_id_idx on public.module_reflections (user_id);
create index if not exists module_session_participants_enrollment_id_idx
  on public.module_session_participants (enrollment_id)
  where enrollment_id is not null;
create index if not exists module_sessions_booked_by_idx on public.module_sessions (booked_by)
  where booked_by is not null;
create index if not exists module_sessions_parent_session_id_idx on public.module_sessions (parent_session_id)
  where parent_session_id is not null;
create index if not exists module_sessions_requested_by_idx on public.module_sessions (requested_by)
  where requested_by is not null;
create index if not exists notifications_user_id_idx on public.notifications (user_id);
create index if not exists org_credit_purchases_purchased_by_idx on public.org_credit_purchases (purchased_by)
  where purchased_by is not null;
create index if not exists org_credit_transactions_enrollment_id_idx
  on public.org_credit_transactions (enrollment_id)
  where enrollment_id is not null;
create index if not exists org_credit_transactions_performed_by_idx
  on public.org_credit_transactions (performed_by)
  where performed_by is not null;
create index if not exists organization_terms_created_by_idx on public.organization_terms (created_by)
  where created_by is not null;
create index if not exists paragraph_evaluations_evaluator_id_idx
  on public.paragraph_evaluations (evaluator_id)
  where evaluator_id is not null;
create index if not exists partner_codes_partner_id_idx on public.partner_codes (partner_id);
create index if not exists partner_referrals_enrollment_id_idx on public.partner_referrals (enrollment_id)
  where enrollment_id is not null;
create index if not exists partner_referrals_partner_id_idx on public.partner_referrals (partner_id);
create index if not exists partner_referrals_referred_user_id_idx
  on public.partner_referrals (referred_user_id)
  where referred_user_id is not null;
create index if not exists payment_schedules_enrollment_id_idx on public.payment_schedules (enrollment_id)
  where enrollment_id is not null;
create index if not exists scenario_assignments_assigned_by_idx on public.scenario_assignments (assigned_by)
  where assigned_by is not null;
create index if not exists scenario_assignments_enrollment_id_idx
  on public.scenario_assignments (enrollment_id)
  where enrollment_id is not null;
create index if not exists scenario_assignments_evaluated_by_idx on public.scenario_assignments (evaluated_by)
  where evaluated_by is not null;
create index if not exists scenario_assignments_parent_assignment_id_idx
  on public.scenario_assignments (parent_assignment_id)
  where parent_assignment_id is not null;
create index if not exists scenario_assignments_user_id_idx on public.scenario_assignments (user_id);
create index if not exists session_participants_user_id_idx on public.session_participants (user_id);
create index if not exists sessions_created_by_idx on public.sessions (created_by)
  where created_by is not null;
create index if not exists user_add_ons_granted_by_idx on public.user_add_ons (granted_by)
  where granted_by is not null;
create index if not exists user_credit_purchases_user_id_idx on public.user_credit_purchases (user_id);
create index if not exists user_credit_transactions_add_on_id_idx
  on public.user_credit_transactions (add_on_id)
  where add_on_id is not null;
create index if not exists user_credit_transactions_enrollment_id_idx
  on public.user_credit_transactions (enrollment_id)
  where enrollment_id is not null;
create index if not exists user_credit_transactions_user_id_idx on public.user_credit_transactions (user_id);
create index if not exists user_program_entitlement_usage_user_id_idx
  on public.user_program_entitlement_usage (user_id);
