import type { Ignore, ScannedFile } from "./code/chain.ts";
import { findingAt, type Judged } from "./finding.ts";

/** The rule on the comments themselves. */
export const IGNORE_RULE = "drift-ignore";

/**
 * Takes out the findings that a comment silences, and adds one for each comment that gives no reason,
 * names no rule there is, or silences nothing.
 *
 * @param rules all there are
 * @param asked those that could be judged this time: of the others nothing is found to be silenced
 */
export function applyIgnores(
  files: readonly Pick<ScannedFile, "file" | "ignores">[],
  findings: readonly Judged[],
  rules: ReadonlySet<string>,
  asked: ReadonlySet<string> = rules,
): Judged[] {
  const ignores = new Map<string, Ignore[]>();
  for (const { file, ignores: some } of files) {
    for (const ignore of some) {
      const key = keyOf(file, ignore.line, ignore.rule);
      ignores.set(key, [...ignores.get(key) ?? [], ignore]);
    }
  }
  const used = new Set<Ignore>();
  const left = findings.filter(({ file, line, rule, from }) => {
    const silencing = ignores.get(keyOf(file, line, rule)) ??
      ignores.get(keyOf(file, null, rule)) ??
      (from && ignores.get(keyOf(from.file, from.line, rule))) ??
      (from && ignores.get(keyOf(from.file, null, rule))) ?? [];
    silencing.forEach((ignore) => used.add(ignore));
    return silencing.length === 0;
  });
  const own = [...ignores.values()].flat().flatMap((ignore) => {
    const message = complaint(ignore, used.has(ignore), rules, asked);
    return message === undefined ? [] : [findingAt(ignore.span, {
      rule: IGNORE_RULE,
      level: "drift",
      table: null,
      name: ignore.rule,
      message,
    })];
  });
  return [...left, ...own];
}

function complaint(
  { rule, reason, line }: Ignore,
  isUsed: boolean,
  rules: ReadonlySet<string>,
  asked: ReadonlySet<string>,
): string | undefined {
  if (rule === "") return "names no rule: drift-ignore <rule>: <reason>";
  if (!rules.has(rule)) return `there is no rule "${rule}"`;
  if (reason === "") return `gives no reason: drift-ignore ${rule}: <reason>`;
  return isUsed || !asked.has(rule)
    ? undefined
    : `silences nothing: ${
      line === null ? "this file" : "its line"
    } has no ${rule}`;
}

function keyOf(file: string, line: number | null, rule: string): string {
  return JSON.stringify([file, line, rule]);
}
