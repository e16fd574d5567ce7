import type { Difference } from "../../drift/live/compare.ts";
import { text } from "../../drift/live/text.ts";
import { StackError } from "../../stack/errors.ts";
import { structural } from "./differences.ts";
import type { MigrationsPlan } from "./history.ts";
import { type KnownDifference, unreviewed } from "./known.ts";
import { counts } from "./plan.ts";

/**
 * What was not reviewed stands against a deployment. Tables other than the baseline's always do: fixes build on
 * them.
 *
 * @throws {StackError} with the differences, and what to do
 */
export function refuseDrift(
  { marked }: MigrationsPlan,
  drift: readonly Difference[],
  known: KnownDifference[],
): void {
  const structure = marked.length > 0 ? structural(drift) : [];
  if (structure.length > 0) {
    throw new StackError(
      `the baseline is not what this database has, so it is not marked as applied:\n${
        text(structure)
      }\nCorrect the baseline's files where they are wrong, or the database, and run this again.`,
    );
  }
  const open = unreviewed(drift, known);
  if (open.length === 0) return;
  throw new StackError(
    marked.length > 0
      ? `this database has its own policies, grants and triggers where the baseline has others:\n${
        counts(open).join("\n")
      }\nReview and keep them: --known <file> --write-known, then --known <file>.`
      : `the database is otherwise than the migrations it was given say:\n${
        text(open)
      }\nUndo what was done by hand; or review and keep it: --known <file> --write-known.`,
  );
}

/** Tells how a database departs from the migrations it was given. Returns whether it does not. */
export function reportDrift(
  drift: readonly Difference[],
  say: (line: string) => void,
): boolean {
  if (drift.length === 0) {
    say("Deployed. The database is what the migrations say.");
    return true;
  }
  say(text(drift));
  say(
    "Deployed. The database is otherwise than the migrations say, as listed: bring it in line by a migration, " +
      "or review and keep it: --known <file> --write-known.",
  );
  return false;
}
