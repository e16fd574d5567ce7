-- Least privilege on production's own tables.
--
-- Why: production was made when Supabase granted anon and authenticated everything on every new table, and
-- the baseline, which revokes that, is only marked as applied there: row level security alone held visitors
-- back. A database that ran the baseline has these grants already. Tables that no migration makes keep theirs.
-- Locks: none on the tables, only on their rows of pg_class. Can be run again.

set lock_timeout = '10s';

do $do$
declare
  v_tables constant text := $names$
    public.add_on_consumption_log, public.add_on_features, public.add_ons, public.ai_preferences,
    public.assessment_definitions, public.assessment_dimensions, public.calcom_event_type_mappings,
    public.calcom_webhook_logs, public.capability_assessments, public.capability_domains,
    public.capability_snapshots, public.client_coaches, public.client_enrollments,
    public.client_instructors, public.client_profiles, public.coach_module_feedback,
    public.cohort_session_attendance, public.cohort_sessions, public.cohort_waitlist,
    public.content_completions, public.content_packages, public.credit_batches,
    public.credit_consumption_log, public.credit_services, public.credit_source_types,
    public.credit_topup_packages, public.credit_usage_periods, public.development_items,
    public.discount_code_uses, public.discount_codes, public.email_change_requests, public.email_queue,
    public.email_templates, public.enrollment_codes, public.enrollment_module_staff,
    public.external_progress, public.external_sources, public.feature_categories, public.features,
    public.feedback_template_types, public.generated_prompts, public.goal_comments,
    public.goal_milestones, public.goals, public.group_memberships, public.group_session_participants,
    public.group_sessions, public.groups, public.guided_path_instantiations,
    public.guided_path_milestone_gates, public.guided_path_survey_responses,
    public.guided_path_template_goals, public.guided_path_template_milestones,
    public.guided_path_templates, public.instructor_calcom_event_types, public.module_assignment_types,
    public.module_assignments, public.module_coaches, public.module_external_mappings,
    public.module_instructors, public.module_progress, public.module_reflections,
    public.module_session_participants, public.module_sessions, public.module_types,
    public.notification_categories, public.notification_preferences, public.notification_types,
    public.notifications, public.org_credit_balances, public.org_credit_packages,
    public.org_credit_purchases, public.org_credit_transactions, public.org_platform_subscriptions,
    public.org_platform_tiers, public.organization_invites, public.organization_members,
    public.organization_programs, public.organization_sharing_consent, public.organization_terms,
    public.organizations, public.paragraph_evaluations, public.partner_codes, public.partner_referrals,
    public.payment_schedules, public.plan_credit_allocations, public.plan_credit_rollovers,
    public.plan_features, public.plan_prices, public.plans, public.profiles, public.program_coaches,
    public.program_cohorts, public.program_entitlements, public.program_instructors,
    public.program_modules, public.program_plan_features, public.program_plans, public.program_tier_plans,
    public.program_versions, public.programs, public.resource_library, public.scenario_assignments,
    public.scenario_templates, public.section_paragraphs, public.session_participants,
    public.session_type_roles, public.session_types, public.sessions, public.staff_profiles,
    public.system_settings, public.talentlms_progress, public.talentlms_users, public.track_features,
    public.tracks, public.usage_tracking, public.user_add_ons, public.user_credit_balances,
    public.user_credit_purchases, public.user_credit_transactions, public.user_notification_preferences,
    public.user_program_entitlement_usage, public.user_roles, public.user_tracks, public.wheel_categories,
    public.wheel_of_life_snapshots
  $names$;
begin
  execute format('revoke all on table %s from anon', v_tables);
  -- what policies decide on stays; these are no business of the Data API
  execute format('revoke truncate, references, trigger on table %s from authenticated', v_tables);
end
$do$;

-- the price page shows them before anybody signs in
grant select on table public.program_entitlements to anon;

-- Here only SQL functions do what is taken away.
revoke insert, update, delete on table
  public.calcom_webhook_logs, public.content_completions, public.credit_consumption_log,
  public.credit_usage_periods, public.payment_schedules
from authenticated;
revoke insert on table
  public.cohort_waitlist, public.email_queue
from authenticated;
revoke update, delete on table
  public.discount_code_uses
from authenticated;
revoke insert, update on table
  public.organization_invites
from authenticated;
revoke delete on table
  public.usage_tracking
from authenticated;

-- Where new tables, views and sequences are granted to everybody by default, those that were made since, too.
revoke all on table public.admin_audit_logs from anon, authenticated, service_role;
grant select on table public.admin_audit_logs to authenticated, service_role;
revoke all on table public.email_change_requests_safe from service_role;
revoke insert, update, delete, truncate, references, trigger on table
  public.email_health, public.partner_codes_overview, public.content_packages_overview,
  public.cohort_waitlist_overview
from service_role;
revoke all on sequence public.credit_ledger_id_seq, public.maintenance_runs_id_seq
from anon, authenticated, service_role;
