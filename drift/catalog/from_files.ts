import { keep } from "../../stack/cache.ts";
import { openDatabase, readSource } from "../../stack/database.ts";
import { CACHE_DIR } from "../../stack/paths.ts";
import { snapshotKey } from "../../stack/snapshot.ts";
import { assemble } from "./assemble.ts";
import type { Catalog } from "./catalog.ts";
import { readRows } from "./from_database.ts";
import { QUERIES } from "./queries.ts";
import { CatalogRows } from "./rows.ts";

export interface FilesOptions {
  /** The folder with config.toml, schemas and migrations; that of this repository unless told. */
  supabase?: string | undefined;
  /** A folder of migrations, whatever else there is. */
  migrations?: string | undefined;
  schemas: readonly string[];
  /** Told what is being done when it takes a while. */
  progress?: (line: string) => void;
}

/**
 * Reads the catalog that the schemas make on the embedded database, or else the migrations. What they
 * made once is kept under `.stack/` until they, or the queries, change.
 *
 * @throws {StackError} when a file fails
 */
export async function fromFiles(
  options: FilesOptions,
): Promise<Catalog> {
  const key = await cacheKey(options);
  const cached = await readCache(`${CACHE_DIR}/${key}${SUFFIX}`);
  if (cached) return assemble(cached);
  const database = await openDatabase({
    supabase: options.supabase,
    migrations: options.migrations,
    progress: options.progress ?? (() => {}),
    seed: false,
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

async function cacheKey(options: FilesOptions): Promise<string> {
  const made = snapshotKey(await readSource(options));
  const parts = [made, options.schemas, QUERIES];
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
