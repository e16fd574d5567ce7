import { fileURLToPath } from "node:url";

const root = (path: string): string =>
  fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Where the repository keeps what the stack reads. `STACK_SUPABASE_DIR` points tests elsewhere. */
export const SUPABASE_DIR = Deno.env.get("STACK_SUPABASE_DIR") ??
  root("supabase");
export const MIGRATIONS_DIR = `${SUPABASE_DIR}/migrations`;
export const SEED_FILE = `${SUPABASE_DIR}/seed.sql`;
export const FUNCTIONS_DIR = `${SUPABASE_DIR}/functions`;
export const CONFIG_FILE = `${SUPABASE_DIR}/config.toml`;

/**
 * A folder of functions, `<name>/index.ts` or `index.js`, that are served in place of those of the same
 * name, or beside them: the bundles, and what the benches compare with. `STACK_FUNCTIONS` names it.
 */
export const SERVED_DIR = Deno.env.get("STACK_FUNCTIONS");

/** Git-ignored: snapshots of migrated databases. */
export const CACHE_DIR = root(".stack");
