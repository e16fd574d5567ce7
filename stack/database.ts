import {
  createPgliteConnection,
  type PgliteConnection,
} from "@supabase/lite/pglite";
import {
  createPostgresConnection,
  type PostgresConnection,
} from "@supabase/lite/postgres";
import postgres from "postgres";
import { StackError } from "./errors.ts";
import {
  applyMigrations,
  type Migration,
  readMigrations,
} from "./migrations.ts";
import { MIGRATIONS_DIR, SEED_FILE } from "./paths.ts";
import { extensions } from "./pglite_extensions.ts";
import { PLATFORM_SQL, SEARCH_PATH } from "./platform.ts";
import { postgrestErrors } from "./rest_errors.ts";
import { applySeed } from "./seed.ts";
import { queue } from "./queue.ts";
import { pgliteSession, postgresSession, type Session } from "./session.ts";
import { loadSnapshot, saveSnapshot, snapshotKey } from "./snapshot.ts";
import { pgliteParsers, postgresTypes } from "./types.ts";

/** What to build a database from. */
export interface DatabaseOptions {
  /** A real server. Without it: PGlite, PostgreSQL in this process. */
  db?: string | undefined;
  /** Where PGlite keeps its files. Without it: in memory. */
  data?: string | undefined;
  /** The folder of migrations; `supabase/migrations` unless told. */
  migrations?: string;
  /** The seed to run after the migrations; `false` for none. */
  seed?: string | false;
  /** Receives one line for each step that may take a while. */
  progress?: (line: string) => void;
}

/** A database with the platform's schema, every migration and the seed. */
export interface Database {
  /** What `@supabase/lite` serves. */
  connection: PgliteConnection | PostgresConnection;
  /** Where a client can connect, when it is a real server. */
  url: string | undefined;
  /**
   * Runs `work` while nothing else uses the session. PGlite has one session and lite opens
   * transactions on it without waiting for others, so every request must come through here.
   */
  exclusive<T>(work: () => Promise<T>): Promise<T>;
  /** Runs `work` in one transaction, on a session of its own. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Opens a database and brings it up to date.
 *
 * @throws {StackError} when the server cannot be reached, or a migration or the seed fails
 */
export async function openDatabase(
  options: DatabaseOptions = {},
): Promise<Database> {
  const migrations = await readMigrations(options.migrations ?? MIGRATIONS_DIR);
  const database = options.db
    ? await openPostgres(options.db, options, migrations)
    : await openPglite(options, migrations);
  // lite would otherwise GRANT ALL on every table to the API's roles at the first request, which
  // defeats the grants under test; "active" is its word for "that is done, set the role each time".
  Reflect.set(database.connection, "rlsState", "active");
  postgrestErrors(database.connection);
  return database;
}

async function openPglite(
  options: DatabaseOptions,
  migrations: Migration[],
): Promise<Database> {
  const progress = options.progress ?? (() => {});
  const key = options.data ? undefined : snapshotKey(migrations);
  const snapshot = key && await loadSnapshot(key);
  if (!snapshot) progress("creating the database: a few seconds, once");
  const connection = await createPgliteConnection({
    url: options.data ?? "memory://",
    pgliteOptions: {
      parsers: pgliteParsers,
      extensions,
      loadDataDir: snapshot || undefined,
    },
  });
  const session = pgliteSession(connection.driver);
  try {
    await session.reset();
    if (!snapshot) {
      await session.script(PLATFORM_SQL);
      await applyMigrations(session, migrations, progress);
      if (key) {
        await saveSnapshot(key, await connection.driver.dumpDataDir("none"));
      }
    }
    if (options.seed !== false) {
      await applySeed(session, options.seed ?? SEED_FILE, progress);
    }
  } catch (error) {
    await connection.close();
    throw error;
  }
  return {
    connection,
    url: undefined,
    exclusive: queue(),
    transaction: (work) =>
      connection.driver.transaction((tx) => work(pgliteSession(tx))),
    close: () => connection.close(),
  };
}

async function openPostgres(
  url: string,
  options: DatabaseOptions,
  migrations: Migration[],
): Promise<Database> {
  const progress = options.progress ?? (() => {});
  const quiet = {
    onnotice: () => {},
    connection: { search_path: SEARCH_PATH },
  };
  const builder = postgres(url, { ...quiet, max: 1 });
  try {
    const session = postgresSession(builder);
    await reach(session, url);
    // Two stacks that start on one database wait for each other.
    await session.query("select pg_advisory_lock(hashtext('stack'))");
    await session.script(PLATFORM_SQL);
    await applyMigrations(session, migrations, progress);
    if (options.seed !== false) {
      await applySeed(session, options.seed ?? SEED_FILE, progress);
    }
  } finally {
    await builder.end();
  }
  const connection = createPostgresConnection({
    url,
    postgresOptions: { ...quiet, types: postgresTypes },
  });
  return {
    connection,
    url,
    exclusive: (work) => work(),
    transaction: (work) =>
      connection.driver.begin((sql) =>
        work(postgresSession(sql))
      ) as ReturnType<typeof work>,
    close: () => connection.close(),
  };
}

async function reach(session: Session, url: string): Promise<void> {
  try {
    await session.query("select 1");
  } catch (error) {
    const shown = url.replace(/(\/\/[^:/@]*):[^@]*@/, "$1:***@");
    const reason = error instanceof Error
      ? error.message || error.name
      : String(error);
    throw new StackError(`no database at ${shown}: ${reason}`, {
      cause: error,
    });
  }
}
