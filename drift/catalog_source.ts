import { readConfig } from "../stack/config.ts";
import type { CatalogSource } from "./catalog/load.ts";
import { DriftFailure } from "./failure.ts";
import type { Options } from "./options.ts";
import { statOf } from "./paths.ts";

const SUPABASE = "supabase";
const MIGRATIONS = "supabase/migrations";
const CONFIG = "supabase/config.toml";

/**
 * Where the options say the catalog is, with what the checkout that the gate was started in exposes.
 *
 * @throws {DriftFailure} when it should be the files and there are none
 */
export async function catalogSource(
  { db, types }: Options,
  progress: (line: string) => void,
): Promise<CatalogSource> {
  if (types !== undefined) return { kind: "types", file: types };
  const schemas = await exposedSchemas();
  if (db !== undefined) return { kind: "database", url: db, schemas };
  if (await statOf(MIGRATIONS)) {
    return { kind: "files", supabase: SUPABASE, schemas, progress };
  }
  throw new DriftFailure(
    `no ${MIGRATIONS} here: --db or --types says what the database is`,
  );
}

/** As config.toml has it, or Supabase where there is none. */
async function exposedSchemas(): Promise<readonly string[]> {
  if (!await statOf(CONFIG)) return ["public"];
  return (await readConfig(CONFIG)).api.schemas;
}
