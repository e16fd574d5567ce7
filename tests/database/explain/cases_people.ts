import {
  ADMIN,
  type Case,
  CLIENT,
  COACH,
  NEW,
  ORGANIZATION,
  OTHER,
  service,
  SIGN_UP,
  signedIn,
} from "./case.ts";
import { id } from "./fill.ts";

const ADMIN_SESSION = id("auth.sessions", 5);
const CLIENT_SESSION = id("auth.sessions", 5_000);
const OWN_ORGANIZATION = `${SIGN_UP}
  insert into public.organization_members (organization_id, user_id, role)
  values (${ORGANIZATION}, ${NEW}, 'org_admin');`;
const INVITED = `${SIGN_UP}
  insert into public.organization_invites (id, organization_id, email, role, invited_by, token, expires_at)
  values (${NEW}, ${ORGANIZATION}, 'new@example.com', 'org_member', ${ADMIN}, ${NEW}, now() + interval '7 days');`;
const ASKED = `
  insert into public.email_change_requests
    (id, user_id, old_email, new_email, verification_token, expires_at, claim_id, claimed_at)
  values (${NEW}, ${CLIENT}, 'user5000@example.com', 'new@example.com',
    encode(sha256(convert_to('the token', 'UTF8')), 'hex'), now() + interval '1 hour', ${NEW}, now() - interval '5 minutes');`;

/** Who somebody is and may do: the helpers of the policies, which pages call as well. */
const ROLES: Case[] = [
  ["has_role", `${CLIENT}, 'client'`],
  ["are_group_peers", `${CLIENT}, ${OTHER}`],
  [
    "can_manage_module_session",
    `${COACH}, ${id("public.module_sessions", 5_000)}`,
  ],
  ["client_can_view_staff_profile", `${CLIENT}, ${COACH}`],
  ["get_user_organization_id", CLIENT],
  ["has_org_role", `${CLIENT}, ${ORGANIZATION}, 'org_member'`],
  ["is_group_member", `${CLIENT}, ${id("public.groups", 5_000)}`],
  ["is_org_admin_or_manager", `${CLIENT}, ${ORGANIZATION}`],
  [
    "is_program_instructor_or_coach",
    `${COACH}, ${id("public.programs", 5_000)}`,
  ],
  ["is_same_organization", `${CLIENT}, ${OTHER}`],
  [
    "is_session_instructor_or_coach",
    `${id("public.module_sessions", 5_000)}, ${COACH}`,
  ],
  [
    "is_session_participant",
    `${id("public.module_sessions", 5_000)}, ${CLIENT}`,
  ],
  ["staff_has_client_relationship", `${COACH}, ${CLIENT}`],
  ["user_is_enrolled_in_program", `${CLIENT}, ${id("public.programs", 5_000)}`],
  ["get_user_notification_preference", `${CLIENT}, 'session_scheduled'`],
].map(([name = "", args = ""]) =>
  signedIn(name, `select * from public.${name}(${args})`)
);

const ACCOUNTS: Case[] = [
  service(
    "is_email_in_use",
    `select public.is_email_in_use('nobody@example.com', ${CLIENT})`,
  ),
  service(
    "request_email_change",
    `select * from public.request_email_change(${CLIENT}, ${CLIENT_SESSION}, 'new@example.com', true, 'https://app.example.com/verify')`,
    { answers: '"ok"' },
  ),
  service(
    "claim_email_change",
    "select * from public.claim_email_change('the token')",
    {
      before: ASKED,
      answers: '"ok"',
    },
  ),
  service(
    "release_email_change",
    `select public.release_email_change(${NEW}, ${NEW})`,
    {
      before: ASKED,
    },
  ),
  service(
    "record_auth_email",
    `select public.record_auth_email(${CLIENT}, ${CLIENT}, 'user5000@example.com', ${NEW}, ${NEW})`,
    {
      what: "by its owner",
      before:
        `${ASKED} update auth.users set email = 'new@example.com' where id = ${CLIENT};`,
      answers: '"ok"',
    },
  ),
  service(
    "record_auth_email",
    `select public.record_auth_email(${CLIENT}, ${ADMIN}, 'old@example.com')`,
    { what: "by an admin", answers: '"ok"' },
  ),
  service(
    "password_attempt",
    `select * from public.password_attempt(${CLIENT}, ${CLIENT_SESSION})`,
    {
      answers: '"ok"',
    },
  ),
  service(
    "record_auth_password",
    `select public.record_auth_password(${CLIENT}, ${ADMIN})`,
  ),
  service(
    "begin_user_update",
    `select * from public.begin_user_update(${ADMIN}, ${ADMIN_SESSION}, ${CLIENT}, 'new@example.com')`,
    { answers: '"ok"' },
  ),
  service(
    "begin_user_action",
    `select * from public.begin_user_action(${ADMIN}, ${ADMIN_SESSION}, ${CLIENT}, 'disable')`,
    { answers: '"ok"' },
  ),
  service(
    "record_auth_ban",
    `select public.record_auth_ban(${CLIENT}, ${ADMIN}, true)`,
    {
      before:
        `update auth.users set banned_until = now() + interval '1 year' where id = ${CLIENT};`,
    },
  ),
  service(
    "delete_user",
    `select * from public.delete_user(${ADMIN}, ${ADMIN_SESSION}, ${CLIENT})`,
    { answers: '"ok"' },
  ),
];

const ORGANIZATIONS: Case[] = [
  signedIn(
    "accept_org_invite",
    `select * from public.accept_org_invite(${NEW}::text)`,
    {
      by: NEW,
      before: INVITED,
      answers: '"accepted"',
    },
  ),
  signedIn(
    "decline_org_invite",
    `select * from public.decline_org_invite(${NEW}::text)`,
    {
      by: NEW,
      before: INVITED,
      answers: "true",
    },
  ),
  signedIn(
    "withdraw_org_invite",
    `select * from public.withdraw_org_invite(${NEW})`,
    {
      by: ADMIN,
      before: INVITED,
      answers: "true",
    },
  ),
  service(
    "send_org_invite",
    `select * from public.send_org_invite(${NEW}, ${ORGANIZATION}, 'invited@example.com', 'org_member', 'https://app.example.com')`,
    { before: OWN_ORGANIZATION, answers: '"sent"' },
  ),
  service(
    "check_org_seat_limits",
    "select * from public.check_org_seat_limits()",
    {
      before: `${OWN_ORGANIZATION}
      insert into public.org_platform_tiers (id, name, slug, max_members) values (${NEW}, 'Small', 'small', 2);
      update public.org_platform_subscriptions set tier_id = ${NEW} where organization_id = ${ORGANIZATION};`,
      answers: '"alerts":[{',
    },
  ),
  ...[
    "can_assign_sponsored_seat",
    "get_org_max_sponsored_seats",
    "get_org_sponsored_seat_count",
  ].map(
    (name) => signedIn(name, `select public.${name}(${ORGANIZATION})`),
  ),
];

/** Names of others, as a coach's page asks for them and a client's. */
const NAMES: Case[] = [
  signedIn(
    "people",
    `select * from public.people(array[${CLIENT}, ${OTHER}, ${COACH}]::uuid[])`,
    { what: "by a coach", by: COACH },
  ),
  signedIn(
    "people",
    `select * from public.people(array[${CLIENT}, ${OTHER}, ${COACH}]::uuid[])`,
    { what: "by a client" },
  ),
];

export const PEOPLE: Case[] = [
  ...ROLES,
  ...NAMES,
  ...ACCOUNTS,
  ...ORGANIZATIONS,
];
