import { createPostgresConnection } from "@supabase/lite/postgres";
import postgres from "postgres";
import { applyPlatform, build, seed, type Source } from "./build.ts";
import type { Database } from "./database.ts";
import { StackError } from "./errors.ts";
import { RELOAD_CHANNEL, SETTINGS } from "./platform.ts";
import { postgresSession, type Session } from "./session.ts";
import { postgresTypes } from "./types.ts";

const OPTIONS = {
  onnotice: () => {},
  connection: SETTINGS,
};

/**
 * Opens a database on a real server: what it lacks is added, what it has stays.
 *
 * @throws {StackError} when it cannot be reached, or a migration or the seed fails
 */
export async function openPostgres(
  url: string,
  source: Source,
): Promise<Database> {
  const builder = postgres(url, { ...OPTIONS, max: 1 });
  try {
    const session = postgresSession(builder);
    await reach(session, url);
    // Two stacks that start on one database wait for each other.
    await session.query("select pg_advisory_lock(hashtext('stack'))");
    await applyPlatform(session);
    await build(session, source);
    await seed(session, source);
  } finally {
    await builder.end();
  }
  const connection = createPostgresConnection({
    url,
    postgresOptions: { ...OPTIONS, types: postgresTypes },
  });
  const { driver } = connection;
  await driver.listen(RELOAD_CHANNEL, () => void connection.clearSchemaCache());
  return {
    connection,
    url,
    exclusive: (work) => work(),
    transaction: async <T>(work: (session: Session) => Promise<T>) => {
      // `begin` resolves arrays of promises, which a transaction here never returns
      const result = await driver.begin((sql) => work(postgresSession(sql)));
      return result as T;
    },
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
