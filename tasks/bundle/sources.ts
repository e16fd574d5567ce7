import { resolve } from "node:path";
import { readConfig } from "../../stack/config.ts";
import { StackError } from "../../stack/errors.ts";
import { FUNCTIONS_DIR, SUPABASE_DIR } from "../../stack/paths.ts";

/** A function of config.toml. */
export interface Source {
  readonly name: string;
  /** The absolute path of its entrypoint. */
  readonly entrypoint: string;
}

/**
 * The functions that config.toml enables, by name.
 *
 * @param only a single one of them
 * @throws {StackError} when it is not there
 */
export async function readSources(only?: string): Promise<Source[]> {
  const { functions } = await readConfig();
  const sources = Object.entries(functions)
    .filter(([name, { enabled }]) => enabled && (only ?? name) === name)
    .map(([name, { entrypoint }]) => ({
      name,
      entrypoint: entrypoint
        ? resolve(SUPABASE_DIR, entrypoint)
        : `${FUNCTIONS_DIR}/${name}/index.ts`,
    }))
    .sort((a, b) => a.name < b.name ? -1 : 1);
  if (sources.length > 0) return sources;
  throw new StackError(`config.toml has no function ${only ?? ""}`.trimEnd());
}
