import { readMigrations } from "../../stack/migrations.ts";
import { isBaseline } from "../deploy/made.ts";
import { changedSince, readReleased } from "./released.ts";
import { assertions } from "./rules/assertions.ts";
import { decided } from "./rules/decided.ts";
import { extension } from "./rules/extension.ts";
import { header } from "./rules/header.ts";
import { policies } from "./rules/policies.ts";
import { triggers } from "./rules/triggers.ts";
import { read, type Rule, type Script } from "./script.ts";

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
 * never runs on production, so that only its being released counts. An exception stands in the migration,
 * before the statement: `-- lint-ignore <rule> -- <reason>`.
 *
 * @param supabase the folder that `migrations` is in
 */
export async function lintMigrations(supabase: string): Promise<string[]> {
  const migrations = await readMigrations(`${supabase}/migrations`);
  const found = migrations.filter((it) => !isBaseline(it)).map(read).flatMap(
    (script) =>
      RULES.flatMap((rule) =>
        rule.find(script).filter(({ line }) => !isIgnored(script, line, rule))
          .map((it) => ({ ...it, file: script.file, rule: rule.name }))
      ),
  );
  const released = changedSince(await readReleased(supabase), migrations)
    .map((finding) => ({ ...finding, rule: "released" }));
  return [...found, ...released].map(({ file, line, rule, message }) =>
    `supabase/migrations/${file}:${line}: ${message} (${rule})`
  );
}

/** Whether the statement on a line has `-- lint-ignore <rule> -- <reason>` among the comments before it. */
function isIgnored({ parts }: Script, line: number, { name }: Rule): boolean {
  const part = parts.findLast((it) => it.line <= line);
  const mark = new RegExp(`^-- lint-ignore ${name} -- \\S`, "m");
  return part !== undefined && mark.test(part.comments);
}
