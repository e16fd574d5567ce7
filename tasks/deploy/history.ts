import { StackError } from "../../stack/errors.ts";
import type { Migration } from "../../stack/migrations.ts";
import type { Deployed } from "./database.ts";
import { SUPABASE_CLI } from "../support/supabase_cli.ts";

/** What becomes of the migrations. */
export interface MigrationsPlan {
  /** Applied already, by the database's own word. */
  readonly applied: readonly Migration[];
  /** Marked as applied without being run: production has what they make. */
  readonly marked: readonly Migration[];
  /** To be run. */
  readonly pending: readonly Migration[];
}

/** The migrations that say what production had before this repository. */
export function isBaseline({ name }: Migration): boolean {
  return name.startsWith("baseline_");
}

/**
 * Decides by what is in the database which migrations are run and which are marked.
 *
 * @throws {StackError} when the history is not of these files, or does not say what was run
 */
export function planMigrations(
  migrations: readonly Migration[],
  { versions, tables, hasOurFunctions }: Deployed,
): MigrationsPlan {
  const local = new Set(migrations.map(({ version }) => version));
  const done = new Set(versions);
  const unknown = versions.filter((version) => !local.has(version));
  const applied = migrations.filter(({ version }) => done.has(version));
  const open = migrations.filter(({ version }) => !done.has(version));
  if (unknown.length > 0) throw new StackError(foreign(unknown, applied));

  const baseline = open.filter(isBaseline);
  const first = migrations.find((it) => !isBaseline(it));
  if (hasOurFunctions && first !== undefined && !done.has(first.version)) {
    throw new StackError(
      `the database has what ${first.file} makes, and its history does not say so: it was run by hand. ` +
        `Mark what was run with "npx ${SUPABASE_CLI} migration repair --status applied <versions>"`,
    );
  }
  const there = baseline.flatMap(tablesOf).some((table) => tables.has(table));
  return there
    ? {
      applied,
      marked: baseline,
      pending: open.filter((it) => !isBaseline(it)),
    }
    : { applied, marked: [], pending: open };
}

/** The tables of schema public that a migration makes. */
export function tablesOf({ sql }: Migration): string[] {
  const made = sql.matchAll(/^create table if not exists public\.(\w+)/gm);
  return [...made].map(([, table = ""]) => table);
}

function foreign(
  unknown: readonly string[],
  ours: readonly Migration[],
): string {
  const known = `the database knows migrations that are not here: ${
    unknown.join(", ")
  }. `;
  return known +
    (ours.length > 0
      ? "Somebody deployed a newer commit: deploy that one, or a later one"
      : "They are of the repository that made this database. What they made is the baseline here. Keep that " +
        "repository's files, then take its versions off the history; nothing is undone by it:\n" +
        `  npx ${SUPABASE_CLI} migration repair --status reverted ${
          unknown.join(" ")
        } --remote="$SUPABASE_DB_URL"`);
}
