import { parseArgs } from "node:util";
import { compare } from "../drift/live/compare.ts";
import { openMeter } from "../drift/progress.ts";
import { runCli } from "../stack/cli.ts";
import { readSource } from "../stack/database.ts";
import { StackError } from "../stack/errors.ts";
import { MIGRATIONS_DIR, SUPABASE_DIR } from "../stack/paths.ts";
import { choose } from "./migration/choose.ts";
import { filesOf } from "./migration/files.ts";
import { madeBy } from "./migration/objects.ts";
import { policyDigests } from "./migration/policies.ts";
import { inventoryOf } from "./schema/inventories.ts";
import { differenceText } from "./schema/print.ts";
import { undecided } from "./schema/undecided.ts";

const HELP =
  `Writes the migration from what supabase/migrations make to what supabase/schemas say.

Usage: deno task migration <name> [options]

  --why <sentence>  why it exists, for the header
  --help            print this

The name is like "quiet_hours". The statements are those of the schemas, made so that they can be run
again; policies, and drops of policies and triggers, are in a second file. What needs thought (altered
columns, dropped objects, rows) is a line that begins "-- decide:"; "deno task schema" fails until there
is none. Exit code: 0 written, or nothing differs; 1 there are lines to decide on.`;

await runCli(main);

async function main(args: string[]): Promise<number> {
  const { values: { why, help }, positionals: [name, ...more] } = parse(args);
  if (help) {
    console.log(HELP);
    return 0;
  }
  if (
    name === undefined || more.length > 0 || !/^[a-z][a-z0-9_]*$/.test(name)
  ) {
    throw new StackError("a name is wanted, like quiet_hours (--help)");
  }
  const { schemas = [], migrations } = await readSource({
    supabase: SUPABASE_DIR,
  });
  const open = undecided(migrations);
  if (open.length > 0) throw new StackError(open.join("\n"));

  const meter = openMeter();
  const options = { supabase: SUPABASE_DIR, progress: meter.say };
  const inventory = await inventoryOf("schemas", options);
  const differences = compare(
    inventory,
    await inventoryOf("migrations", options),
  );
  if (differences.length === 0) {
    meter.clear();
    console.log("nothing differs");
    return 0;
  }
  const digests =
    differences.some(({ kind }) => kind === "policy" || kind === "table")
      ? await policyDigests(SUPABASE_DIR, meter.say)
      : new Map<string, string>();
  meter.clear();

  for (const difference of differences) console.log(differenceText(difference));
  const chosen = choose({
    differences,
    made: madeBy(schemas),
    inventory,
    digests,
  });
  const files = filesOf(chosen, { name, why, migrations, now: new Date() });
  for (const { file, sql } of files) {
    await Deno.writeTextFile(`${MIGRATIONS_DIR}/${file}`, sql, {
      createNew: true,
    });
    console.log(`written: supabase/migrations/${file}`);
  }
  const left = undecided(files);
  for (const line of left) console.error(line);
  return left.length === 0 ? 0 : 1;
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        why: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackError(`${reason} (--help lists the options)`);
  }
}
