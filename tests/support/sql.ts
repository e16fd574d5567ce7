import postgres from "postgres";
import { openDatabase } from "../../stack/database.ts";
import { postgresSession, type Session } from "../../stack/session.ts";
import { NO_DEFAULT_GRANTS, runSql, superuserUrl } from "./servers.ts";
import { api, realPostgres } from "./stack.ts";

export type { Session };

/** Runs work in a transaction of its own. */
export interface SqlDatabase {
  transaction<T>(work: (sql: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Ends a transaction so that it leaves nothing behind. */
class Undo extends Error {}

let opening: Promise<SqlDatabase> | undefined;

/**
 * A test of what the API does not show. It runs as the owner of the schema, in a transaction that is
 * undone, on a database of this process: what it locks, nobody else needs.
 */
export function sqlTest(
  name: string,
  run: (sql: Session) => Promise<void>,
): void {
  Deno.test({ name, fn: () => undone(run), ...SHARED });
}

/** A test that only a real server can pass: reported as ignored where there is none. */
export function postgresTest(
  name: string,
  run: (sql: postgres.Sql) => Promise<void>,
): void {
  Deno.test({
    name: `${name}, on real Postgres`,
    ...realPostgres,
    fn: async () => {
      const sql = connect();
      try {
        await run(sql);
      } finally {
        await sql.end();
      }
    },
  });
}

/**
 * Runs `work` on a database of its own, on the real server when there is one and else on PGlite. With
 * `defaultGrants: false` the server grants nothing on new tables, as PGlite never does.
 */
export async function onFreshDatabase(
  options: FreshOptions,
  work: (database: SqlDatabase, url: string | undefined) => Promise<void>,
): Promise<void> {
  const { database, url } = await openFresh(options);
  await using(database, (it) => work(it, url));
}

async function using(
  database: SqlDatabase,
  work: (database: SqlDatabase) => Promise<void>,
): Promise<void> {
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

/** Runs `work` in a transaction that is undone, on the database of this process. */
export async function undone(
  work: (sql: Session) => Promise<void>,
): Promise<void> {
  opening ??= openFresh({}).then(({ database }) => database);
  await undoneOn(await opening, work);
}

/** The same on the stack's database, the one that has pg_cron: what it locks, other tests wait for. */
export async function undoneOnStack(
  work: (sql: Session) => Promise<void>,
): Promise<void> {
  await using(onServer(connect()), (it) => undoneOn(it, work));
}

/** The same as a superuser of the real server, for what no project's `postgres` may do. */
export async function undoneAsSuperuser(
  work: (sql: Session) => Promise<void>,
): Promise<void> {
  const url = await superuserUrl(api.dbUrl ?? "");
  await using(onServer(postgres(url, OPTIONS)), (it) => undoneOn(it, work));
}

/** The same on another database. */
export async function undoneOn(
  database: SqlDatabase,
  work: (sql: Session) => Promise<void>,
): Promise<void> {
  try {
    await database.transaction(async (sql) => {
      await work(sql);
      throw new Undo();
    });
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
  }
}

/** A session within a transaction: what a file begins and ends are savepoints. */
export function savepoints(sql: Session): Session {
  const inner: Record<string, string> = {
    begin: "savepoint file",
    commit: "release savepoint file",
    rollback: "rollback to savepoint file",
  };
  return {
    query: (text, parameters) => sql.query(text, parameters),
    script: (text) => sql.script(inner[text] ?? text),
    reset: () => sql.script("reset role"),
  };
}

/** One value: the first column of the only row. @throws {Error} when there is not exactly one row */
export async function value(
  sql: Session,
  text: string,
  parameters: unknown[] = [],
): Promise<unknown> {
  const rows = await sql.query(text, parameters);
  const [row] = rows;
  if (!row || rows.length > 1) throw new Error(`${rows.length} rows: ${text}`);
  return Object.values(row)[0];
}

const OPTIONS = { max: 2, onnotice: () => {} };

// The database outlives the test that happens to open it.
const SHARED = { sanitizeOps: false, sanitizeResources: false };

Deno.test.afterAll(async () => {
  const database = await opening;
  opening = undefined;
  await database?.close();
});

function connect(): postgres.Sql {
  if (!api.dbUrl) throw new Error("SUPABASE_DB_URL is not set");
  return postgres(api.dbUrl, OPTIONS);
}

interface FreshOptions {
  from?: "schemas" | "migrations";
  migrations?: string;
  defaultGrants?: boolean;
}

/** A database that its `close` drops, and where others can connect to it. */
async function openFresh(
  { defaultGrants = true, ...options }: FreshOptions,
): Promise<{ database: SqlDatabase; url: string | undefined }> {
  if (!api.dbUrl) {
    const database = await openDatabase({ ...options, seed: false });
    Deno.exitCode = 0; // initdb, compiled to WASM, leaves its own behind
    return { database, url: undefined };
  }
  const server = connect();
  const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  const drop = async () => {
    await server.unsafe(`drop database if exists ${name} with (force)`);
    await server.end();
  };
  try {
    await server.unsafe(`create database ${name}`);
    const url = new URL(api.dbUrl);
    url.pathname = `/${name}`;
    const db = url.href;
    if (!defaultGrants) await runSql(db, NO_DEFAULT_GRANTS);
    const database = await openDatabase({ ...options, db, seed: false });
    const close = async () => {
      await database.close();
      await drop();
    };
    return {
      database: { transaction: (work) => database.transaction(work), close },
      url: db,
    };
  } catch (error) {
    await drop();
    throw error;
  }
}

function onServer(sql: postgres.Sql): SqlDatabase {
  return {
    transaction: (work) =>
      sql.begin((transaction) =>
        work(postgresSession(transaction))
      ) as ReturnType<typeof work>,
    close: () => sql.end(),
  };
}

/** With which code and words the database refuses a statement, or null. PGlite's own errors end a test run. */
export async function refusalOf(
  sql: Session,
  statement: string,
): Promise<string | null> {
  await sql.script(`
    create or replace function pg_temp.refusal_of(p_statement text) returns text language plpgsql as $$
    begin
      execute p_statement;
      return null;
    exception when others then
      return sqlstate || ' ' || sqlerrm;
    end
    $$`);
  return await value(sql, "select pg_temp.refusal_of($1)", [statement]) as
    | string
    | null;
}
