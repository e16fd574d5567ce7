import { parseArgs } from "node:util";
import { openMeter } from "../drift/progress.ts";
import { runCli } from "../stack/cli.ts";
import { StackError } from "../stack/errors.ts";
import { SUPABASE_DIR } from "../stack/paths.ts";
import { writeMigration } from "./migration/write.ts";
import { differenceText } from "./schema/print.ts";
import { undecided, undecidedText } from "./schema/undecided.ts";

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
  const meter = openMeter();
  const { differences, files } = await writeMigration({
    supabase: SUPABASE_DIR,
    name,
    why,
    now: new Date(),
    progress: meter.say,
  });
  meter.clear();

  if (differences.length === 0) console.log("nothing differs");
  for (const difference of differences) console.log(differenceText(difference));
  for (const { file } of files) {
    console.log(`written: supabase/migrations/${file}`);
  }
  const left = undecided(files).map(undecidedText);
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
