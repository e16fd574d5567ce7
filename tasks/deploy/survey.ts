import type { Difference } from "../../drift/live/compare.ts";
import { type Migration, readMigrations } from "../../stack/migrations.ts";
import { type Deployed, readDeployed } from "./database.ts";
import { type Departures, departuresFrom, structural } from "./differences.ts";
import { type MigrationsPlan, planMigrations } from "./history.ts";
import { isBaseline } from "./made.ts";

/** How a database stands to the migrations before anything is done. */
export interface Survey extends Departures {
  readonly migrations: readonly Migration[];
  readonly deployed: Deployed;
  readonly history: MigrationsPlan;
  /** What the migrations to run make otherwise: it is told, and waits for no review. */
  readonly changed: readonly Difference[];
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
  const { marked, applied, pending } = history;
  const expected = marked.length > 0
    ? migrations.filter((it) => isBaseline(it) || applied.includes(it))
    : applied;
  const found = { migrations, deployed, history, changed: [] };
  if (expected.length === 0) return { ...found, drift: [], others: [] };
  progress("comparing it with the migrations");
  const { hasCron } = deployed;
  const now = await departuresFrom(expected, { db, hasCron });
  if (pending.length === 0) return { ...found, ...now };

  // what the migrations to run make is not the database's own: they replace it
  progress("comparing it with what the migrations to run will make");
  const then = await departuresFrom(migrations, { db, hasCron });
  const own = then.drift.filter(({ state }) => state === "extra");
  if (marked.length === 0) {
    const keys = new Set(own.map(keyOf));
    const drift = now.drift.filter((it) =>
      it.state !== "extra" || keys.has(keyOf(it))
    );
    return { ...found, drift, others: then.others };
  }
  const structure = structural(now.drift);
  const keys = new Set(structure.map(keyOf));
  return {
    ...found,
    drift: [...structure, ...own.filter((it) => !keys.has(keyOf(it)))],
    others: then.others,
    changed: then.drift.filter((it) =>
      it.state === "different" && !keys.has(keyOf(it))
    ),
  };
}

function keyOf({ state, kind, name }: Difference): string {
  return `${state} ${kind} ${name}`;
}
