import { parseArgs } from "node:util";
import { StackError } from "../../stack/errors.ts";

/** What `--help` prints. */
export const HELP =
  `Tells from outside how a deployed project is: its functions, its database, its schema.

Usage: deno task doctor --url <url> [options]

  --url <url>     the project's address, https://<ref>.supabase.co (default: SUPABASE_URL)
  --key <key>     its secret key (default: SUPABASE_SECRET_KEY, which stays out of the shell's history)
  --db <url>      its database, to compare the schema with this checkout as deploy does; only read
  --known <file>  the differences that were reviewed, as deploy writes them
  --json          print JSON
  --help          print this

Every function is asked without a credential and with wrong ones, which it must refuse; nothing is changed
and nothing is spent. Of the database it shows operations_health.

Exit code: 0 all is green, 1 something is amber: somebody should look, 2 something is red: it does not
work, 3 the doctor could not run.`;

/** What to examine. */
export interface Target {
  /** Without a slash at the end. */
  readonly url: string;
  readonly key: string;
  readonly db: string | undefined;
  /** The file of reviewed differences. */
  readonly known: string | undefined;
  readonly json: boolean;
}

/** Reads the command line; nothing where help is asked for. @throws {StackError} on what cannot be used */
export function readTarget(
  args: string[],
  env: Record<string, string>,
): Target | undefined {
  const { help, json = false, db, known, ...given } = parse(args);
  if (help) return undefined;
  const url = given.url ?? env["SUPABASE_URL"];
  const key = given.key ?? env["SUPABASE_SECRET_KEY"];
  if (!url || !key) {
    throw new StackError(
      `${url ? "--key" : "--url"} is missing (--help lists the options)`,
    );
  }
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new StackError(
      "--url is no address, such as https://ref.supabase.co",
    );
  }
  // A header cannot hold what a wrong copy may have brought along.
  if (!/^[\x21-\x7e]+$/.test(key)) throw new StackError("--key is no key");
  return { url: url.replace(/\/+$/, ""), key, db, known, json };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        url: { type: "string" },
        key: { type: "string" },
        db: { type: "string" },
        known: { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackError(`${reason} (--help lists the options)`);
  }
}
