import type { Difference } from "../../drift/live/compare.ts";
import { summary } from "../../drift/live/summary.ts";
import type { Bundle } from "../bundle/build.ts";
import type { VaultSecrets } from "./database.ts";
import type { MigrationsPlan } from "./history.ts";
import { type ConfigChange, isPushed } from "./project.ts";
import { repair } from "./repair.ts";
import type { SecretsPlan } from "./secrets.ts";

/** What a deployment would change. */
export interface Plan {
  readonly migrations: MigrationsPlan;
  readonly secrets: SecretsPlan;
  readonly vault: VaultSecrets;
  readonly functions: FunctionsPlan;
  /** What of them is deployed. */
  readonly bundles: readonly Bundle[];
  readonly config: readonly ConfigChange[];
  /** How the database departs already, from what was applied or from the baseline. */
  readonly drift: readonly Difference[];
  /** What of the database the migrations to run make otherwise. */
  readonly changed: readonly Difference[];
  /** Objects that no migration makes. */
  readonly others: readonly Difference[];
}

/** What becomes of the functions. */
export interface FunctionsPlan {
  readonly added: readonly string[];
  readonly replaced: readonly string[];
  /** Those that are not of this repository. */
  readonly kept: readonly string[];
}

/** Compares the functions of config.toml with a project's. */
export function planFunctions(
  here: readonly string[],
  there: readonly string[],
): FunctionsPlan {
  return {
    added: here.filter((name) => !there.includes(name)),
    replaced: here.filter((name) => there.includes(name)),
    kept: there.filter((name) => !here.includes(name)),
  };
}

/** A plan as lines to read. Of secrets there are names only. */
export function describe(plan: Plan): string[] {
  const { migrations, secrets, vault, functions, config } = plan;
  return [
    ...list(
      "migrations to mark as applied, as the database has what they make",
      migrations.marked.map(({ file }) => file),
    ),
    ...list(
      "taken as run by their names and by what is there, as the history has no statements",
      migrations.unproven.map(({ file }) => file),
    ),
    ...list("migrations to run", migrations.pending.map(({ file }) => file)),
    ...list(
      "older than others that were run; if one was run too, mark it before: " +
        repair("applied", ["<version>"]),
      migrations.late.map(({ file }) => file),
    ),
    ...list("secrets to add", secrets.added),
    ...list("secrets to change", secrets.changed),
    ...list("Vault secrets to set", [...vault.keys()]),
    ...list("functions to add", functions.added),
    ...list("functions to replace", functions.replaced),
    ...list("functions to leave, not of this repository", functions.kept),
    ...list("configuration to change", config.filter(isPushed).map(change)),
    ...list(
      "to change in the dashboard, or in config.toml",
      config.filter((it) => !isPushed(it)).map(change),
    ),
    ...listCounted(
      migrations.marked.length > 0
        ? "otherwise than the baseline, or beside it: reviewed, or harmless"
        : "otherwise than the migrations, reviewed",
      plan.drift,
    ),
    ...listCounted("to be replaced by the migrations", plan.changed),
    ...listCounted("to leave, made by no migration", plan.others),
  ];
}

function change({ path, local, remote }: ConfigChange): string {
  return `${path.join(".")}: ${JSON.stringify(remote)} -> ${
    JSON.stringify(local)
  }`;
}

function list(title: string, lines: readonly string[], count = lines.length) {
  if (count === 0) return [];
  return [`${title}: ${count}`, ...lines.map((line) => `  ${line}`)];
}

/** Production has hundreds: they are counted by kind. */
function listCounted(title: string, all: readonly Difference[]): string[] {
  return list(title, summary(all), all.length);
}
