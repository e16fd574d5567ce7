import { type Finding, lineOf, type Part, type Rule } from "../script.ts";

/** What locks every table of auth and storage for hosted Supabase's postgres; a call of ours that does it too. */
const LOCKS =
  /\b(?:create|alter|drop)\s+policy\b|\bdrop\s+trigger\b|\b(?:select|perform)\s+private\.drop_policies\b/i;

/** What may take its time, or waits for other locks. */
const WORK =
  /\binsert\s+into\b|\bupdate\s+[\w."]+\s+(?:(?:as\s+)?\w+\s+)?set\b|\bdelete\s+from\b|\bmerge\s+into\b|(?:^|;|\bthen|\bbegin)\s*truncate\b|\balter\s+table\b|\bcreate\s+(?:unlogged\s+)?table\b|\bcreate\s+(?:unique\s+)?index\b|\bprivate\.ensure_(?:index|table)\b/i;

/** The catalog is asked whether there is anything to do. */
const LOOK =
  /\bpg_polic(?:y|ies)\b|\bpg_trigger\b|\bprivate\.(?:policy_is|policies_are)\b/i;

/** Where a part takes those locks when the migration runs; -1 where it does not. What a block executes counts. */
function locksAt(part: Part): number {
  if (part.isFunction) return -1;
  return (part.isBlock ? part.text : part.bare).search(LOCKS);
}

export function takesLocks(part: Part): boolean {
  return locksAt(part) >= 0;
}

/**
 * Policies, and drops of policies and triggers, stand in files of their own, each behind a look at the
 * catalog: for `postgres` on hosted Supabase they lock every table of auth and storage until commit,
 * nobody signs in meanwhile, and a rerun has nothing to do.
 */
export const policies: Rule = {
  name: "policies",
  find: ({ parts }) => {
    const run = parts.filter((part) => !part.isFunction);
    const locking = run.filter(takesLocks);
    if (locking.length === 0) return [];
    const mixed = run.flatMap((part): Finding[] => {
      const at = part.bare.search(WORK);
      return at < 0 ? [] : [{
        line: lineOf(part, at),
        message:
          "data work beside policies or drop trigger, which lock auth and storage until commit: two files",
      }];
    });
    const unguarded = locking.flatMap((part): Finding[] =>
      part.isBlock && LOOK.test(part.text) ? [] : [{
        line: lineOf(part, locksAt(part)),
        message:
          "a rerun locks auth and storage again: in a do block, behind a look at pg_policies, pg_trigger or by private.policy_is()",
      }]
    );
    return [...mixed, ...unguarded];
  },
};
