import type { Session } from "./sql.ts";

/** The production database before the audit, or as the application's own later migrations left it. */
export type ProductionState = "before" | "later";

const FOLDER = new URL("../fixtures/production/", import.meta.url);

const FILES = [
  "1_platform.sql",
  "2_tables.sql",
  "3_functions.sql",
  "4_policies.sql",
  "5_triggers_rows_history.sql",
];

/**
 * Makes an empty database, which has the platform alone, look like production in either state: its tables, keys,
 * functions, policies, triggers, grants, jobs, people and history. Needs no superuser.
 */
export async function loadProduction(
  session: Session,
  state: ProductionState,
): Promise<void> {
  for (const file of state === "later" ? [...FILES, "later.sql"] : FILES) {
    await session.script(await Deno.readTextFile(new URL(file, FOLDER)));
  }
}
