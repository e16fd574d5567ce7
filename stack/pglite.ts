import {
  createPgliteConnection,
  type PGlite,
  type PgliteConnection,
} from "@supabase/lite/pglite";
import { applyPlatform, build, seed, type Source } from "./build.ts";
import type { Database } from "./database.ts";
import { extensions } from "./pglite_extensions.ts";
import { RELOAD_CHANNEL } from "./platform.ts";
import { quickQuery } from "./pglite_query.ts";
import { queue } from "./queue.ts";
import { pgliteSession, type Session } from "./session.ts";
import { loadSnapshot, saveSnapshot, snapshotKey } from "./snapshot.ts";
import { pgliteParsers } from "./types.ts";

/**
 * Opens PGlite, in memory unless `folder` says where it keeps its files. The seed runs at every start
 * in memory, because its dates hang on the day.
 *
 * @throws {StackError} when a file fails
 */
export async function openPglite(
  folder: string | undefined,
  source: Source,
): Promise<Database> {
  const connection = folder
    ? await openFolder(folder, source)
    : await openInMemory(source);
  const { driver } = connection;
  await seed(pgliteSession(driver), source).catch(closing(connection));
  await driver.listen(RELOAD_CHANNEL, () => connection.clearSchemaCache());
  const exclusive = queue();
  return {
    connection,
    url: undefined,
    exclusive,
    transaction: (work) => exclusive(() => transaction(driver, work)),
    close: () => connection.close(),
  };
}

/** Begins with what the folder holds, or else with the snapshot of the empty database. */
async function openFolder(
  folder: string,
  source: Source,
): Promise<PgliteConnection> {
  const files = await exists(`${folder}/PG_VERSION`)
    ? undefined
    : await loadSnapshot(EMPTY_KEY);
  const connection = await connect(folder, files);
  await create(connection.driver, source).catch(closing(connection));
  return connection;
}

/** Of fewer characters a database is made again as fast, and would push out one that is not. */
const WORTH_KEEPING = 100_000;

function isLarge({ schemas = [], migrations }: Source): boolean {
  const sizes = [...schemas, ...migrations].map(({ sql }) => sql.length);
  return sizes.reduce((sum, size) => sum + size, 0) >= WORTH_KEEPING;
}

const EMPTY_KEY = snapshotKey({ schemas: undefined, migrations: [] });

/**
 * Begins with the snapshot of the finished database; or with that of the empty one, which saves the
 * seconds initdb takes; or with nothing. Leaves behind what was missing.
 */
async function openInMemory(source: Source): Promise<PgliteConnection> {
  const key = snapshotKey(source);
  const built = await loadSnapshot(key);
  const files = built ?? await loadSnapshot(EMPTY_KEY);
  if (!files) source.progress("creating the database: a few seconds, once");
  const connection = await connect("memory://", files);
  const { driver } = connection;
  if (built) {
    await pgliteSession(driver).reset(); // all but the session's settings is in there
    return connection;
  }
  await create(driver, source, async () => {
    if (!files) await saveSnapshot(EMPTY_KEY, await driver.dumpDataDir("none"));
  }).catch(closing(connection));
  if (isLarge(source)) {
    await saveSnapshot(key, await driver.dumpDataDir("none"));
  }
  return connection;
}

async function create(
  driver: PGlite,
  source: Source,
  created: () => Promise<void> = async () => {},
): Promise<void> {
  const session = pgliteSession(driver);
  await applyPlatform(session);
  await created();
  await build(session, source);
}

async function transaction<T>(
  driver: PGlite,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = pgliteSession(driver);
  await session.script("begin");
  try {
    const result = await work(session);
    await session.script("commit");
    return result;
  } catch (error) {
    await session.script("rollback");
    throw error;
  }
}

async function connect(
  url: string,
  loadDataDir?: Blob,
): Promise<PgliteConnection> {
  const connection = await createPgliteConnection({
    url,
    pgliteOptions: { parsers: pgliteParsers, extensions, loadDataDir },
  });
  await connection.driver.waitReady;
  quickQuery(connection.driver);
  return connection;
}

function closing(connection: PgliteConnection): (error: unknown) => never {
  return (error) => {
    void connection.close();
    throw error;
  };
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
