import { parseArgs } from "node:util";
import { runCli } from "../stack/cli.ts";
import { spawnStack } from "./support/spawn_stack.ts";

const HELP = `Measures the functions on a stack of their own.

Usage: deno task bench [--db <url>] [--filter <name>] [--owners <n>]

  --db <url>       run on this PostgreSQL server instead of PGlite; credit-maintenance needs one
  --filter <name>  run only the benches whose name contains this
  --owners <n>     of credit-maintenance, in a single run (default: 100000)
  --help           print this

Compare the rows of one group within one run: the round trip of a trivial RPC is its floor.`;

await runCli(main);

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      db: { type: "string" },
      filter: { type: "string", default: "" },
      owners: { type: "string", default: "100000" },
      help: { type: "boolean", short: "h" },
    },
  });
  const { db, filter, owners, help } = values;
  if (help) {
    console.log(HELP);
    return 0;
  }

  const stack = await spawnStack([
    "--port",
    "0",
    "--no-seed",
    ...(db ? ["--db", db] : []),
  ]);
  try {
    const code = await deno(
      [
        "bench",
        "--allow-all",
        ...(filter ? ["--filter", filter] : []),
        "bench",
      ],
      stack.environment,
    );
    if (code !== 0 || !db || !"credit-maintenance".includes(filter)) {
      return code;
    }
    return await deno(
      ["run", "--allow-all", "bench/credit_maintenance.ts", owners],
      stack.environment,
    );
  } finally {
    await stack.stop();
  }
}

/** Runs a command of Deno's against a stack. Returns its exit code. */
async function deno(
  args: string[],
  env: Record<string, string>,
): Promise<number> {
  const { code } = await new Deno.Command(Deno.execPath(), { args, env })
    .spawn().status;
  return code;
}
