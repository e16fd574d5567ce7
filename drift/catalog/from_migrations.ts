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
  const file = `${CACHE_DIR}/${await cacheName(folder, options.schemas)}`;
  const cached = await readCache(file);
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
    await writeCache(file, rows);
    return assemble(rows);
  } finally {
    await database.close();
    Deno.exitCode = 0; // initdb, compiled to WASM, leaves its own behind
  }
}

const PREFIX = "drift-";
const KEPT = 8;

async function cacheName(
  folder: string,
  schemas: readonly string[],
): Promise<string> {
  const parts = [snapshotKey(await readMigrations(folder)), schemas, QUERIES];
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return `${PREFIX}${new Uint8Array(hash).toHex().slice(0, 32)}.json`;
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

async function writeCache(file: string, rows: CatalogRows): Promise<void> {
  await Deno.mkdir(CACHE_DIR, { recursive: true });
  const partial = await Deno.makeTempFile({
    dir: CACHE_DIR,
    suffix: ".partial",
  });
  await Deno.writeTextFile(partial, JSON.stringify(rows));
  await Deno.rename(partial, file);
  await prune();
}

async function prune(): Promise<void> {
  const found: { path: string; at: number }[] = [];
  for await (const { name } of Deno.readDir(CACHE_DIR)) {
    if (!name.startsWith(PREFIX)) continue;
    const path = `${CACHE_DIR}/${name}`;
    found.push({ path, at: (await Deno.stat(path)).mtime?.getTime() ?? 0 });
  }
  const old = found.sort((a, b) => b.at - a.at).slice(KEPT);
  // another run may have taken one away already
  await Promise.all(old.map(({ path }) => Deno.remove(path).catch(() => {})));
}
