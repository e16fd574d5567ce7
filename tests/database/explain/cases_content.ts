import {
  ADMIN,
  type Case,
  CLIENT,
  COACH,
  OTHER,
  service,
  signedIn,
} from "./case.ts";
import { id } from "./fill.ts";

const MAIL = id("public.email_queue", 5_000);
const ITEM = id("public.development_items", 5_000);
const ASSIGNMENT = id("public.module_assignments", 5_000);
const FEED = `p_user_id => ${CLIENT}, p_version => 1`;

export const CONTENT: Case[] = [
  service("calendar_feed", `select * from public.calendar_feed(${FEED})`, {
    what: "200",
    answers: '"events":[{',
  }),
  service(
    "calendar_feed",
    `select * from public.calendar_feed(${FEED}, p_known => array[(select fingerprint from public.calendar_feed(${FEED}))])`,
    { what: "304", answers: '"events":null' },
  ),
  service(
    "calendar_feed",
    `select * from public.calendar_feed(${FEED}, p_variant => 'r1')`,
    {
      what: "200 of what is kept",
      before:
        `select public.keep_calendar_body(${CLIENT}, 'r1', (select fingerprint from public.calendar_feed(${FEED})), 'kept')`,
      answers: '"body":"kept"',
    },
  ),
  service(
    "keep_calendar_body",
    `select public.keep_calendar_body(${CLIENT}, 'r1', 'any', 'kept')`,
    { answers: '"keep_calendar_body":true' },
  ),
  service(
    "calendar_feed",
    "select * from public.calendar_feed(p_token => md5('calendar 5000')::uuid)",
    { what: "a former link" },
  ),
  signedIn("calendar_link", "select * from public.calendar_link()", {
    answers: '"version":1',
  }),
  signedIn("calendar_link", "select * from public.calendar_link(true)", {
    what: "rotated",
  }),
  signedIn(
    "begin_reflection_prompt",
    "select * from public.begin_reflection_prompt('weekly')",
  ),
  signedIn(
    "save_reflection_prompt",
    "select public.save_reflection_prompt('weekly', current_date, 'What went well?', 'fallback')",
  ),
  signedIn(
    "readiness_dashboard",
    "select * from public.readiness_dashboard()",
    { what: "a coach's", by: COACH },
  ),
  signedIn(
    "readiness_dashboard",
    "select * from public.readiness_dashboard()",
    { what: "an admin's", by: ADMIN },
  ),
  signedIn(
    "staffed_program_ids",
    "select * from public.staffed_program_ids()",
    { by: COACH },
  ),
  signedIn(
    "student_development_profile",
    `select * from public.student_development_profile(${CLIENT})`,
    { by: COACH },
  ),
  signedIn("feedback_inbox", "select * from public.feedback_inbox()"),
  signedIn(
    "partner_codes_overview",
    "select * from public.partner_codes_overview",
  ),
  signedIn(
    "content_packages_overview",
    "select * from public.content_packages_overview limit 50",
    { by: ADMIN },
  ),
  signedIn(
    "cohort_waitlist_overview",
    `select * from public.cohort_waitlist_overview where cohort_id = ${
      id("public.program_cohorts", 5_000)
    }`,
    { by: ADMIN },
  ),
  signedIn(
    "email_change_requests_safe",
    "select * from public.email_change_requests_safe",
  ),
  service("email_health", "select * from public.email_health"),
  service("claim_emails", "select * from public.claim_emails()", {
    before:
      "update public.email_queue set status = 'pending', scheduled_for = now() where id = " +
      `${MAIL};`,
    answers: "user5000@example.com",
  }),
  service(
    "settle_emails",
    `select public.settle_emails(jsonb_build_array(jsonb_build_object('id', ${MAIL}, 'outcome', 'sent', 'provider_id', 'x')))`,
    {
      before:
        `update public.email_queue set status = 'sending' where id = ${MAIL};`,
    },
  ),
  service(
    "create_notification",
    `select public.create_notification(${CLIENT}, 'session_scheduled', 'A session')`,
  ),
  service(
    "send_cohort_session_reminders",
    "select public.send_cohort_session_reminders()",
  ),
  service(
    "cleanup_old_webhook_logs",
    "select public.cleanup_old_webhook_logs()",
  ),
  service(
    "reconcile_auth_profiles",
    "select * from public.reconcile_auth_profiles()",
  ),
  ...[COACH, CLIENT].flatMap((by) =>
    [
      "select id, title from public.goals where user_id = %",
      "select m.title from public.goal_milestones m join public.goals g on g.id = m.goal_id where g.user_id = %",
      "select c.comment from public.goal_comments c join public.goals g on g.id = c.goal_id where g.user_id = %",
      "select title from public.development_items where user_id = %",
      "select id from public.capability_snapshots where user_id = %",
      "select id from public.scenario_assignments where user_id = %",
      "select id from public.content_completions where user_id = %",
    ].map((statement) =>
      signedIn(
        /public\.(\w+)/.exec(statement)?.[1] ?? "",
        statement.replace("%", CLIENT),
        { what: by === COACH ? "a coach's" : "one's own", by },
      )
    )
  ),
  signedIn("goals", `select id from public.goals where user_id = ${OTHER}`, {
    what: "another's",
  }),
  signedIn(
    "a coach's words",
    `update public.development_items set status = 'completed' where id = ${ITEM}`,
    {
      before:
        `update public.development_items set author_id = ${COACH} where id = ${ITEM};`,
    },
  ),
  signedIn(
    "an assignment of one's own",
    `update public.module_assignments set overall_comments = 'x' where id = ${ASSIGNMENT}`,
    {
      before:
        `update public.module_assignments set status = 'draft', assessor_id = ${CLIENT} where id = ${ASSIGNMENT};`,
    },
  ),
];
