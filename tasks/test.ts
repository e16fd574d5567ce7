import { parseArgs } from "node:util";
import { runCli } from "../stack/cli.ts";
import { StackError } from "../stack/errors.ts";
import { BUNDLES_DIR } from "./support/dist.ts";
import { type ApiEnvironment, environmentOf } from "./support/environment.ts";
import { spawnStack, STACK_LOG } from "./support/spawn_stack.ts";
import { bundle, writeBundles } from "./bundle/build.ts";
import { readSources } from "./bundle/sources.ts";
import { checkTypes } from "./support/check_types.ts";
import { denoTest } from "./support/deno_test.ts";
import { type Group, groupsOf } from "./support/groups.ts";
import { summaryLine } from "./support/summary.ts";

const HELP =
  `Runs the tests on a stack of their own, or on the one SUPABASE_URL names.

Usage: deno task test [options] [paths] [-- options of deno test]

  --db <url>  run on this PostgreSQL server instead of PGlite: it is brought up to date and kept;
              without it the tests that need parallel connections are skipped, and those that
              go through very many cases take a sample
  --bundled   bundle every function and test the bundles: without paths, what goes through functions
  --help      print this

With SUPABASE_URL set nothing is started: the tests run there, with SUPABASE_PUBLISHABLE_KEY,
SUPABASE_SECRET_KEY and, where it has one, SUPABASE_DB_URL. For \`supabase start\`:

  set -a; eval "$(supabase status -o env --override-name api.url=SUPABASE_URL)"; deno task test`;

/** Those that call functions through the gateway, which is where bundles answer. */
const THROUGH_FUNCTIONS = [
  "tests/functions",
  "tests/access",
  "tests/organizations",
];

await runCli(main);

async function main(args: string[]): Promise<number> {
  const end = args.indexOf("--");
  const { values, positionals } = parse(end < 0 ? args : args.slice(0, end));
  const passedOn = end < 0 ? [] : args.slice(end + 1);
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const all = positionals.length === 0;
  const groups = all
    ? groupsOf(values.bundled ? THROUGH_FUNCTIONS : ["tests"])
    : [{ paths: positionals, env: {} }];
  const url = Deno.env.get("SUPABASE_URL");
  if (url && values.bundled) {
    throw new StackError(
      "--bundled needs a stack of its own: unset SUPABASE_URL",
    );
  }
  const given = environmentOf(url, Deno.env.toObject());
  if (all) {
    const { code } = await checkTypes();
    if (code !== 0) return code;
  }
  if (given) return await runTests(given, groups, passedOn);
  if (url) {
    throw new StackError(
      "SUPABASE_URL is set, SUPABASE_PUBLISHABLE_KEY and SUPABASE_SECRET_KEY are not",
    );
  }

  const served = values.bundled ? await serveBundles() : {};
  // Ctrl-C reaches the stack and the tests as well; this process stays to stop what is left.
  Deno.addSignalListener("SIGINT", () => {});
  const stack = await spawnStack([
    "--port",
    "0",
    ...(values.db ? ["--db", values.db] : []),
  ], { env: served });
  try {
    const environment = { ...stack.environment, ...served };
    return await runTests(environment, groups, passedOn, STACK_LOG);
  } finally {
    await stack.stop();
  }
}

/** Bundles every function. What makes the stack, and the gateways that tests start, serve the bundles. */
async function serveBundles(): Promise<{ STACK_FUNCTIONS: string }> {
  await writeBundles(BUNDLES_DIR, await bundle(await readSources()));
  return { STACK_FUNCTIONS: BUNDLES_DIR };
}

async function runTests(
  environment: ApiEnvironment,
  groups: Group[],
  options: string[],
  log?: string,
): Promise<number> {
  const runs = await Promise.all(
    groups.map(({ paths, env }) =>
      denoTest(paths, options, { ...environment, ...env })
    ),
  );
  const code = Math.max(...runs.map(({ code }) => code));
  if (code !== 0 && log) console.error(`the stack's log: ${log}`);
  console.log(summaryLine(runs.map(({ summary }) => summary)));
  return code;
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        db: { type: "string" },
        bundled: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackError(
      `${reason} (--help lists the options; deno test's own go after --)`,
    );
  }
}
