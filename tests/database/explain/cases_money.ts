import {
  ADMIN,
  type Case,
  CLIENT,
  NEW,
  ORGANIZATION,
  service,
  signedIn,
} from "./case.ts";
import { id } from "./fill.ts";

const BATCH = `insert into public.credit_batches
    (owner_type, owner_id, original_amount, remaining_amount, granted_at, expires_at, source_type)
  values ('user', ${CLIENT}, 500, 500, now(), now() + interval '90 days', 'purchase');`;
const LAPSED = `insert into public.credit_batches
    (owner_type, owner_id, original_amount, remaining_amount, granted_at, expires_at, source_type)
  select 'org', o.id, 100, 60, now() - interval '1 month', now() - interval '1 hour', 'subscription'
  from public.organizations o;`;
const SPENT = `${BATCH}
  insert into public.credit_spends (id, owner_type, owner_id, amount, from_plan, idempotency_key)
  values (${NEW}, 'user', ${CLIENT}, 2, 0, 'the spend');
  insert into public.credit_ledger (batch_id, owner_type, owner_id, entry_type, amount, balance_after, spend_id,
    cause, idempotency_key)
  select b.id, 'user', ${CLIENT}, 'spend', -2, 498, ${NEW}, 'spend', 'the spend'
  from public.credit_batches b where b.owner_id = ${CLIENT} and b.original_amount = 500;`;
const PROGRAM = id("public.programs", 6_000);
const COHORT = id("public.program_cohorts", 6_000);

export const MONEY: Case[] = [
  // First, since a session keeps its plans: those for so many batches must not serve the others badly.
  service(
    "run_credit_maintenance",
    "select * from public.run_credit_maintenance()",
    { before: LAPSED, answers: '"ok"' },
  ),
  signedIn(
    "get_user_credit_summary_v2",
    `select * from public.get_user_credit_summary_v2(${CLIENT})`,
  ),
  service(
    "get_org_credit_summary_v2",
    `select * from public.get_org_credit_summary_v2(${ORGANIZATION})`,
  ),
  service(
    "grant_credit_batch",
    `select public.grant_credit_batch('user', ${CLIENT}, 5, now() + interval '90 days', 'purchase', p_idempotency_key => 'once')`,
  ),
  signedIn(
    "consume_credits_fifo",
    `select * from public.consume_credits_fifo('user', ${CLIENT}, 3, p_idempotency_key => 'once')`,
    { before: BATCH, answers: '"success":true' },
  ),
  service(
    "consume_credits_fifo",
    `select * from public.consume_credits_fifo('user', ${CLIENT}, 2, p_idempotency_key => 'the spend')`,
    { what: "once more", before: SPENT, answers: '"success":true' },
  ),
  service("refund_credits", `select * from public.refund_credits(${NEW}, 1)`, {
    before: SPENT,
    answers: '"success":true',
  }),
  service(
    "process_credit_rollover",
    `select * from public.process_credit_rollover('user', ${CLIENT})`,
    { what: "a user's" },
  ),
  service(
    "process_credit_rollover",
    `select * from public.process_credit_rollover('org', ${ORGANIZATION})`,
    {
      what: "an organisation's",
      before: LAPSED,
      answers: '"batches_rolled":1',
    },
  ),
  signedIn(
    "check_program_capacity",
    `select * from public.check_program_capacity(${PROGRAM})`,
  ),
  signedIn(
    "check_cohort_capacity",
    `select * from public.check_cohort_capacity(${COHORT})`,
  ),
  signedIn(
    "cohort_waitlist_status",
    `select * from public.cohort_waitlist_status(${COHORT})`,
  ),
  signedIn(
    "join_cohort_waitlist",
    `select * from public.join_cohort_waitlist(${COHORT})`,
    {
      before:
        `update public.program_cohorts set capacity = 1 where id = ${COHORT};
      update public.client_enrollments set cohort_id = ${COHORT} where id = ${
          id("public.client_enrollments", 6_000)
        };`,
      answers: '"success":true',
    },
  ),
  signedIn(
    "validate_enrollment_code",
    "select public.validate_enrollment_code('CODE-TO-TRY')",
    {
      before:
        `update public.programs set is_active = true where id = ${PROGRAM};
      update public.enrollment_codes set code = 'CODE-TO-TRY', program_id = ${PROGRAM}, is_active = true,
        expires_at = null, max_uses = null, code_type = 'multi_use' where id = ${
          id("public.enrollment_codes", 5_000)
        };`,
      answers: '"valid":true',
    },
  ),
  signedIn(
    "validate_partner_code",
    "select public.validate_partner_code('CODE-TO-TRY')",
    {
      before:
        `update public.programs set is_active = true where id = ${PROGRAM};
      update public.partner_codes set code = 'CODE-TO-TRY', program_id = ${PROGRAM}, is_active = true,
        expires_at = null, max_uses = null where id = ${
          id("public.partner_codes", 5_000)
        };`,
      answers: '"valid":true',
    },
  ),
  signedIn(
    "validate_discount_code",
    "select * from public.validate_discount_code('CODE-TO-TRY')",
    {
      before:
        `update public.discount_codes set code = 'CODE-TO-TRY', is_active = true, starts_at = null,
        expires_at = null, max_uses = null, valid_for_program_ids = null, valid_for_tier_names = null,
        assigned_user_id = null, assigned_user_email = null where id = ${
          id("public.discount_codes", 5_000)
        };`,
      answers: '"is_valid":true',
    },
  ),
  signedIn(
    "enroll_with_credits",
    `select * from public.enroll_with_credits(${CLIENT}, ${PROGRAM}, 'basic')`,
    {
      before: `${BATCH}
      update public.programs set tiers = '["basic"]', credit_cost = 3, allow_repeat_enrollment = true,
        is_active = true where id = ${PROGRAM};
      insert into public.program_tier_plans (program_id, tier_name, program_plan_id, credit_cost)
      select ${PROGRAM}, 'basic', p.id, 3 from public.program_plans p limit 1;`,
      answers: '"success":true',
    },
  ),
  service("expire_credit_batches", "select public.expire_credit_batches()"),
  service("check_credit_ledger", "select * from public.check_credit_ledger()", {
    answers: "[]",
  }),
  service(
    "send_credit_expiry_notices",
    "select public.send_credit_expiry_notices()",
  ),
  service(
    "send_low_credit_notices",
    "select public.send_low_credit_notices()",
    {
      before: `${BATCH}
      update public.low_credit_thresholds set low_since = now();
      insert into public.low_credit_thresholds (owner_type, owner_id, threshold) values ('user', ${CLIENT}, 1000)
      on conflict (owner_type, owner_id) do update set threshold = 1000, low_since = null;`,
    },
  ),
  signedIn(
    "set_low_credit_threshold",
    `select public.set_low_credit_threshold('user', ${CLIENT}, 10)`,
  ),
  signedIn(
    "credit_statement",
    `select * from public.credit_statement('user', ${CLIENT}, now() - interval '1 month')`,
    { before: SPENT, answers: "Spent" },
  ),
  signedIn(
    "credit_balance_at",
    `select public.credit_balance_at('user', ${CLIENT})`,
  ),
  signedIn(
    "correct_credits",
    `select public.correct_credits((
      select id from public.credit_batches
      where owner_type = 'user' and owner_id = ${CLIENT} and remaining_amount > 0 and original_amount = 500
    ), -1, 'Too many')`,
    { before: BATCH, by: ADMIN, answers: "t,," },
  ),
  signedIn(
    "grant_credit_batch",
    `select public.grant_credit_batch('user', ${CLIENT}, 5, now() + interval '90 days', 'admin_grant')`,
    { what: "an admin's", by: ADMIN },
  ),
  service("offer_waitlist_places", "select public.offer_waitlist_places()", {
    before:
      `update public.program_cohorts set capacity = 0; update public.program_cohorts set capacity = 1000, status = 'active' where id = ${COHORT};
      update public.programs set capacity = null
      where id = (select program_id from public.program_cohorts where id = ${COHORT});
      update public.cohort_waitlist set cohort_id = ${COHORT}, offered_at = null, offer_expires_at = null
      where id = ${id("public.cohort_waitlist", 6_000)};`,
  }),
  service("stripe_attention", "select * from public.stripe_attention"),
  service("maintenance_health", "select * from public.maintenance_health"),
  service("operations_health", "select * from public.operations_health"),
  service(
    "record_operations_audits",
    "select public.record_operations_audits()",
  ),
  signedIn(
    "export_feature_config",
    "select public.export_feature_config('credit-config')",
    { what: "credits", by: ADMIN },
  ),
  signedIn(
    "export_feature_config",
    "select public.export_feature_config('feature-assignments')",
    { what: "features", by: ADMIN },
  ),
];
