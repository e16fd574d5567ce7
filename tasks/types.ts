import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { PGlite } from "@supabase/lite/pglite";
import { runCli } from "../stack/cli.ts";
import { openDatabase } from "../stack/database.ts";
import { StackError } from "../stack/errors.ts";
import { freePort } from "./support/free_port.ts";
import { SUPABASE_CLI } from "./support/supabase_cli.ts";

const HELP =
  `Generates the TypeScript types of the database from supabase/schemas.

Usage: deno task types [options]

  --check       write nothing; fail when the file is not what the schemas give
  --out <path>  the file (default: supabase/functions/_shared/database.types.ts)
  --help        print this`;

const DEFAULT_OUT = fileURLToPath(
  new URL("../supabase/functions/_shared/database.types.ts", import.meta.url),
);

await runCli(main);

async function main(args: string[]): Promise<number> {
  const { out = DEFAULT_OUT, check, help } = parse(args);
  if (help) {
    console.log(HELP);
    return 0;
  }
  const types = await format(await generate());
  if (!check) {
    await Deno.writeTextFile(out, types);
    return 0;
  }
  if (await readIfThere(out) === types) return 0;
  console.error(
    `${out} is not what the schemas give: run "deno task types"`,
  );
  return 1;
}

/** Builds a database from the schemas and lets the Supabase CLI read it through a socket. */
async function generate(): Promise<string> {
  const database = await openDatabase({
    seed: false,
    progress: (line) => console.error(`  ${line}`),
  });
  const { driver } = database.connection;
  if (!(driver instanceof PGlite)) throw new TypeError("built on PGlite");
  const port = freePort();
  const server = new PGLiteSocketServer({ db: driver, port });
  await server.start();
  const url =
    `postgresql://postgres:postgres@127.0.0.1:${port}/postgres?sslmode=disable`;
  const options = [
    "gen",
    "types",
    "typescript",
    "--schema",
    "public",
    `--remote=${url}`,
  ];
  try {
    return await run("npx", ["-y", SUPABASE_CLI, ...options]);
  } finally {
    await server.stop();
    await database.close();
  }
}

/** `deno fmt` needs a second pass to agree with itself on what the CLI prints. */
async function format(source: string): Promise<string> {
  const once = await run(Deno.execPath(), ["fmt", "--ext", "ts", "-"], source);
  return await run(Deno.execPath(), ["fmt", "--ext", "ts", "-"], once);
}

async function run(
  command: string,
  args: string[],
  input = "",
): Promise<string> {
  const child = start(command, args);
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  if (success) return new TextDecoder().decode(stdout);
  throw new StackError(
    `${command} ${args[1]}: ${new TextDecoder().decode(stderr).trim()}`,
  );
}

function start(command: string, args: string[]): Deno.ChildProcess {
  try {
    return new Deno.Command(command, {
      args,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new StackError(
      `${command} is not on the PATH: the types come from the npm package ${SUPABASE_CLI}`,
    );
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        check: { type: "boolean" },
        out: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackError(`${reason} (--help lists the options)`);
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
