import { type Migration, readMigrations } from "../../stack/migrations.ts";
import { type Deployed, readDeployed } from "./database.ts";
import { type Departures, departuresFrom } from "./differences.ts";
import { isBaseline, type MigrationsPlan, planMigrations } from "./history.ts";

/** How a database stands to the migrations before anything is done. */
export interface Survey extends Departures {
  readonly migrations: readonly Migration[];
  readonly deployed: Deployed;
  readonly history: MigrationsPlan;
}

/**
 * Compares a database with what was run on it so far, or with the baseline where that is to be marked. It is only
 * read.
 *
 * @throws {StackError} when it cannot be reached, or its history is not of these migrations
 */
export async function survey(
  root: string,
  db: string,
  progress: (line: string) => void,
): Promise<Survey> {
  const migrations = await readMigrations(`${root}/supabase/migrations`);
  progress("looking at the database");
  const deployed = await readDeployed(db);
  const history = planMigrations(migrations, deployed);
  const { marked, applied } = history;
  const expected = marked.length > 0 ? migrations.filter(isBaseline) : applied;
  const found = { migrations, deployed, history };
  if (expected.length === 0) return { ...found, drift: [], others: [] };
  progress("comparing it with the migrations");
  const { hasCron } = deployed;
  return { ...found, ...await departuresFrom(expected, { db, hasCron }) };
}
