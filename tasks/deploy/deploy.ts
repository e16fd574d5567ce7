import type { Difference } from "../../drift/live/compare.ts";
import { summary } from "../../drift/live/summary.ts";
import { bundlesOf } from "./bundles.ts";
import { checkCommit } from "./checks.ts";
import { readDeployed } from "./database.ts";
import { departuresFrom } from "./differences.ts";
import { refuseDrift, reportDrift } from "./drift.ts";
import { readKnown, writeKnown } from "./known.ts";
import type { Options } from "./options.ts";
import { describe, type Plan, planFunctions } from "./plan.ts";
import { readProject } from "./project.ts";
import { planSecrets, readSecrets } from "./secrets.ts";
import { perform, stepsOf } from "./steps.ts";
import { openSupabase, type Supabase } from "./supabase.ts";
import { type Survey, survey } from "./survey.ts";
import { planVault } from "./vault.ts";

/** Where it is deployed from. */
export interface Checkout {
  /** The folder that holds `supabase/`. */
  readonly root: string;
  /** What the Supabase CLI is told by its environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a deployment tells its operator by, and asks. */
export interface Operator {
  /** The plan and the result. */
  say(line: string): void;
  /** What goes on. */
  progress(line: string): void;
  /** @throws {StackError} when there is nobody to ask */
  confirm(question: string): boolean;
}

/**
 * Checks, plans, asks, deploys, checks again. Returns whether the database is what the migrations say, reviewed
 * differences aside.
 *
 * @throws {StackError} when something stands against it, or a step fails
 */
export async function deploy(
  { root, env }: Checkout,
  options: Options,
  operator: Operator,
): Promise<boolean> {
  const { db, details, envFile, known: file, project, writeKnown: writes } =
    options;
  const { say, progress } = operator;
  const given = envFile === undefined ? new Map() : await readSecrets(envFile);
  const known = file === undefined || writes ? [] : await readKnown(file);
  const found = await survey(root, db, progress);
  if (file !== undefined && writes) {
    await writeKnown(file, found.drift);
    say(`${file}: ${found.drift.length} differences`);
    for (const line of summary(found.drift)) say(`  ${line}`);
    return true;
  }
  refuseDrift(found.history, found.drift, known, details);

  progress("looking at the project");
  const supabase = await openSupabase({ root, project, db, env });
  const plan = await planOf(root, project, found, given, supabase);
  if (!options.skipTests) {
    progress("deno task ok: some minutes");
    await checkCommit(root);
  }
  for (const line of describe(plan)) say(line);
  if (options.dryRun) {
    say("--dry-run: nothing was changed.");
    return true;
  }
  if (!options.yes && !operator.confirm(`Deploy to ${project}?`)) {
    say("Nothing was changed.");
    return true;
  }

  await perform(stepsOf(plan, root, options, given, supabase), progress);
  return reportDrift(
    await driftAfter(found, db, progress),
    known,
    details,
    say,
  );
}

async function planOf(
  root: string,
  project: string,
  { history, deployed, drift, changed, others }: Survey,
  given: ReadonlyMap<string, string>,
  supabase: Supabase,
): Promise<Plan> {
  const there = await readProject(supabase);
  const bundles = await bundlesOf(root);
  const names = bundles.map(({ name }) => name);
  return {
    migrations: history,
    secrets: await planSecrets(given, there.secrets),
    vault: planVault(project, deployed, there.secretKey),
    functions: planFunctions(names, there.functions),
    bundles,
    config: there.config,
    drift,
    changed,
    others,
  };
}

async function driftAfter(
  { history, migrations, drift }: Survey,
  db: string,
  progress: (line: string) => void,
): Promise<readonly Difference[]> {
  const { marked, pending } = history;
  if (marked.length + pending.length === 0) return drift;
  progress("comparing the database with the migrations");
  const { hasCron } = await readDeployed(db);
  return (await departuresFrom(migrations, { db, hasCron })).drift;
}
