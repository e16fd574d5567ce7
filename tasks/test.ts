import { parseArgs } from "node:util";
import { runCli } from "../stack/cli.ts";
import { StackError } from "../stack/errors.ts";
import { BUNDLES_DIR } from "./support/dist.ts";
import { type ApiEnvironment, environmentOf } from "./support/environment.ts";
import { spawnStack, STACK_LOG } from "./support/spawn_stack.ts";
import { bundle, writeBundles } from "./bundle/build.ts";
import { readSources } from "./bundle/sources.ts";
import { denoTest } from "./support/deno_test.ts";
import { summaryLine } from "./support/summary.ts";

const HELP =
  `Runs the tests on a stack of their own, or on the one SUPABASE_URL names.

Usage: deno task test [options] [paths] [-- options of deno test]

  --db <url>  run on this PostgreSQL server instead of PGlite: it is brought up to date and kept;
              without it the tests that need parallel connections are skipped
  --bundled   bundle every function and test the bundles: without paths, what goes through functions
  --help      print this

With SUPABASE_URL set nothing is started: the tests run there, with SUPABASE_PUBLISHABLE_KEY,
SUPABASE_SECRET_KEY and, where it has one, SUPABASE_DB_URL. For \`supabase start\`:

  set -a; eval "$(supabase status -o env --override-name api.url=SUPABASE_URL)"; deno task test`;

/** What concerns every owner of credits at once, as maintenance and Stripe's events do. */
const CREDITS = ["database", "functions"].flatMap((folder) =>
  Array.from(Deno.readDirSync(new URL(`../tests/${folder}`, import.meta.url)))
    .filter(({ name }) => /^(credit|cron|stripe).*\.test\.ts$/.test(name))
    .map(({ name }) => `tests/${folder}/${name}`)
);
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
  const all = values.bundled ? THROUGH_FUNCTIONS : ["tests"];
  const groups = positionals.length > 0 ? [positionals] : groupsOf(all);
  const url = Deno.env.get("SUPABASE_URL");
  if (url && values.bundled) {
    throw new StackError(
      "--bundled needs a stack of its own: unset SUPABASE_URL",
    );
  }
  const given = environmentOf(url, Deno.env.toObject());
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

/**
 * Two groups side by side, one a core: what concerns all credits stays in one of them, and the other
 * leaves that database's credits alone.
 */
function groupsOf(paths: string[]): string[][] {
  const credits = CREDITS.filter((file) =>
    paths.some((path) => file.startsWith(`${path}/`))
  );
  return [credits, [`--ignore=${credits.join(",")}`, ...paths]];
}

/** Bundles every function. What makes the stack, and the gateways that tests start, serve the bundles. */
async function serveBundles(): Promise<{ STACK_FUNCTIONS: string }> {
  await writeBundles(BUNDLES_DIR, await bundle(await readSources()));
  return { STACK_FUNCTIONS: BUNDLES_DIR };
}

async function runTests(
  environment: ApiEnvironment,
  groups: string[][],
  options: string[],
  log?: string,
): Promise<number> {
  const runs = await Promise.all(
    groups.map((paths) => denoTest(paths, options, environment)),
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
