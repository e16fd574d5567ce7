import { parseArgs } from "node:util";
import { spawnStack } from "./support/spawn_stack.ts";

const HELP = `Measures the functions on a stack of their own.

Usage: deno task bench [--db <url>] [--filter <name>] [--owners <n>]

  --db <url>       run on this PostgreSQL server instead of PGlite; credit-maintenance needs one
  --filter <name>  run only the benches whose name contains this
  --owners <n>     of credit-maintenance, in a single run (default: 100000)
  --help           print this

Compare the rows of one group within one run: the round trip of a trivial RPC is its floor.`;

const { values } = parseArgs({
  options: {
    db: { type: "string" },
    filter: { type: "string" },
    owners: { type: "string", default: "100000" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) {
  console.log(HELP);
  Deno.exit();
}

const stack = await spawnStack([
  "--port",
  "0",
  "--no-seed",
  ...(values.db ? ["--db", values.db] : []),
]);
try {
  const filter = values.filter ?? "";
  Deno.exitCode = await deno("bench", [
    ...(filter ? ["--filter", filter] : []),
    "bench",
  ]);
  if (values.db && "credit-maintenance".includes(filter)) {
    Deno.exitCode ||= await deno("run", [
      "bench/credit_maintenance.ts",
      values.owners,
    ]);
  }
} finally {
  await stack.stop();
}

/** Runs a command of Deno's against the stack. Returns its exit code. */
async function deno(command: string, args: string[]): Promise<number> {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [command, "--allow-all", ...args],
    env: stack.environment,
  }).spawn().status;
  return code;
}
