import { createHash } from "node:crypto";
import { keep } from "./cache.ts";
import type { Source } from "./build.ts";
import { CACHE_DIR } from "./paths.ts";
import { PLATFORM_SQL } from "./platform.ts";

const SUFFIX = ".pglite.tar";

/** Changes with anything a database is made of, so that a stale snapshot is never found. */
export function snapshotKey(
  { schemas, migrations }: Pick<Source, "schemas" | "migrations">,
): string {
  const lite = import.meta.resolve("@supabase/lite"); // carries its version, which pins PGlite's
  const parts = [
    lite,
    PLATFORM_SQL,
    schemas ?? [],
    migrations, // the history, also of what the schemas made
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(
    0,
    32,
  );
}

/** The files of a database that was saved under `key`. */
export async function loadSnapshot(key: string): Promise<Blob | undefined> {
  try {
    const path = `${CACHE_DIR}/${key}${SUFFIX}`;
    const files = new Blob([await Deno.readFile(path)]);
    await Deno.utime(path, new Date(), new Date()); // the newest is the last to be dropped
    return files;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Saves a database's files under `key`, whole or not at all, and drops those unused for longest. */
export async function saveSnapshot(key: string, files: Blob): Promise<void> {
  await keep(key, SUFFIX, files.stream());
}
