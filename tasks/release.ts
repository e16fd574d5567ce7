import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runCli } from "../stack/cli.ts";
import { StackError } from "../stack/errors.ts";
import { readMigrations } from "../stack/migrations.ts";
import { FUNCTIONS_DIR, MIGRATIONS_DIR, SUPABASE_DIR } from "../stack/paths.ts";
import { VERSION } from "../supabase/functions/_shared/version.ts";
import { readBudgets } from "./bundle/budgets.ts";
import { bundle, writeBundles } from "./bundle/build.ts";
import { printSizes } from "./bundle/print.ts";
import { readSources } from "./bundle/sources.ts";
import {
  changedSince,
  readReleased,
  RELEASED,
  writeReleased,
} from "./lint/released.ts";
import { licensesOf } from "./release/licenses.ts";
import { typesPackage } from "./release/types_package.ts";
import { BUNDLES_DIR, DIST_DIR } from "./support/dist.ts";
import { removeIfThere } from "./support/remove_if_there.ts";

const HELP = `Makes dist/, what a release is published with.

Usage: deno task release [options]

  --help  print this

  dist/functions/<name>/index.js  each function as one ES module, within its budget
  dist/functions/LICENSES.txt     the packages in them, and their licences
  dist/types                      the database's types for the web app: npm install ./dist/types

The version is that of supabase/functions/_shared/version.ts. Fails, and leaves no dist, when the
types are not what the schemas give, a released migration was changed, or a bundle is over its budget.
The migrations are listed in supabase/${RELEASED} with their digests: from then on they stay as they are.`;

const ROOT = fileURLToPath(new URL("..", import.meta.url));

await runCli(main);

async function main(args: string[]): Promise<number> {
  if (parse(args).help) {
    console.log(HELP);
    return 0;
  }
  await removeIfThere(DIST_DIR);
  const migrations = await readMigrations(MIGRATIONS_DIR);
  const changed = changedSince(await readReleased(SUPABASE_DIR), migrations);
  for (const { file, message } of changed) console.error(`${file}: ${message}`);
  if (changed.length > 0) throw new StackError("nothing is released");
  console.error("  the types are those of the schemas");
  await checkTypes();
  console.error("  bundles");
  const sources = await readSources();
  const bundles = await bundle(sources);
  const budgetOf = await readBudgets(sources.map(({ name }) => name));
  if (!printSizes(bundles, budgetOf)) return 1;

  await writeBundles(BUNDLES_DIR, bundles);
  const licenses = await licensesOf(ROOT, bundles);
  await Deno.writeTextFile(`${BUNDLES_DIR}/LICENSES.txt`, licenses);
  await writeTypes(`${DIST_DIR}/types`);
  await writeReleased(SUPABASE_DIR, migrations);
  console.log(`dist is release ${VERSION}`);
  return 0;
}

async function checkTypes(): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", `${ROOT}/tasks/types.ts`, "--check"],
  }).spawn().status;
  if (!success) throw new StackError("nothing is released");
}

async function writeTypes(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const source = await Deno.readTextFile(
    `${FUNCTIONS_DIR}/_shared/database.types.ts`,
  );
  for (const [name, text] of Object.entries(typesPackage(source, VERSION))) {
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: { help: { type: "boolean", short: "h" } },
    }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackError(`${reason} (--help lists the options)`);
  }
}
