/** A case that reads large tables from one end to the other, once each, because it has to. */
export interface WholeTables {
  tables: string[];
  why: string;
}

/** Every such case. What is no longer true of one fails the test as well. */
export const WHOLE_TABLES: Record<string, WholeTables> = {
  run_credit_maintenance: {
    tables: [
      "private.stripe_plans",
      "public.credit_batches",
      "public.profiles",
      "public.stripe_subscriptions",
    ],
    why: "one pass over all owners of credits, daily",
  },
  operations_health: {
    tables: ["public.programs", "public.stripe_subscriptions"],
    why:
      "the prices of all programs on offer, of which there are dozens, and what stripe_attention shows",
  },
  check_credit_ledger: {
    tables: [
      "public.client_enrollments",
      "public.credit_batches",
      "public.credit_consumption_log",
      "public.credit_debts",
      "public.credit_ledger",
      "public.credit_spends",
      "public.enrollment_payment_locks",
      "public.payment_schedules",
    ],
    why: "an auditor's check of every account",
  },
  stripe_attention: {
    tables: ["public.stripe_subscriptions"],
    why: "who pays for two subscriptions is seen in all of them",
  },
  dismiss_stripe_event: {
    tables: ["public.stripe_subscriptions"],
    why: "it asks stripe_attention what the subject is",
  },
  record_operations_audits: {
    tables: [
      "auth.users",
      "public.client_enrollments",
      "public.credit_batches",
      "public.credit_consumption_log",
      "public.credit_debts",
      "public.credit_ledger",
      "public.credit_spends",
      "public.enrollment_payment_locks",
      "public.payment_schedules",
      "public.profiles",
    ],
    why: "the nightly audit of every account and every profile",
  },
  reconcile_auth_profiles: {
    tables: ["auth.users", "public.profiles"],
    why: "an operator's comparison of everybody in Auth with their profile",
  },
  "export_feature_config, credits": {
    tables: ["public.programs"],
    why: "the export holds all programs",
  },
  "export_feature_config, features": {
    tables: ["public.programs"],
    why: "the export holds all programs",
  },
  "readiness_dashboard, an admin's": {
    tables: ["public.guided_path_instantiations"],
    why: "an admin's page shows the running paths of all clients",
  },
  forget_rows_before_repair: {
    tables: ["private.rows_before_repair"],
    why: "one pass daily over what migrations left, which is nothing by then",
  },
  partner_codes_overview: {
    tables: ["public.partner_codes", "public.programs"],
    why:
      "an admin's page lists all codes; row level security leaves a partner their own",
  },
  content_packages_overview: {
    tables: ["public.content_packages"],
    why: "an admin's page lists all packages",
  },
};

/** PL/pgSQL functions that no case calls. */
export const NOT_CALLED: Record<string, string> = {
  assert_enum: "only migrations call it",
  assert_index: "only migrations call it",
  assert_schema: "only migrations call it",
  assert_table: "only migrations call it",
  assert_type: "only migrations call it",
  drop_checks: "only migrations call it",
  drop_policies: "only migrations call it",
  drop_public_functions: "only migrations call it",
  drop_unique_keys: "only migrations call it",
  ensure_index: "only migrations call it",
  ensure_table: "only migrations call it",
  ensure_type: "only migrations call it",
  hold_enrollments: "finds the enrollments that it is given, by their keys",
  record_stripe_refund: "writes one row, by its key",
  send_due_emails:
    "asks for one due mail, as claim_emails does, and calls pg_net, which is Supabase's",
  invoke_function: "reads the Vault and calls pg_net, which are Supabase's",
  refuse_ledger_change: "raises, and reads nothing",
  stripe_agrees: "compares two JSON objects",
};
