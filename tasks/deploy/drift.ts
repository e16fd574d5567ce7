import type { Difference } from "../../drift/live/compare.ts";
import { summary } from "../../drift/live/summary.ts";
import { text } from "../../drift/live/text.ts";
import { StackError } from "../../stack/errors.ts";
import { indispensable, isHarmless, structural } from "./differences.ts";
import type { MigrationsPlan } from "./history.ts";
import { type KnownDifference, unreviewed } from "./known.ts";

/** More are counted; `--details` tells each. */
const FEW = 20;

/**
 * What was not reviewed stands against a deployment. A table or column of the baseline that is missing does always:
 * fixes build on it.
 *
 * @throws {StackError} with the differences, and what to do
 */
export function refuseDrift(
  { marked }: MigrationsPlan,
  drift: readonly Difference[],
  known: KnownDifference[],
  details: boolean,
): void {
  const open = unreviewed(drift, known);
  if (marked.length === 0) {
    if (open.length === 0) return;
    throw new StackError(
      `the database is otherwise than the migrations it was given say:\n${
        told(open, details)
      }\nUndo what was done by hand; or review and keep it: --known <file> --write-known.`,
    );
  }
  const structure = structural(drift);
  const lacking = indispensable(structure);
  const wrong = [...new Set([...lacking, ...unreviewed(structure, known)])];
  const own = open.filter((it) => !isHarmless(it) && !structure.includes(it));
  const faults = [
    ...wrong.length > 0
      ? [
        `the baseline is not what this database has, so it is not marked as applied:\n${
          structureOf(wrong, details)
        }\nCorrect the baseline's files where they are wrong, or the database, and run this again.`,
      ]
      : [],
    ...own.length > 0
      ? [
        `this database has its own beside what the migrations make, which replace a part of it:\n${
          details ? text(own) : summary(own).join("\n")
        }`,
      ]
      : [],
  ];
  if (faults.length === 0) return;
  throw new StackError(
    lacking.length > 0
      ? faults.join("\n")
      : `${
        faults.join("\n")
      }\nReview and keep it: --known <file> --write-known, then --known <file>. --details tells each.`,
  );
}

/** Tells how a database departs from the migrations it was given. Returns whether it does not. */
export function reportDrift(
  drift: readonly Difference[],
  known: KnownDifference[],
  details: boolean,
  say: (line: string) => void,
): boolean {
  const open = unreviewed(drift, known);
  const reviewed = drift.filter((it) => !open.includes(it));
  if (open.length > 0) say(told(open, details));
  if (reviewed.length > 0) {
    say("reviewed, and still so:");
    for (const line of summary(reviewed)) say(`  ${line}`);
  }
  if (open.length === 0) {
    say(
      reviewed.length === 0
        ? "Deployed. The database is what the migrations say."
        : "Deployed. The database is what the migrations say, but for what was reviewed.",
    );
    return true;
  }
  say(
    "Deployed. The database is otherwise than the migrations say, as listed: bring it in line by a migration, " +
      "or review and keep it: --known <file> --write-known.",
  );
  return false;
}

/** What is missing or otherwise, each; columns that nothing here knows are counted. */
function structureOf(
  wrong: readonly Difference[],
  details: boolean,
): string {
  if (details || wrong.length <= FEW) return text(wrong);
  const beside = wrong.filter(({ state }) => state === "extra");
  const lines = beside.length > 0
    ? [`with a value that has to be given, ${summary(beside).join("; ")}`]
    : [];
  return [text(wrong.filter((it) => !beside.includes(it))), ...lines]
    .join("\n");
}

function told(differences: readonly Difference[], details: boolean): string {
  return details || differences.length <= FEW
    ? text(differences)
    : summary(differences).join("\n");
}
