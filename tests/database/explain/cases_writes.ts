import {
  ADMIN,
  type Case,
  CLIENT,
  COACH,
  NEW,
  OTHER,
  service,
  SIGN_UP,
  signedIn,
} from "./case.ts";
import { id } from "./fill.ts";

const PROGRAM = id("public.programs", 5_000);
const MODULE = id("public.program_modules", 6_000);
const ENROLMENT = id("public.client_enrollments", 5_000);
const SESSION = id("public.module_sessions", 5_000);
const GROUP = id("public.groups", 5_000);
const FREE_SESSION = id("public.sessions", 5_000);

const owner = (of: string, call: string, more: Partial<Case> = {}): Case => ({
  of,
  as: "owner",
  call,
  ...more,
});

/** Functions of the schema private that pg_cron calls, or that only what is rare comes to. */
export const PRIVATE: Case[] = [
  owner("lift_lapsed_bans", "select private.lift_lapsed_bans()"),
  owner("forget_cron_runs", "select private.forget_cron_runs()"),
  owner(
    "forget_rows_before_repair",
    "select private.forget_rows_before_repair()",
  ),
  owner("restore_cron_jobs", "select private.restore_cron_jobs()"),
  owner("forget_calendar_bodies", "select private.forget_calendar_bodies()"),
  owner("delete_stripe_payloads", "select private.delete_stripe_payloads()"),
  owner(
    "release_calcom_session",
    `select private.release_calcom_session(${
      id("public.calcom_lineages", 5_000)
    })`,
  ),
  owner(
    "tell_calcom_host",
    `select private.tell_calcom_host(${SESSION}, null, 'session_cancelled')`,
  ),
  owner(
    "record_trigger_failure",
    `select private.record_trigger_failure('a trigger', ${SESSION}, '23505', 'x')`,
  ),
  signedIn(
    "has_an_org_admin",
    `select private.has_an_org_admin(${id("public.organizations", 5_000)})`,
  ),
];

/** Ordinary writes, and with them the triggers. */
export const WRITES: Case[] = [
  service(
    "another plan",
    `update public.profiles set plan_id = (select id from public.plans where key = 'pro') where id = ${CLIENT}`,
    {
      before: `update public.profiles set plan_id = null where id = ${CLIENT};`,
    },
  ),
  service(
    "a place that comes free",
    `update public.client_enrollments set status = 'completed' where id = ${ENROLMENT}`,
    {
      before:
        `update public.client_enrollments set status = 'active', cohort_id = ${
          id("public.program_cohorts", 5_000)
        } where id = ${ENROLMENT};`,
    },
  ),
  signedIn("every request", "select private.check_request()"),
  owner("a sign-up", SIGN_UP.replace(/;$/, "")),
  owner(
    "a new address",
    `update auth.users set email = 'other@example.com' where id = ${CLIENT}`,
  ),
  service(
    "a new plan",
    `update public.profiles set plan_id = (select id from public.plans where key <> 'free' limit 1) where id = ${CLIENT}`,
  ),
  signedIn(
    "one's own profile",
    `update public.profiles set bio = 'x' where id = ${CLIENT}`,
  ),
  service(
    "an enrolment",
    `insert into public.client_enrollments (client_user_id, program_id) values (${CLIENT}, ${
      id("public.programs", 6_000)
    })`,
  ),
  service(
    "a session",
    `insert into public.module_sessions (module_id, enrollment_id, title, session_type, status, session_date)
     values (${MODULE}, ${ENROLMENT}, 'Session', 'individual', 'scheduled', now() + interval '3 days')`,
  ),
  signedIn(
    "a session booked elsewhere",
    `insert into public.module_sessions (
      module_id, enrollment_id, title, session_type, status, source, requested_by, session_date, client_response
    )
    values (${
      id("public.program_modules", 5_000)
    }, ${ENROLMENT}, 'Session', 'individual', 'scheduled', 'client_external', ${CLIENT},
      now() + interval '3 days', 'accepted')`,
    {
      before:
        `update public.module_sessions set status = 'completed' where id = ${SESSION};`,
    },
  ),
  signedIn(
    "a session moved",
    `update public.module_sessions set session_date = now() + interval '9 days', status = 'scheduled' where id = ${SESSION}`,
    { by: COACH },
  ),
  service(
    "a session of another module",
    `update public.module_sessions set module_id = ${MODULE} where id = ${SESSION}`,
  ),
  service(
    "a participant",
    `insert into public.module_session_participants (session_id, user_id) values (${SESSION}, ${OTHER})`,
  ),
  service(
    "a participant moved",
    `update public.module_session_participants set user_id = ${OTHER} where id = ${
      id("public.module_session_participants", 5_000)
    }`,
  ),
  service(
    "a group session called off",
    `update public.group_sessions set status = 'cancelled', session_date = now() + interval '3 days' where id = ${
      id("public.group_sessions", 5_000)
    }`,
  ),
  service(
    "an invitation to a group session",
    `insert into public.group_session_participants (session_id, group_id, user_id) values (${
      id("public.group_sessions", 5_000)
    }, ${GROUP}, ${OTHER})`,
  ),
  signedIn(
    "an answer to it",
    `update public.group_session_participants set response_status = 'accepted' where id = ${
      id("public.group_session_participants", 5_000)
    }`,
  ),
  signedIn(
    "a change of a development item",
    `update public.development_items set title = 'Changed' where id = ${
      id("public.development_items", 5_000)
    }`,
    {
      before:
        `update public.development_items set author_id = ${CLIENT} where id = ${
          id("public.development_items", 5_000)
        };`,
    },
  ),
  signedIn(
    "a scenario handed in",
    `update public.scenario_assignments set status = 'submitted' where id = ${
      id("public.scenario_assignments", 5_000)
    }`,
    {
      before:
        `update public.scenario_assignments set status = 'draft', user_id = ${CLIENT} where id = ${
          id("public.scenario_assignments", 5_000)
        };`,
    },
  ),
  signedIn(
    "a member's session of a group",
    `insert into public.group_sessions (group_id, title, session_date, booked_by)
     values (${GROUP}, 'Session', now() + interval '3 days', ${CLIENT})`,
  ),
  service(
    "a participant of a free-standing session",
    `insert into public.session_participants (session_id, user_id, status)
     values (${FREE_SESSION}, ${CLIENT}, 'registered')`,
    {
      before:
        `delete from public.session_participants where session_id = ${FREE_SESSION}`,
    },
  ),
  service(
    "a new member of a group",
    `insert into public.group_memberships (group_id, user_id, status) values (${GROUP}, ${OTHER}, 'active')`,
  ),
  service(
    "a member who leaves a group",
    `update public.group_memberships set status = 'left' where id = ${
      id("public.group_memberships", 5_000)
    }`,
  ),
  service(
    "a cohort called off",
    `update public.program_cohorts set status = 'cancelled' where id = ${
      id("public.program_cohorts", 5_000)
    }`,
  ),
  service(
    "a coach of a program",
    `insert into public.program_coaches (program_id, coach_id) values (${PROGRAM}, ${ADMIN})`,
  ),
  service(
    "an assignment reviewed",
    `update public.module_assignments set status = 'reviewed' where id = ${
      id("public.module_assignments", 5_000)
    }`,
    {
      before:
        `update public.module_assignments set status = 'submitted' where id = ${
          id("public.module_assignments", 5_000)
        };`,
    },
  ),
  service(
    "an assignment filled in",
    `insert into public.module_assignments (module_progress_id, assignment_type_id, assessor_id)
     values (${
      id("public.module_progress", 5_000)
    }, (select id from public.module_assignment_types limit 1), ${CLIENT})`,
    {
      before:
        `delete from public.module_assignments where module_progress_id = ${
          id("public.module_progress", 5_000)
        };`,
    },
  ),
  service(
    "a note on an assignment that is not reviewed",
    `update public.module_assignments set instructor_notes = 'x' where id = ${
      id("public.module_assignments", 5_000)
    }`,
    {
      before:
        `update public.module_assignments set status = 'submitted', scored_by = ${COACH} where id = ${
          id("public.module_assignments", 5_000)
        };`,
    },
  ),
  service(
    "a mark of attendance",
    `update public.cohort_session_attendance set status = 'present' where id = ${
      id("public.cohort_session_attendance", 5_000)
    }`,
  ),
  service(
    "a member who comes back",
    `update public.organization_members set is_active = true where user_id = ${NEW}`,
    {
      before: `${SIGN_UP}
      insert into public.organization_members (organization_id, user_id, role, is_active)
      values (${
        id("public.organizations", 5_000)
      }, ${NEW}, 'org_member', false);`,
    },
  ),
  service(
    "an admin who leaves an organisation",
    `update public.organization_members set is_active = false where user_id = ${NEW}`,
    {
      before: `${SIGN_UP}
      insert into public.organization_members (organization_id, user_id, role)
      values (${id("public.organizations", 5_000)}, ${NEW}, 'org_admin');
      update public.organization_members set role = 'org_admin' where user_id = ${CLIENT};`,
    },
  ),
  service(
    "usage counted",
    `update public.usage_tracking set used_count = used_count + 1 where id = ${
      id("public.usage_tracking", 5_000)
    }`,
  ),
];
