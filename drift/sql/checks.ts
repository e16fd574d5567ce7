import { checkConstraints, checkDefaults } from "./expressions.ts";
import type { Check } from "./complaint.ts";
import { checkCron } from "./cron.ts";
import { checkPlpgsql, checkTriggers } from "./plpgsql.ts";
import { checkPolicies } from "./policy.ts";
import { checkSqlFunctions } from "./sql_function.ts";
import { checkViews } from "./view.ts";

/** The checks that need nothing but the database, and what they look at. */
export const CHECKS: readonly (readonly [string, Check])[] = [
  ["plpgsql functions", checkPlpgsql],
  ["trigger functions", checkTriggers],
  ["SQL functions", checkSqlFunctions],
  ["views", checkViews],
  ["policies", checkPolicies],
  ["defaults", checkDefaults],
  ["check constraints", checkConstraints],
  ["cron jobs", checkCron],
];
