import { parseArgs } from "node:util";
import { StackError } from "../stack/errors.ts";

/** The command line of `deno task bench`. */
export interface Options {
  readonly db: string | undefined;
  readonly filter: string;
  readonly rounds: number;
  readonly owners: number | undefined;
  readonly json: string | undefined;
  readonly svg: string | undefined;
  readonly help: boolean;
}

export const HELP =
  `Measures each function beside a stand-in that works the way the function it replaces did, in turns, on
one stack and the same data.

Usage: deno task bench [--db <url>] [options]

  --db <url>       run on this PostgreSQL server instead of PGlite, in databases of its own, which are
                   dropped again
  --filter <text>  only the functions whose name contains this; "drift" measures the drift gate,
                   "spends", with --db, spends a second beside plain updates
  --rounds <n>     how often each is measured (default: 40); a contest that takes over 15 s ends before
  --owners <n>     the largest number of owners for credit-maintenance (default: 100000, on PGlite 10000)
  --json <file>    where the figures go (default: docs/bench.json, nowhere with --filter)
  --svg <file>     where the chart goes (default: docs/bench.svg, nowhere with --filter)
  --help           print this

Compare figures of one run only. The floor is a function with one trivial RPC.`;

/** Reads the command line. @throws {StackError} on what it does not know */
export function parseOptions(args: readonly string[]): Options {
  const { db, filter = "", rounds, owners, json, svg, help } = parse(args);
  const isWhole = filter === "";
  return {
    db,
    filter,
    rounds: rounds === undefined ? 40 : numberOf("rounds", rounds),
    owners: owners === undefined ? undefined : numberOf("owners", owners),
    json: json ?? (isWhole ? "docs/bench.json" : undefined),
    svg: svg ?? (isWhole ? "docs/bench.svg" : undefined),
    help: help ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        db: { type: "string" },
        filter: { type: "string" },
        rounds: { type: "string" },
        owners: { type: "string" },
        json: { type: "string" },
        svg: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackError(`${reason} (--help lists the options)`, {
      cause: error,
    });
  }
}

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number > 0) return number;
  throw new StackError(
    `--${name} wants a whole number above 0, not ${JSON.stringify(text)}`,
  );
}
