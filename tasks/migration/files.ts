import type { Migration } from "../../stack/migrations.ts";
import { DECIDE } from "../schema/undecided.ts";
import type { Chosen } from "./choose.ts";
import { versionAfter } from "./version.ts";

/** A file that is written. */
export interface NewFile {
  readonly file: string;
  readonly sql: string;
}

export interface Naming {
  readonly name: string;
  /** Why the migration exists, in a sentence; undefined: that is left to be written. */
  readonly why: string | undefined;
  readonly migrations: readonly Migration[];
  readonly now: Date;
}

const POLICY_LOCKS = [
  "-- Locks: as hosted Supabase's postgres, to make or drop a policy, or to drop a trigger, locks every table of",
  "-- auth and storage in ACCESS EXCLUSIVE until commit. Where all is as it should be, nothing is locked.",
  "-- Can be run again.",
].join("\n");

/** The files of a migration: what takes few locks, and in a second one what takes many. */
export function filesOf(
  { statements, policies, locks }: Chosen,
  { name, why, migrations, now }: Naming,
): NewFile[] {
  const words = name.replaceAll("_", " ");
  const reason = why === undefined
    ? `${DECIDE} why is this needed?`
    : `-- Why: ${why}`;
  const bodies = [
    {
      suffix: "",
      head: `-- ${capital(words)}.`,
      locks: `-- Locks: ${
        locks.join("; ") || "none on tables"
      }. Can be run again.`,
      // the schemas load in an order in which bodies name what comes later
      settings: statements.some((it) => /\blanguage\s+sql\b/i.test(it))
        ? ["set check_function_bodies = off;"]
        : [],
      parts: statements,
    },
    {
      suffix: "_policies",
      head: `-- ${capital(words)}: policies, and what is dropped.`,
      locks: POLICY_LOCKS,
      settings: [],
      parts: policies,
    },
  ].filter(({ parts }) => parts.length > 0);
  let newest = migrations.at(-1)?.version ?? "";
  return bodies.map(({ suffix, head, locks, settings, parts }) => {
    newest = versionAfter(newest, now);
    return {
      file: `${newest}_${name}${suffix}.sql`,
      sql: [
        [head, "--", reason, locks].join("\n"),
        ["set lock_timeout = '10s';", ...settings].join("\n"),
        ...parts,
      ].join("\n\n") + "\n",
    };
  });
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
