/** How a test run ended. */
export interface Summary {
  passed: number;
  failed: number;
  skipped: number;
}

// deno-lint-ignore no-control-regex
const COLOR = /\x1b\[[\d;]*m/g;
const SUMMARY =
  /^(?:ok|FAILED) \| (\d+) passed.*? \| (\d+) failed(?:.*? \| (\d+) ignored)?/gm;

/** Reads the last summary line of `deno test`'s output. */
export function parseSummary(output: string): Summary | undefined {
  const [, passed, failed, ignored] =
    [...output.replace(COLOR, "").matchAll(SUMMARY)].at(-1) ?? [];
  if (passed === undefined) return undefined;
  return {
    passed: Number(passed),
    failed: Number(failed),
    skipped: Number(ignored ?? 0),
  };
}

/** The last line of `deno task test`: all runs together. */
export function summaryLine(summaries: Summary[]): string {
  const total = (key: keyof Summary) =>
    summaries.reduce((sum, summary) => sum + summary[key], 0);
  return `${total("passed")} passed, ${total("failed")} failed, ${
    total("skipped")
  } skipped`;
}
