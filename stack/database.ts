import type { PgliteConnection } from "@supabase/lite/pglite";
import type { PostgresConnection } from "@supabase/lite/postgres";
import type { Source } from "./build.ts";
import { StackError } from "./errors.ts";
import { readMigrations } from "./migrations.ts";
import { SEED_FILE, SUPABASE_DIR } from "./paths.ts";
import { openPglite } from "./pglite.ts";
import { openPostgres } from "./postgres.ts";
import { databaseNumbersTokens } from "./refresh_tokens.ts";
import { readSchemas } from "./schemas.ts";
import { requestContext } from "./request_context.ts";
import { postgrestErrors } from "./rest_errors.ts";
import type { Session } from "./session.ts";

/** What to build a database from. */
export interface DatabaseOptions {
  /**
   * A real server. Its user must be a superuser, unless the database is one of Supabase's, whose
   * `postgres` is none. Without it: PGlite, in this process.
   */
  db?: string | undefined;
  /** Where PGlite keeps its files. Without it: in memory. */
  data?: string | undefined;
  /** The folder with config.toml, schemas and migrations; the repository's unless told. */
  supabase?: string | undefined;
  /**
   * What makes an empty database: `migrations` takes the way that a deployed one has taken. Without it:
   * the schemas, where config.toml names any.
   */
  from?: "schemas" | "migrations" | undefined;
  /** A folder of migrations that make it, whatever else there is. */
  migrations?: string | undefined;
  /** The seed to run after the migrations; `false` for none. */
  seed?: string | false;
  /** Receives one line for each step that may take a while. */
  progress?: (line: string) => void;
}

/** A database with the platform's schema, ours and the seed. */
export interface Database {
  /** What `@supabase/lite` serves. */
  connection: PgliteConnection | PostgresConnection;
  /** Where a client can connect, when it is a real server. */
  url: string | undefined;
  /**
   * Runs `work`, which uses `connection`. On PGlite, which has one session, nothing else runs
   * meanwhile: lite opens transactions there without waiting for others, and two requests at once
   * would share one transaction, and one role.
   */
  exclusive<T>(work: () => Promise<T>): Promise<T>;
  /** Runs `work` in one transaction. Not to be called within `exclusive`. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Opens a database and brings it up to date.
 *
 * @throws {StackError} when the server cannot be reached, or a file fails
 */
export async function openDatabase(
  options: DatabaseOptions = {},
): Promise<Database> {
  const source = {
    ...await readSource(options),
    seed: options.seed ?? SEED_FILE,
    progress: options.progress ?? (() => {}),
  };
  const database = options.db
    ? await openPostgres(options.db, source)
    : await openPglite(options.data, source);
  const { connection } = database;
  // lite would otherwise GRANT ALL on every table to the API's roles at the first request, which
  // defeats the grants under test; "active" is its word for "that is done, set the role each time".
  Reflect.set(connection, "rlsState", "active");
  databaseNumbersTokens(connection);
  requestContext(connection);
  postgrestErrors(connection);
  return database;
}

/**
 * Reads the files that make a database.
 *
 * @throws {StackError} when schemas are asked for and config.toml names none, or they are not to be read
 */
export async function readSource(
  { supabase = SUPABASE_DIR, from, migrations }: Pick<
    DatabaseOptions,
    "supabase" | "from" | "migrations"
  >,
): Promise<Pick<Source, "schemas" | "migrations">> {
  const schemas = migrations === undefined && from !== "migrations"
    ? await readSchemas(supabase)
    : undefined;
  if (from === "schemas" && schemas === undefined) {
    throw new StackError(`${supabase}/config.toml names no schema_paths`);
  }
  return {
    schemas,
    migrations: await readMigrations(migrations ?? `${supabase}/migrations`),
  };
}
