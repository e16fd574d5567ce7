import { parseArgs } from "node:util";
import { spawnStack } from "./support/spawn_stack.ts";

const HELP = `Measures the functions on a stack of their own.

Usage: deno task bench [--db <url>] [--filter <name>]

  --db <url>       run on this PostgreSQL server instead of PGlite
  --filter <name>  run only the benches whose name contains this
  --help           print this

Compare the rows of one group within one run: the round trip of a trivial RPC is its floor.`;

const { values } = parseArgs({
  options: {
    db: { type: "string" },
    filter: { type: "string" },
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
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [
      "bench",
      "--allow-all",
      ...(values.filter ? ["--filter", values.filter] : []),
      "bench",
    ],
    env: stack.environment,
  }).spawn().status;
  Deno.exitCode = code;
} finally {
  await stack.stop();
}
