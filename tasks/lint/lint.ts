import { readMigrations } from "../../stack/migrations.ts";
import { isBaseline } from "../deploy/history.ts";
import { changedSince, readReleased } from "./released.ts";
import { assertions } from "./rules/assertions.ts";
import { decided } from "./rules/decided.ts";
import { extension } from "./rules/extension.ts";
import { header } from "./rules/header.ts";
import { policies } from "./rules/policies.ts";
import { triggers } from "./rules/triggers.ts";
import { read, type Rule } from "./script.ts";

/** In the order of the help. */
const RULES: readonly Rule[] = [
  extension,
  policies,
  assertions,
  triggers,
  header,
  decided,
];

/**
 * What a folder's migrations may not do, a line each: file, line, rule and what is wrong. The baseline
 * never runs on production, so that only its being released counts.
 *
 * @param supabase the folder that `migrations` is in
 */
export async function lintMigrations(supabase: string): Promise<string[]> {
  const migrations = await readMigrations(`${supabase}/migrations`);
  const found = migrations.filter((it) => !isBaseline(it)).flatMap((
    migration,
  ) =>
    RULES.flatMap((rule) =>
      rule.find(read(migration)).map((finding) => ({
        ...finding,
        file: migration.file,
        rule: rule.name,
      }))
    )
  );
  const released = changedSince(await readReleased(supabase), migrations)
    .map((finding) => ({ ...finding, rule: "released" }));
  return [...found, ...released].map(({ file, line, rule, message }) =>
    `supabase/migrations/${file}:${line}: ${message} (${rule})`
  );
}
