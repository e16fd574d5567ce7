import { StackError } from "../../stack/errors.ts";
import { writeDeployable } from "./bundles.ts";
import { setVaultSecrets } from "./database.ts";
import type { Options } from "./options.ts";
import type { Plan } from "./plan.ts";
import { isPushed, readDigests } from "./project.ts";
import { planSecrets } from "./secrets.ts";
import type { Supabase } from "./supabase.ts";

/** One thing that is done to the project. */
export interface Step {
  /** As it is said while it is done, and afterwards. */
  readonly title: string;
  run(): Promise<unknown>;
}

/** What has to be done for a plan, in the order it is done: functions find the schema and secrets they need. */
export function stepsOf(
  { migrations, secrets, vault, functions, bundles, config }: Plan,
  root: string,
  { db, envFile }: Options,
  given: ReadonlyMap<string, string>,
  supabase: Supabase,
): Step[] {
  const steps: Step[] = [];
  const { marked, pending } = migrations;
  if (marked.length > 0) {
    steps.push({
      title: `mark ${marked.length} migrations as applied`,
      run: () =>
        supabase.database(
          "migration",
          "repair",
          "--status=applied",
          "--yes",
          ...marked.map(({ version }) => version),
        ),
    });
  }
  if (pending.length > 0) {
    steps.push({
      title: `run ${pending.length} migrations`,
      run: () => supabase.database("db", "push", "--include-all", "--yes"),
    });
  }
  const wanted = [...secrets.added, ...secrets.changed];
  if (wanted.length > 0 && envFile !== undefined) {
    steps.push({
      title: `set ${wanted.length} secrets`,
      run: () => setSecrets(supabase, envFile, given),
    });
  }
  if (vault.size > 0) {
    steps.push({
      title: `set ${vault.size} secrets of the Vault`,
      run: () => setVaultSecrets(db, vault),
    });
  }
  const names = [...functions.added, ...functions.replaced];
  // without a name the CLI deploys whatever folder it finds
  if (names.length > 0) {
    steps.push({
      title: `deploy ${names.length} functions`,
      run: async () =>
        await supabase.api(
          "functions",
          "deploy",
          ...names,
          "--use-api",
          "--jobs=4",
          "--yes",
          `--workdir=${await writeDeployable(root, bundles)}`,
        ),
    });
  }
  const properties = config.filter(isPushed).length;
  if (properties > 0) {
    steps.push({
      title: `change ${properties} properties of the configuration`,
      run: () => supabase.api("config", "push", "--yes"),
    });
  }
  return steps;
}

async function setSecrets(
  supabase: Supabase,
  envFile: string,
  given: ReadonlyMap<string, string>,
): Promise<void> {
  await supabase.api("secrets", "set", `--env-file=${envFile}`, "--yes");
  const { added, changed } = await planSecrets(
    given,
    await readDigests(supabase),
  );
  const wrong = [...added, ...changed];
  if (wrong.length > 0) {
    throw new StackError(
      `${
        wrong.join(", ")
      } did not arrive as in the file: put the value in single quotes`,
    );
  }
}

/**
 * Does the steps one after the other.
 *
 * @throws {StackError} with what failed, what is done, and how to go on
 */
export async function perform(
  steps: readonly Step[],
  say: (line: string) => void,
): Promise<void> {
  for (const [index, { title, run }] of steps.entries()) {
    say(`${index + 1}/${steps.length} ${title}`);
    try {
      await run();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const titles = (part: readonly Step[]) =>
        part.map((step) => step.title).join(", ") || "nothing";
      throw new StackError(
        `${title} failed: ${reason}\n\n` +
          `done: ${titles(steps.slice(0, index))}\n` +
          `not done: ${titles(steps.slice(index))}\n` +
          "Put it right and run the same command again: it goes on from here.",
        { cause: error },
      );
    }
  }
}
