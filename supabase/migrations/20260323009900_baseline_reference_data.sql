-- Baseline: the rows that code relies on by key. Production has them, most with a fuller description.
--
-- Production has this already: there the file is marked as applied and never runs.
-- Locks: row locks on the new rows only. Can be run again: a key that exists is left as it is.

insert into public.credit_source_types (key, display_name)
values
  ('subscription', 'Subscription'),
  ('purchase', 'Purchase'),
  ('grant', 'Grant'),
  ('admin_grant', 'Grant by an admin'),
  ('rollover', 'Rollover'),
  ('plan', 'Plan'),
  ('program', 'Programme'),
  ('addon', 'Add-on')
on conflict (key) do nothing;

-- A null allowance is none. NB is_free is false for key free, as in production.
insert into public.plans (key, name, tier_level, credit_allowance)
values
  ('programs', 'Programs', 0, null),
  ('continuation', 'Continuation', 0, null),
  ('free', 'Free', 1, 40),
  ('enterprise', 'Enterprise', 1, null),
  ('pro', 'Pro', 1, 200)
on conflict (key) do nothing;

insert into public.module_types (name)
values ('session'), ('assignment'), ('reflection'), ('resource'), ('content'), ('coaching')
on conflict (name) do nothing;

-- Without category and e-mail template: an installation adds its own.
insert into public.notification_types (key, name, is_critical)
values
  ('account_updated', 'Account updated', false),
  ('assignment_available', 'Assignment available', false),
  ('assignment_due_soon', 'Assignment due soon', false),
  ('assignment_graded', 'Assignment graded', false),
  ('content_updated', 'Content updated', false),
  ('credits_added', 'Credits added', false),
  ('credits_expiring', 'Credits expiring', false),
  ('credits_low', 'Credits low', false),
  ('decision_outcome_due', 'Decision outcome due', false),
  ('decision_reminder', 'Decision reminder', false),
  ('enrollment_code_redeemed', 'Enrollment code redeemed', false),
  ('feedback_received', 'Feedback received', false),
  ('goal_comment', 'Goal comment', false),
  ('goal_reminder', 'Goal reminder', false),
  ('goal_shared', 'Goal shared', false),
  ('group_joined', 'Group joined', false),
  ('group_message', 'Group message', false),
  ('group_session_scheduled', 'Group session scheduled', false),
  ('group_task_assigned', 'Group task assigned', false),
  ('milestone_achieved', 'Milestone achieved', false),
  ('module_completed', 'Module completed', false),
  ('module_unlocked', 'Module unlocked', false),
  ('payment_received', 'Payment received', false),
  ('platform_announcement', 'Platform announcement', false),
  ('program_completed', 'Program completed', false),
  ('program_enrolled', 'Program enrolled', false),
  ('security_alert', 'Security alert', true),
  ('session_cancelled', 'Session cancelled', false),
  ('session_recap_available', 'Session recap available', false),
  ('session_reminder', 'Session reminder', false),
  ('session_rescheduled', 'Session rescheduled', false),
  ('session_scheduled', 'Session scheduled', false),
  ('terms_updated', 'Terms updated', true),
  ('welcome', 'Welcome', false)
on conflict (key) do nothing;
