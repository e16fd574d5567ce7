import { keep } from "../../stack/cache.ts";
import { openDatabase } from "../../stack/database.ts";
import { readMigrations } from "../../stack/migrations.ts";
import { CACHE_DIR, MIGRATIONS_DIR } from "../../stack/paths.ts";
import { snapshotKey } from "../../stack/snapshot.ts";
import { assemble } from "./assemble.ts";
import type { Catalog } from "./catalog.ts";
import { readRows } from "./from_database.ts";
import { QUERIES } from "./queries.ts";
import { CatalogRows } from "./rows.ts";

export interface MigrationsOptions {
  /** Default: supabase/migrations of this checkout. */
  folder?: string;
  schemas: readonly string[];
  /** Told what is being done when it takes a while. */
  progress?: (line: string) => void;
}

/**
 * Reads the catalog that the migrations make on the embedded database. What they made once is kept
 * under `.stack/` until they, or the queries, change.
 *
 * @throws {StackError} when a migration fails
 */
export async function fromMigrations(
  options: MigrationsOptions,
): Promise<Catalog> {
  const folder = options.folder ?? MIGRATIONS_DIR;
  const key = await cacheKey(folder, options.schemas);
  const cached = await readCache(`${CACHE_DIR}/${key}${SUFFIX}`);
  if (cached) return assemble(cached);
  const database = await openDatabase({
    migrations: folder,
    seed: false,
    progress: options.progress ?? (() => {}),
  });
  try {
    const rows = await database.transaction((session) =>
      readRows(session, options.schemas)
    );
    await keep(key, SUFFIX, JSON.stringify(rows));
    return assemble(rows);
  } finally {
    await database.close();
    Deno.exitCode = 0; // initdb, compiled to WASM, leaves its own behind
  }
}

const SUFFIX = ".catalog.json";

async function cacheKey(
  folder: string,
  schemas: readonly string[],
): Promise<string> {
  const parts = [snapshotKey(await readMigrations(folder)), schemas, QUERIES];
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(hash).toHex().slice(0, 32);
}

/** A file that was cut short, or written by another version, is no cache. */
async function readCache(file: string): Promise<CatalogRows | undefined> {
  try {
    return CatalogRows.safeParse(JSON.parse(await Deno.readTextFile(file)))
      .data;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
