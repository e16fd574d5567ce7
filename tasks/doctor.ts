import { openMeter } from "../drift/progress.ts";
import { StackError } from "../stack/errors.ts";
import { VERSION } from "../supabase/functions/_shared/version.ts";
import { readKnown } from "./deploy/known.ts";
import { examineDatabase } from "./doctor/database.ts";
import { examineDrift } from "./doctor/drift.ts";
import { exitCode, worst } from "./doctor/finding.ts";
import { examineFunctions } from "./doctor/functions.ts";
import { HELP, readTarget } from "./doctor/options.ts";
import { toJson, toTable } from "./doctor/print.ts";

/** The doctor could not run: 0, 1 and 2 say what it found. */
const FAILED = 3;

async function run(args: string[]): Promise<number> {
  const target = readTarget(args, Deno.env.toObject());
  if (!target) {
    console.log(HELP);
    return 0;
  }
  const known = target.known === undefined ? [] : await readKnown(target.known);
  const meter = openMeter();
  const functions = await examineFunctions(target, meter.say);
  meter.say("operations_health");
  const database = await examineDatabase(target);
  const findings = [
    ...functions,
    ...database,
    await examineDrift(target.db, known, meter.say),
  ];
  meter.clear();
  console.log(
    target.json
      ? toJson(findings, { url: target.url, version: VERSION })
      : toTable(findings, Deno.stdout.isTerminal() && !Deno.noColor),
  );
  return exitCode(worst(findings));
}

try {
  Deno.exit(await run(Deno.args));
} catch (error) {
  if (!(error instanceof StackError)) console.error(error);
  else console.error(error.message);
  Deno.exit(FAILED);
}
