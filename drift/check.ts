import { baselineOf, readBaseline, unknownTo } from "./baseline.ts";
import type { Source } from "./code/chain.ts";
import type { Judged } from "./finding.ts";
import { fixAll } from "./fix_all.ts";
import { judgeCode, type Progress, type Verdict } from "./gate.ts";
import { type Ground, groundOf, type Tell } from "./ground.ts";
import { judgeAll } from "./judge_all.ts";
import type { Options } from "./options.ts";
import { readSources } from "./paths.ts";
import { report } from "./report/report.ts";
import { listUnjudged } from "./unjudged.ts";

/** What came of judging a checkout. */
export interface Outcome {
  /** For standard output; empty where there is nothing. */
  readonly printed: string;
  /** How much was read, and how much found. */
  readonly summary: string;
  readonly result: "clean" | "drift" | "unread";
}

/** Judges a checkout as the options say, once. */
export async function checkOnce(
  options: Options,
  tell: Tell,
  files?: Progress,
): Promise<Outcome> {
  const sources = await readSources(
    options.paths,
    (file, reason) => tell.say(`not read: ${file}: ${reason}`),
  );
  const ground = await groundOf(options, tell);
  let verdict = await judgeAll(sources, ground, files);
  if (options.fix) verdict = await fix(sources, ground, verdict, tell, files);
  const inSql = options.sql ? await sqlFindings(options, tell) : [];
  const wanted = [...verdict.findings, ...inSql]
    .filter(({ level }) => options.advice || level === "drift");
  if (options.baseline !== undefined && options.writeBaseline) {
    await Deno.writeTextFile(options.baseline, baselineOf(wanted));
    const summary = `${options.baseline}: ${wanted.length} findings`;
    return { printed: "", summary, result: "clean" };
  }
  const findings = options.baseline === undefined
    ? wanted
    : unknownTo(await readBaseline(options.baseline), wanted);
  if (options.unjudged && verdict.unjudged.length > 0) {
    tell.say(listUnjudged(verdict.unjudged));
  }
  for (const line of verdict.unread) tell.say(`not read: ${line}`);
  return {
    printed: report(options.format, findings),
    summary: summaryOf(sources, verdict, findings, wanted),
    result: findings.length > 0
      ? "drift"
      : verdict.unread.length > 0
      ? "unread"
      : "clean",
  };
}

/** The checks on SQL are loaded where they are asked for alone. */
async function sqlFindings(
  { db }: Options,
  { progress }: Tell,
): Promise<readonly Judged[]> {
  const { checkSql } = await import("./sql/mod.ts");
  return await checkSql({ db, progress });
}

/** Makes the certain renames in the files, and judges what is left. */
async function fix(
  sources: readonly Source[],
  ground: Ground,
  verdict: Verdict,
  { say }: Tell,
  files: Progress | undefined,
): Promise<Verdict> {
  const fixed = fixAll(
    sources,
    verdict,
    (sources) => judgeCode(sources, ground.catalog, files),
  );
  for (const { file, text } of fixed.changed) {
    await Deno.writeTextFile(file, text);
  }
  say(`fixed: ${fixed.count} in ${fixed.changed.length} files`);
  if (fixed.changed.length === 0) return verdict;
  const texts = new Map(fixed.changed.map(({ file, text }) => [file, text]));
  const left = sources.map(({ file, text }) => ({
    file,
    text: texts.get(file) ?? text,
  }));
  return await judgeAll(left, ground, files);
}

function summaryOf(
  sources: readonly Source[],
  { chains, unjudged }: Verdict,
  findings: readonly Judged[],
  wanted: readonly Judged[],
): string {
  const known = wanted.length - findings.length;
  return [
    `${findings.length} findings`,
    ...known > 0 ? [`${known} known`] : [],
    `${sources.length} files`,
    `${chains} calls`,
    `${unjudged.length} not judged`,
  ].join(", ");
}
