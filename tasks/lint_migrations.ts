import { runCli } from "../stack/cli.ts";
import { StackError } from "../stack/errors.ts";
import { SUPABASE_DIR } from "../stack/paths.ts";
import { lintMigrations } from "./lint/lint.ts";

const HELP =
  `Looks for what a migration may not do on hosted Supabase, where squawk does not.

Usage: deno task lint:migrations [--help]

  extension   no \`create extension\` in a body, unless executed after a look at pg_extension
  policies    policies, and drops of policies and triggers, apart from data work, behind a look at the catalog
  assertions  after \`if not exists\`, the definition is asserted: private.assert_table() and its like
  triggers    \`create or replace trigger\`, not drop and create
  header      \`set lock_timeout\`, and a header that names the locks
  decided     no line of \`deno task migration\` is left to decide on
  released    a migration that was released is as it was, and new ones come after it

The baseline is left out, which production is marked with. An exception stands before its statement, as
\`-- lint-ignore <rule> -- <reason>\`. Exit code: 0 clean, 1 findings.`;

await runCli(main);

async function main(args: string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(HELP);
    return 0;
  }
  if (args.length > 0) {
    throw new StackError(`${args[0]} is not known (--help)`);
  }
  const findings = await lintMigrations(SUPABASE_DIR);
  for (const finding of findings) console.log(finding);
  return findings.length === 0 ? 0 : 1;
}
