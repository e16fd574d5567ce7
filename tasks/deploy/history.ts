import { StackError } from "../../stack/errors.ts";
import type { Migration } from "../../stack/migrations.ts";
import type { Deployed } from "./database.ts";
import {
  isBaseline,
  isBegun,
  isThere,
  makesNothing,
  privateOf,
  tablesOf,
} from "./made.ts";
import { hasStatements, recognize } from "./recognize.ts";
import { repair } from "./repair.ts";
import { SUPABASE_CLI } from "../support/supabase_cli.ts";

/** What becomes of the migrations. */
export interface MigrationsPlan {
  /** Applied already: the history has their version, name and statements. */
  readonly applied: readonly Migration[];
  /** Of those, the ones whose statements it does not have: they are told by name and by what is there. */
  readonly unproven: readonly Migration[];
  /** Marked as applied without being run: production has what they make. */
  readonly marked: readonly Migration[];
  /** To be run. */
  readonly pending: readonly Migration[];
  /** Of those, the ones that are older than others that were run. */
  readonly late: readonly Migration[];
}

/**
 * Decides by what is in the database which migrations are run and which are marked. A version alone says nothing:
 * another repository's migrations may have the same, and even the same name.
 *
 * @throws {StackError} when the history is not of these files, or does not say what was run
 */
export function planMigrations(
  migrations: readonly Migration[],
  deployed: Deployed,
): MigrationsPlan {
  const rows = new Map(deployed.history.map((row) => [row.version, row]));
  const applied = recognize(migrations, deployed);
  const fixes = migrations.filter((it) => !isBaseline(it));
  const newest = applied.findLast((it) => !isBaseline(it))?.version;
  const open = migrations.filter((it) => !applied.includes(it));
  const [baseline, pending] = [
    open.filter(isBaseline),
    open.filter((it) => !isBaseline(it)),
  ];
  if (newest === undefined) refuseByHand(fixes, pending, deployed);
  const late = pending.filter(({ version }) => version < (newest ?? ""));
  refuseUnnoted(late, migrations, deployed);

  // the baseline is never run on what was built on it
  const isMarked = newest !== undefined ||
    baseline.some((it) => isBegun(it, deployed));
  return {
    applied,
    unproven: applied.filter((it) => !hasStatements(rows.get(it.version))),
    marked: isMarked ? baseline : [],
    pending: isMarked ? pending : open,
    late,
  };
}

/** @throws {StackError} when the history has none of the fixes, and the database has functions of theirs */
function refuseByHand(
  [first]: readonly Migration[],
  pending: readonly Migration[],
  { privates }: Deployed,
): void {
  if (
    first === undefined ||
    !pending.flatMap(privateOf).some((name) => privates.has(name))
  ) return;
  throw new StackError(
    `the database has what ${first.file} makes, and its history does not say so: it was run by hand. ` +
      `Mark what was run with "${repair("applied", ["<versions>"])}"`,
  );
}

/** @throws {StackError} when the history lacks one among others, and the database has what it alone makes */
function refuseUnnoted(
  late: readonly Migration[],
  migrations: readonly Migration[],
  deployed: Deployed,
): void {
  const unnoted = late.filter((file) => {
    const others = migrations.filter((it) => it !== file);
    const [tables, functions] = [
      new Set(others.flatMap(tablesOf)),
      new Set(others.flatMap(privateOf)),
    ];
    const isOwn = tablesOf(file).some((it) => !tables.has(it)) ||
      privateOf(file).some((it) =>
        !functions.has(it) && deployed.privates.has(it)
      );
    return !makesNothing(file) && isOwn && isThere(file, deployed);
  });
  if (unnoted.length === 0) return;
  throw new StackError(
    `the history lacks ${unnoted.map(({ file }) => file).join(", ")}, ` +
      "and later ones are in it; the database has what is made there. It would be run again, and put back what later " +
      "ones replaced. Where it was run, mark it:\n" +
      `  ${repair("applied", unnoted.map(({ version }) => version))}\n` +
      `Where it was not, run it: npx ${SUPABASE_CLI} db push --include-all`,
  );
}
