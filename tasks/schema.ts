import { parseArgs } from "node:util";
import { openMeter } from "../drift/progress.ts";
import { runCli } from "../stack/cli.ts";
import { StackError } from "../stack/errors.ts";
import { SUPABASE_DIR } from "../stack/paths.ts";
import { compareSchemas } from "./schema/compare.ts";
import { differenceText } from "./schema/print.ts";

const HELP =
  `Compares what supabase/schemas say with what supabase/migrations make.

Usage: deno task schema [options]

  --db <url>  on this PostgreSQL server: two databases are made there, and dropped (default: PGlite)
  --help      print this

One database is made of each, and everything in both is compared, comments, grants, jobs and the rows
that the code relies on too; the order of a table's columns does not count. Exit code: 0 the same,
1 not, with both sides of each difference. "deno task migration <name>" writes what is missing.`;

await runCli(main);

async function main(args: string[]): Promise<number> {
  const { db, help } = parse(args);
  if (help) {
    console.log(HELP);
    return 0;
  }
  const meter = openMeter();
  const { differences, open, inventory } = await compareSchemas({
    supabase: SUPABASE_DIR,
    db,
    progress: meter.say,
  });
  meter.clear();

  for (const difference of differences) console.log(differenceText(difference));
  for (const line of open) console.log(line);
  if (differences.length > 0 || open.length > 0) {
    console.error(
      `${differences.length} differences between schemas and migrations, ${open.length} lines to decide on`,
    );
    return 1;
  }
  console.log(
    `schemas and migrations make the same database: ${inventory.length} objects`,
  );
  return 0;
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        db: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackError(`${reason} (--help lists the options)`);
  }
}
