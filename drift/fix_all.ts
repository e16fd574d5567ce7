import type { Source } from "./code/chain.ts";
import { applyFixes, type Fixable, fixable, regretted } from "./fix.ts";
import type { Verdict } from "./gate.ts";

/** A table that is found at last lets its columns be judged; further rounds than these find nothing. */
const MAX_ROUNDS = 5;

/** What making every certain rename comes to. */
export interface Fixed {
  /** The files that changed. */
  readonly changed: readonly Source[];
  readonly count: number;
  /** What is left. */
  readonly verdict: Verdict;
}

/** Makes the certain renames, round by round, and judges what is left; writes nothing. */
export function fixAll(
  sources: readonly Source[],
  verdict: Verdict,
  judge: (sources: readonly Source[]) => Verdict,
): Fixed {
  const original = new Map(sources.map((source) => [source.file, source]));
  let files = sources;
  let count = 0;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const made = make(files, fixable(verdict.findings), judge);
    if (made.count === 0) break;
    ({ files, verdict } = made);
    count += made.count;
  }
  const changed = files.filter((source) =>
    source.text !== original.get(source.file)?.text
  );
  return { changed, count, verdict };
}

/** One round: all at once, then without those that turn out wrong. */
function make(
  files: readonly Source[],
  findings: readonly Fixable[],
  judge: (sources: readonly Source[]) => Verdict,
) {
  for (let left = findings;;) {
    const { changed, made } = applyFixes(files, left);
    const byFile = new Map(changed.map((source) => [source.file, source]));
    const fixed = files.map((source) => byFile.get(source.file) ?? source);
    const verdict = judge(fixed);
    const wrong = new Set(regretted(made, verdict.findings));
    if (wrong.size === 0) return { files: fixed, count: made.length, verdict };
    left = made.map(({ finding }) => finding)
      .filter((finding) => !wrong.has(finding));
  }
}
