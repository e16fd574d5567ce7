import type { Source } from "./code/chain.ts";
import { baselineOf, readBaseline, unknownTo } from "./baseline.ts";
import { DriftFailure } from "./failure.ts";
import type { Judged } from "./finding.ts";
import { fixAll } from "./fix_all.ts";
import { judgeCode, type Verdict } from "./gate.ts";
import { type Ground, groundOf, type Tell } from "./ground.ts";
import { HELP, type Options, parseOptions } from "./options.ts";
import { loadLivePart, loadSqlPart } from "./parts.ts";
import { readSources } from "./paths.ts";
import { judgeAll } from "./judge_all.ts";
import { type Meter, openMeter } from "./progress.ts";
import { report } from "./report/report.ts";
import { rollOut } from "./rollout/mod.ts";
import { listUnjudged } from "./unjudged.ts";

/** Exit codes of the gate. */
const CLEAN = 0;
const DRIFT = 1;
const FAILED = 2;

/** Runs the gate. Findings go to standard output, all else to standard error. */
async function run(args: readonly string[]): Promise<number> {
  const meter = openMeter();
  try {
    const options = parseOptions(args);
    if (options.help) {
      console.log(HELP);
      return CLEAN;
    }
    if (options.live !== undefined) {
      return await compare(options.live, options, meter);
    }
    if (options.rollout !== undefined) {
      const { report, isSafe } = await rollOut(
        options.rollout,
        options,
        tellingBy(meter),
      );
      meter.clear();
      console.log(report);
      return isSafe ? CLEAN : DRIFT;
    }
    return await check(options, meter);
  } catch (error) {
    meter.clear();
    console.error(`drift could not run: ${reasonOf(error)}`);
    return FAILED;
  }
}

async function check(options: Options, meter: Meter): Promise<number> {
  const tell = tellingBy(meter);
  const sources = await readSources(
    options.paths,
    (file, reason) => tell.say(`not read: ${file}: ${reason}`),
  );
  const ground = await groundOf(options, tell);
  let verdict = await judgeAll(sources, ground, meter.files);
  if (options.fix) verdict = await fix(sources, ground, verdict, meter);
  const inSql = options.sql
    ? await (await loadSqlPart()).checkSql({
      db: options.db,
      progress: meter.say,
    })
    : [];
  meter.clear();
  const wanted = [...verdict.findings, ...inSql]
    .filter(({ level }) => options.advice || level === "drift");
  if (options.baseline !== undefined && options.writeBaseline) {
    await Deno.writeTextFile(options.baseline, baselineOf(wanted));
    console.error(`${options.baseline}: ${wanted.length} findings`);
    return CLEAN;
  }
  const findings = options.baseline === undefined
    ? wanted
    : unknownTo(await readBaseline(options.baseline), wanted);
  const printed = report(options.format, findings);
  if (printed !== "") console.log(printed);
  if (options.unjudged && verdict.unjudged.length > 0) {
    console.error(listUnjudged(verdict.unjudged));
  }
  for (const line of verdict.unread) console.error(`not read: ${line}`);
  console.error(summary(sources, verdict, findings, wanted));
  if (findings.length > 0) return DRIFT;
  return verdict.unread.length > 0 ? FAILED : CLEAN;
}

function tellingBy(meter: Meter): Tell {
  return {
    progress: meter.say,
    say: (line) => {
      meter.clear();
      console.error(line);
    },
  };
}

async function compare(
  live: string,
  { db, byEffect, format }: Options,
  meter: Meter,
): Promise<number> {
  const part = await loadLivePart();
  const { report, differs } = await part.compareLive({
    live,
    db,
    byEffect,
    format,
    progress: meter.say,
  });
  meter.clear();
  console.log(report);
  return differs ? DRIFT : CLEAN;
}

/** Makes the certain renames in the files, and judges what is left. */
async function fix(
  sources: readonly Source[],
  ground: Ground,
  verdict: Verdict,
  meter: Meter,
): Promise<Verdict> {
  const fixed = fixAll(
    sources,
    verdict,
    (sources) => judgeCode(sources, ground.catalog, meter.files),
  );
  for (const { file, text } of fixed.changed) {
    await Deno.writeTextFile(file, text);
  }
  meter.clear();
  console.error(`fixed: ${fixed.count} in ${fixed.changed.length} files`);
  if (fixed.changed.length === 0) return verdict;
  const texts = new Map(fixed.changed.map(({ file, text }) => [file, text]));
  const left = sources.map(({ file, text }) => ({
    file,
    text: texts.get(file) ?? text,
  }));
  return await judgeAll(left, ground, meter.files);
}

function summary(
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

function reasonOf(error: unknown): string {
  if (error instanceof DriftFailure) return error.message;
  return error instanceof Error ? error.message : String(error);
}

Deno.exit(await run(Deno.args));
