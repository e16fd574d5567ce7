import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import postgres from "postgres";
import { runCli } from "../stack/cli.ts";
import { StackError } from "../stack/errors.ts";
import { spawnStack } from "./support/spawn_stack.ts";

const MAIN = fileURLToPath(new URL("../bench/load/main.ts", import.meta.url));

const HELP =
  `Mixed traffic on a stack of its own, on real PostgreSQL: latencies, errors, memory.

Usage: deno task load --db <url> [options]

  --db <url>         a PostgreSQL server: the load makes a database there, and drops it
  --seconds <n>      how long (default: 60)
  --connections <n>  how many requests are under way at once (default: 8)
  --json             print the report as JSON
  --help             print this

Calendars with and without their ETag, pages of signed-in users, both webhooks, invitations, prompts,
maintenance. Any status that is not expected ends it with 1. Memory that still grows is shown.`;

await runCli(main);

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      db: { type: "string" },
      seconds: { type: "string", default: "60" },
      connections: { type: "string", default: "8" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (!values.db) throw new StackError("--db <url> is missing (--help)");
  const seconds = countOf("seconds", values.seconds);
  const connections = countOf("connections", values.connections);
  return await onDatabase(values.db, async (db) => {
    const stack = await spawnStack(["--port", "0", "--no-seed", "--db", db]);
    try {
      const { code } = await new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--allow-all",
          MAIN,
          String(stack.process.pid),
          seconds,
          connections,
          values.json ? "json" : "text",
        ],
        env: { ...stack.environment },
      }).spawn().status;
      return code;
    } finally {
      await stack.stop();
    }
  });
}

/** Runs `work` on a database of its own on a server. */
async function onDatabase(
  serverUrl: string,
  work: (url: string) => Promise<number>,
): Promise<number> {
  const server = postgres(serverUrl, { max: 1, onnotice: () => {} });
  const name = `load_${crypto.randomUUID().replaceAll("-", "")}`;
  await server.unsafe(`create database ${name}`);
  try {
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    return await work(url.href);
  } finally {
    await server.unsafe(`drop database ${name} with (force)`);
    await server.end();
  }
}

function countOf(option: string, value: string): string {
  if (!/^[1-9]\d*$/.test(value)) {
    throw new StackError(`--${option} takes a whole number from 1`);
  }
  return value;
}
