import process from "node:process";
import postgres from "postgres";
import { openDatabase } from "../../stack/database.ts";
import { readMigrations } from "../../stack/migrations.ts";
import { postgresSession, type Session } from "../../stack/session.ts";
import { DriftFailure } from "../failure.ts";
import { undone } from "../sql/undone.ts";
import { compare, type Difference } from "./compare.ts";
import { compareByEffect } from "./effect.ts";
import { type Inventory, type Item, takeInventory } from "./inventory.ts";
import { jobsInText } from "./jobs.ts";
import { trulyDifferent } from "./reprint.ts";
import { text } from "./text.ts";

const MIGRATIONS = "supabase/migrations";

type Comparison = (
  repository: readonly Item[],
  deployed: readonly Item[],
) => Difference[];

export interface LiveOptions {
  /** The deployed database: it is only read. */
  readonly live: string;
  /** A database that the migrations made; without it they are applied to an embedded one. */
  readonly db?: string | undefined;
  readonly format?: string;
  /** By what objects do: what they are called, and how that is spelled, does not count. */
  readonly byEffect?: boolean;
  /** The folder of migrations; `supabase/migrations` unless told. */
  readonly migrations?: string;
  readonly progress: (line: string) => void;
}

/**
 * Compares a deployed database with what the migrations make.
 *
 * @throws {DriftFailure} on a format it does not write, or without migrations
 */
export async function compareLive(
  { format = "text", migrations = MIGRATIONS, ...options }: LiveOptions,
): Promise<{ report: string; differs: boolean }> {
  if (format !== "text" && format !== "json") {
    throw new DriftFailure("--live writes --format text or json");
  }
  if (
    options.db === undefined && (await readMigrations(migrations)).length === 0
  ) {
    throw new DriftFailure(`--live: no ${migrations} here to compare with`);
  }
  const differences = await findDifferences({ ...options, migrations });
  return {
    report: format === "json"
      ? JSON.stringify(differences, null, 2)
      : text(differences),
    differs: differences.length > 0,
  };
}

/** The differences between a deployed database and what the migrations make. */
export async function findDifferences(
  { live, db, byEffect = false, migrations = MIGRATIONS, progress }: Omit<
    LiveOptions,
    "format"
  >,
): Promise<Difference[]> {
  progress("reading the deployed database");
  const deployed = await inventoryOf(live);
  const by = byEffect ? compareByEffect : compare;
  return db === undefined
    ? await fromMigrations(migrations, deployed, by, progress)
    : await undone(db, (session) => differencesOf(session, deployed, by));
}

/** What a deployed database has otherwise than the session's; `jobs` are for one that can hold none. */
async function differencesOf(
  session: Session,
  deployed: Inventory,
  compare: Comparison,
  jobs: readonly Item[] = [],
): Promise<Difference[]> {
  const repository = await takeInventory(session);
  const differences = compare(
    [...repository.items, ...repository.jobs ?? jobs],
    [...deployed.items, ...deployed.jobs ?? []],
  );
  return await trulyDifferent(session, differences);
}

async function inventoryOf(url: string): Promise<Inventory> {
  const sql = postgres(url, {
    max: 1,
    onnotice: () => {},
    connect_timeout: 10,
    connection: { default_transaction_read_only: true },
  });
  try {
    return await sql.begin(
      "isolation level repeatable read read only",
      (transaction) => takeInventory(postgresSession(transaction)),
    );
  } finally {
    await sql.end();
  }
}

async function fromMigrations(
  folder: string,
  deployed: Inventory,
  compare: Comparison,
  progress: (line: string) => void,
): Promise<Difference[]> {
  const migrations = await readMigrations(folder);
  const database = await openDatabase({
    migrations: folder,
    seed: false,
    progress,
  });
  try {
    return await database.transaction((session) =>
      differencesOf(session, deployed, compare, jobsInText(migrations))
    );
  } finally {
    await database.close();
    process.exitCode = 0; // initdb, compiled to WASM, leaves its own behind
  }
}
