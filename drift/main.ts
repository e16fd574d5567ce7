import process from "node:process";
import { checkOnce } from "./check.ts";
import { DriftFailure } from "./failure.ts";
import type { Tell } from "./ground.ts";
import { HELP, type Options, parseOptions } from "./options.ts";
import { type Meter, openMeter } from "./progress.ts";

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
    return await doing(options)(options, meter);
  } catch (error) {
    meter.clear();
    console.error(`drift could not run: ${reasonOf(error)}`);
    return FAILED;
  }
}

type Task = (options: Options, meter: Meter) => Promise<number>;

/** What the options ask for. What few runs need is loaded by those alone. */
function doing({ live, rollout, lsp, watch }: Options): Task {
  if (live !== undefined) {
    return (options, meter) => compare(live, options, meter);
  }
  if (rollout !== undefined) {
    return (options, meter) => rollOut(rollout, options, meter);
  }
  if (lsp) return serve;
  return watch ? keepWatching : check;
}

async function check(options: Options, meter: Meter): Promise<number> {
  const { printed, summary, result } = await checkOnce(
    options,
    tellingBy(meter),
    meter.files,
  );
  meter.clear();
  if (printed !== "") console.log(printed);
  console.error(summary);
  return result === "clean" ? CLEAN : result === "drift" ? DRIFT : FAILED;
}

async function keepWatching(options: Options, meter: Meter): Promise<number> {
  const { watchAll } = await import("./watch.ts");
  await watchAll(options, tellingBy(meter), console.log);
  return CLEAN;
}

async function serve(options: Options): Promise<number> {
  const { serve } = await import("./editor/server.ts");
  await serve(options);
  return CLEAN;
}

async function rollOut(
  release: string,
  options: Options,
  meter: Meter,
): Promise<number> {
  const { rollOut } = await import("./rollout/mod.ts");
  const tell = tellingBy(meter);
  const { report, isSafe } = await rollOut(release, options, tell);
  meter.clear();
  console.log(report);
  return isSafe ? CLEAN : DRIFT;
}

async function compare(
  live: string,
  { db, byEffect, format }: Options,
  meter: Meter,
): Promise<number> {
  const { compareLive } = await import("./live/mod.ts");
  const { report, differs } = await compareLive({
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

function tellingBy(meter: Meter): Tell {
  return {
    progress: meter.say,
    say: (line) => {
      meter.clear();
      console.error(line);
    },
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof DriftFailure) return error.message;
  return error instanceof Error ? error.message : String(error);
}

process.exit(await run(process.argv.slice(2)));
