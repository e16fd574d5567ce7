-- Rows that code relies on by key. An installation adds its own, and a key that is there stays as it is.

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

insert into public.notification_types (key, name, description, is_critical, email_template_key, preference)
values
  ('account_updated', 'Account updated', null, false, null, null),
  ('assignment_available', 'Assignment available', null, false, null, null),
  ('assignment_due_soon', 'Assignment due soon', null, false, null, null),
  ('assignment_graded', 'Assignment graded', null, false, null, 'assignment_graded'),
  ('coach_module_assigned', 'Assigned to a module as coach', null, false, 'notification', 'coach_module_assignments'),
  ('coach_program_assigned', 'Assigned to a program as coach', null, false, 'notification', 'coach_program_assignments'),
  ('content_updated', 'Content updated', null, false, null, null),
  ('credits_added', 'Credits added', null, false, null, null),
  ('credits_expiring', 'Credits expiring', null, false, 'notification', null),
  ('credits_low', 'Credits low', null, false, 'notification', null),
  ('decision_outcome_due', 'Decision outcome due', null, false, null, null),
  ('decision_reminder', 'Decision reminder', null, false, null, null),
  ('enrollment_code_redeemed', 'Enrollment code redeemed', null, false, null, null),
  ('feedback_received', 'Feedback received', null, false, null, null),
  ('goal_comment', 'Goal comment', null, false, null, null),
  ('goal_reminder', 'Goal reminder', null, false, null, null),
  ('goal_shared', 'Goal shared', null, false, null, null),
  ('group_joined', 'Group joined', null, false, null, null),
  ('group_message', 'Group message', null, false, null, null),
  ('group_session_scheduled', 'Group session scheduled', null, false, 'notification', 'session_scheduled'),
  ('group_task_assigned', 'Group task assigned', null, false, null, null),
  ('instructor_module_assigned', 'Assigned to a module as instructor', null, false, 'notification', 'instructor_module_assignments'),
  ('instructor_program_assigned', 'Assigned to a program as instructor', null, false, 'notification', 'instructor_program_assignments'),
  ('milestone_achieved', 'Milestone achieved', null, false, null, null),
  ('module_completed', 'Module completed', null, false, null, null),
  ('module_unlocked', 'Module unlocked', null, false, null, null),
  ('org_seat_limit_reached', 'No seats left', 'All seats of an organisation are taken.', false, 'notification', null),
  ('org_seat_limit_warning', 'Seats are running out', 'At least 80 per cent of an organisation''s seats are taken.', false, 'notification', null),
  ('payment_received', 'Payment received', null, false, null, null),
  ('platform_announcement', 'Platform announcement', null, false, null, null),
  ('program_completed', 'Program completed', null, false, null, null),
  ('program_enrolled', 'Program enrolled', null, false, null, null),
  ('security_alert', 'Security alert', null, true, 'notification', null),
  ('session_cancelled', 'Session cancelled', null, false, 'notification', 'session_scheduled'),
  ('session_recap_available', 'Session recap available', null, false, null, null),
  ('session_reminder', 'Session reminder', null, false, 'notification', null),
  ('session_requested', 'Session requested', null, false, 'notification', 'session_requests'),
  ('session_rescheduled', 'Session rescheduled', null, false, 'notification', 'session_scheduled'),
  ('session_scheduled', 'Session scheduled', null, false, 'notification', 'session_scheduled'),
  ('terms_updated', 'Terms updated', null, true, null, null),
  ('waitlist_place', 'A place is free', 'A place is held for somebody on a waitlist.', false, 'notification', null),
  ('welcome', 'Welcome', null, false, null, null)
on conflict (key) do nothing;

insert into public.email_templates (template_key, name, subject, description, html_content)
values
  (
    'email_change_confirm', 'Confirm a new e-mail address', 'Confirm your new e-mail address',
    'To the new address, with the link that confirms it.',
    '<p>Hello {{user_name}},</p><p>To use {{new_email}} for InnoTrue Hub from now on, follow this link within an hour:</p><p><a href="{{link}}">Confirm the address</a></p><p>If you did not ask for this, do nothing.</p>'
  ),
  (
    'email_change_notice', 'A new e-mail address was asked for', 'A change of your e-mail address was asked for',
    'To the present address, when a change is asked for.',
    '<p>Hello {{user_name}},</p><p>Somebody signed in to your account asked to change its e-mail address to {{new_email}}. Nothing changes until that address is confirmed.</p><p>If it was not you, change your password now.</p>'
  ),
  (
    'email_changed', 'E-mail address changed', 'Your e-mail address was changed',
    'To the former address, once the new one is confirmed.',
    '<p>Hello {{user_name}},</p><p>The e-mail address of your account was changed from {{old_email}} to {{new_email}}.</p><p>If it was not you, write to our support at once.</p>'
  ),
  (
    'email_changed_by_admin', 'E-mail address changed by an administrator', 'Your e-mail address was changed',
    'To both addresses, when an administrator changes one.',
    '<p>Hello {{user_name}},</p><p>An administrator changed the e-mail address of your account from {{old_email}} to {{new_email}}.</p>'
  ),
  (
    'notification', 'Notification', '{{title}}',
    'Any notification that has no template of its own.',
    '<p>Hello {{user_name}},</p><p>{{message}}</p><p><a href="{{link}}">Open InnoTrue Hub</a></p>'
  ),
  (
    'org_invite', 'Organisation invitation', 'You are invited to join {{organizationName}}',
    'An invitation to an organisation. Values: organizationName, roleDisplay, inviteLink, currentYear.',
    '<p>Hello,</p><p>{{organizationName}} invites you to join its organisation on InnoTrue Hub as {{roleDisplay}}.</p><p><a href="{{inviteLink}}">Accept the invitation</a></p><p>The link works for 7 days, for this address only. If you did not expect it, ignore this mail.</p><p>© {{currentYear}} InnoTrue Hub</p>'
  ),
  (
    'password_changed', 'Password changed', 'Your password was changed',
    'After a user has changed the own password.',
    '<p>Hello {{user_name}},</p><p>The password of your account was changed and every device signed out.</p><p>If it was not you, write to our support at once.</p>'
  ),
  (
    'password_changed_by_admin', 'Password changed by an administrator', 'Your password was changed',
    'After an administrator has set a password.',
    '<p>Hello {{user_name}},</p><p>An administrator changed the password of your account and signed every device out.</p>'
  ),
  (
    'program_assignment', 'Program assignment', 'You have been enrolled in {{programName}}',
    'Sent to a client who has been enrolled in a program.',
    '<p>Hello {{userName}},</p><p>You have been enrolled in <b>{{programName}}</b>.</p><p>{{programDescription}}</p><p><a href="{{siteUrl}}">Open InnoTrue Hub</a></p>'
  )
on conflict (template_key) do nothing;

-- Where links to meetings may lead that users write into sessions. An operator adds to them.
insert into private.allowed_meeting_hosts (host)
values
  ('zoom.us'), ('zoom.com'), ('meet.google.com'), ('teams.microsoft.com'), ('teams.live.com'), ('daily.co'),
  ('app.cal.com'), ('whereby.com')
on conflict (host) do nothing;

-- What becomes of columns that name a user without a foreign key, when the user is deleted.
insert into private.user_columns (table_name, column_name, on_delete, reason)
values
  ('private.attempts', 'user_id', 'delete', null),
  ('private.calendar_changes', 'user_id', 'delete', null),
  ('private.code_attempt_marks', 'user_id', 'delete', null),
  ('public.add_on_consumption_log', 'user_id', 'delete', null),
  ('public.ai_preferences', 'user_id', 'delete', null),
  ('public.client_instructors', 'client_id', 'delete', null),
  ('public.client_instructors', 'instructor_id', 'delete', null),
  ('public.development_items', 'user_id', 'delete', null),
  ('public.email_change_requests', 'user_id', 'delete', null),
  ('public.email_queue', 'actor_id', 'clear', null),
  ('public.email_queue', 'user_id', 'delete', null),
  ('public.external_progress', 'user_id', 'delete', null),
  ('public.generated_prompts', 'user_id', 'delete', null),
  ('public.group_session_participants', 'user_id', 'delete', null),
  ('public.module_reflections', 'user_id', 'delete', null),
  ('public.module_session_participants', 'user_id', 'delete', null),
  ('public.notifications', 'user_id', 'delete', null),
  ('public.organization_sharing_consent', 'user_id', 'delete', null),
  ('public.user_add_ons', 'user_id', 'delete', null),
  ('public.user_notification_preferences', 'user_id', 'delete', null),
  ('public.user_program_entitlement_usage', 'user_id', 'delete', null),
  ('public.user_tracks', 'user_id', 'delete', null),
  ('public.wheel_of_life_snapshots', 'user_id', 'delete', null),
  ('public.module_assignments', 'scored_by', 'clear', null),
  ('public.user_add_ons', 'granted_by', 'clear', null),
  ('public.groups', 'created_by', 'reassign', null),
  ('private.trigger_failures', 'subject_id', 'keep', 'what failed'),
  ('public.admin_audit_logs', 'actor_id', 'keep', 'the audit log'),
  ('public.admin_audit_logs', 'target_user_id', 'keep', 'the audit log'),
  ('public.coach_module_feedback', 'coach_id', 'keep', 'it is the client''s; the coach is an id without a person'),
  ('public.credit_batches', 'owner_id', 'keep', 'accounts, under an id without a person'),
  ('public.credit_consumption_log', 'user_id', 'keep', 'accounts, under an id without a person'),
  ('public.credit_debts', 'owner_id', 'keep', 'accounts, under an id without a person'),
  ('public.credit_ledger', 'owner_id', 'keep', 'accounts, under an id without a person'),
  ('public.credit_spends', 'owner_id', 'keep', 'accounts, under an id without a person'),
  ('public.credit_usage_periods', 'owner_id', 'keep', 'accounts, under an id without a person'),
  ('public.low_credit_thresholds', 'owner_id', 'delete', null),
  ('public.plan_credit_rollovers', 'user_id', 'keep', 'accounts, under an id without a person')
on conflict (table_name, column_name) do nothing;

insert into private.calendar_epoch default values on conflict do nothing;
insert into private.code_attempts_kept default values on conflict do nothing;
