import { parseArgs } from "node:util";
import { StackError } from "./errors.ts";

/** The command line of `deno task start`. */
export interface Options {
  /** config.toml's when it is not given. */
  port: number | undefined;
  db: string | undefined;
  data: string | undefined;
  seed: boolean;
  json: boolean;
  attached: boolean;
  help: boolean;
}

export const HELP =
  `Starts the embedded Supabase: database, REST, Auth and the functions.

Usage: deno task start [options]

  --port <n>    listen on this port of 127.0.0.1; 0 takes a free one (default: config.toml's, 54321)
  --db <url>    use this PostgreSQL server; it is brought up to date and kept
                (default: PGlite, PostgreSQL 17 in this process, in memory)
  --data <dir>  keep PGlite's files in this folder
  --no-seed     leave out supabase/seed.sql, as is done by itself among people that it did not make
  --json        once ready, print one line of JSON: API_URL, PUBLISHABLE_KEY, SECRET_KEY, DB_URL,
                CALENDAR_URL; all else goes to standard error
  --attached    stop when standard input ends, so as not to outlive the process that started it
  --help        print this

Functions see the shell's environment, then supabase/functions/.env, then stack/defaults.ts.
Ctrl-C stops it.`;

/** Reads the command line. @throws {StackError} on what it does not know */
export function parseOptions(args: string[]): Options {
  const { values } = parse(args);
  if (values.db !== undefined && values.data !== undefined) {
    throw new StackError(
      "--db and --data exclude each other: --data is a folder for PGlite",
    );
  }
  if (values.db !== undefined && !/^postgres(ql)?:\/\/./.test(values.db)) {
    throw new StackError(
      "--db wants a URL like postgresql://user:password@host:5432/database",
    );
  }
  return {
    port: values.port === undefined ? undefined : portOf(values.port),
    db: values.db,
    data: values.data,
    seed: !values["no-seed"],
    json: values.json ?? false,
    attached: values.attached ?? false,
    help: values.help ?? false,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: "string" },
        db: { type: "string" },
        data: { type: "string" },
        "no-seed": { type: "boolean" },
        json: { type: "boolean" },
        attached: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackError(`${reason} (--help lists the options)`, {
      cause: error,
    });
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) {
    throw new StackError(
      `--port wants a number from 0 to 65535, not ${JSON.stringify(text)}`,
    );
  }
  return port;
}
