import { fileURLToPath } from "node:url";
import { createDatabase } from "../bench/databases.ts";
import { HELP, parseOptions } from "../bench/options.ts";
import { runCli } from "../stack/cli.ts";
import { startAi } from "../tests/support/ai.ts";
import { startResend } from "../tests/support/resend.ts";
import { spawnStack } from "./support/spawn_stack.ts";

const path = (relative: string) =>
  fileURLToPath(new URL(relative, import.meta.url));

/** Where the stand-ins and the floor are; never deployed, being outside supabase/functions. */
const FUNCTIONS = path("../bench/functions");

await runCli(main);

async function main(args: string[]): Promise<number> {
  const { db, filter, help } = parseOptions(args);
  if (help) {
    console.log(HELP);
    return 0;
  }
  if (filter !== "" && "drift".includes(filter)) {
    return await deno([
      "bench",
      "--allow-all",
      path("../bench/drift.bench.ts"),
    ]);
  }
  // Ctrl-C reaches the benches as well; this process stays to stop the stack and drop the database.
  Deno.addSignalListener("SIGINT", () => {});
  await using database = db ? await createDatabase(db) : undefined;
  // The AI and the mail provider of every contestant; the latter sets this environment, which all inherit.
  await using ai = startAi();
  await using _resend = startResend();
  const env = { STACK_FUNCTIONS: FUNCTIONS, ...ai.env };
  const stack = await spawnStack([
    "--port",
    "0",
    "--no-seed",
    ...(database ? ["--db", database.url] : []),
  ], { env });
  try {
    return await deno(
      [
        "run",
        "--allow-all",
        "--unstable-no-legacy-abort",
        path("../bench/main.ts"),
        ...args,
      ],
      { ...stack.environment, ...env },
    );
  } finally {
    await stack.stop();
  }
}

/** Runs a command of Deno's. Returns its exit code. */
async function deno(
  args: string[],
  env: Record<string, string> = {},
): Promise<number> {
  const { code } = await new Deno.Command(Deno.execPath(), { args, env })
    .spawn().status;
  return code;
}
