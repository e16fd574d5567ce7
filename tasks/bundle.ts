import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { runCli } from "../stack/cli.ts";
import { StackError } from "../stack/errors.ts";
import { readBudgets } from "./bundle/budgets.ts";
import { type Bundle, bundle, writeBundles } from "./bundle/build.ts";
import { type ColdStart, measureColdStarts } from "./bundle/cold_start.ts";
import { printSizes, printWeights } from "./bundle/print.ts";
import { readSources } from "./bundle/sources.ts";
import { writeDeployable } from "./deploy/bundles.ts";
import { BUNDLES_DIR, DIST_DIR } from "./support/dist.ts";

const ROOT = dirname(DIST_DIR);

const HELP =
  `Bundles each function into one minified ES module, dist/functions/<name>/index.js, and writes the
dist/supabase/config.toml by which the Supabase CLI deploys them (--workdir=dist).

Usage: deno task bundle [options]

  --only <name>     this function alone
  --check           write nothing; only compare the sizes with supabase/functions/budgets.json
  --no-cold-start   do not measure how long each takes to start
  --analyze <name>  print what its bundle is made of, and do nothing else
  --help            print this

Prints the sizes (KB = 1,000 bytes), the budgets, and the cold start: the median of 9 fresh processes,
from the start to the answer to OPTIONS, beside an empty function that is started before each. Exits 1
when a bundle is over its budget.`;

await runCli(main);

async function main(args: string[]): Promise<number> {
  const { help, analyze, only, check, "no-cold-start": quick } = parse(args);
  if (help) {
    console.log(HELP);
    return 0;
  }
  const names = (await readSources()).map(({ name }) => name);
  const budgetOf = await readBudgets(names);
  const bundles = await bundle(await readSources(analyze ?? only));
  if (analyze !== undefined) {
    for (const one of bundles) printWeights(one);
    return 0;
  }
  if (!check) await write(bundles, only === undefined);
  const starts = check || quick ? undefined : await coldStarts(bundles);
  return printSizes(bundles, budgetOf, starts) ? 0 : 1;
}

async function write(bundles: Bundle[], all: boolean): Promise<void> {
  if (all) await writeDeployable(ROOT, bundles);
  else await writeBundles(BUNDLES_DIR, bundles);
}

async function coldStarts(bundles: Bundle[]): Promise<Map<string, ColdStart>> {
  return await measureColdStarts(
    new Map(
      bundles.map(({ name }) => [name, `${BUNDLES_DIR}/${name}/index.js`]),
    ),
    (done, total) => console.error(`  cold starts: round ${done} of ${total}`),
  );
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        only: { type: "string" },
        check: { type: "boolean" },
        "no-cold-start": { type: "boolean" },
        analyze: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackError(`${reason} (--help lists the options)`);
  }
}
