import { DriftFailure } from "./failure.ts";
import type { Judged } from "./finding.ts";
import type { Format } from "./report/report.ts";

/** `drift/sql/mod.ts`: what `--sql` adds. */
export interface SqlPart {
  /** Checks the SQL of a database, and what the files of the checkout say of its functions. @throws without a URL */
  readonly checkSql: (options: {
    readonly db: string | undefined;
    readonly progress: (line: string) => void;
  }) => Promise<readonly Judged[]>;
}

/** `drift/live/mod.ts`: what `--live` does. */
export interface LivePart {
  /** Compares a deployed database with what the migrations make, or with `db`, which they made. */
  readonly compareLive: (options: {
    readonly live: string;
    readonly db: string | undefined;
    readonly byEffect: boolean;
    readonly format: Format;
    readonly progress: (line: string) => void;
  }) => Promise<{ readonly report: string; readonly differs: boolean }>;
}

/** Loads the checks on SQL, which no other run needs. */
export async function loadSqlPart(): Promise<SqlPart> {
  const part = await load("./sql/mod.ts");
  if (isPart<SqlPart>(part, "checkSql")) return part;
  throw new DriftFailure("--sql: drift/sql/mod.ts is not there");
}

/** Loads the comparison with a deployed database, which no other run needs. */
export async function loadLivePart(): Promise<LivePart> {
  const part = await load("./live/mod.ts");
  if (isPart<LivePart>(part, "compareLive")) return part;
  throw new DriftFailure("--live: drift/live/mod.ts is not there");
}

async function load(path: string): Promise<unknown> {
  const url = new URL(path, import.meta.url);
  try {
    await Deno.stat(url);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  return await import(url.href);
}

function isPart<Part>(part: unknown, name: keyof Part & string): part is Part {
  return typeof part === "object" && part !== null && name in part;
}
