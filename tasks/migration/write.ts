import type { Difference } from "../../drift/live/compare.ts";
import { readSource } from "../../stack/database.ts";
import { StackError } from "../../stack/errors.ts";
import { compareSchemas } from "../schema/compare.ts";
import { choose } from "./choose.ts";
import { filesOf, type Naming, type NewFile } from "./files.ts";
import { madeBy } from "./objects.ts";
import { policyDigests } from "./policies.ts";

export interface WriteOptions extends Pick<Naming, "name" | "why" | "now"> {
  /** The folder with config.toml, schemas and migrations. */
  readonly supabase: string;
  readonly progress: (line: string) => void;
}

/** What was written, and for which differences: none of either where nothing differs. */
export interface Written {
  readonly differences: readonly Difference[];
  readonly files: readonly NewFile[];
}

/**
 * Writes the migration from what the migrations make to what the schemas say.
 *
 * @throws {StackError} when an earlier one still has lines to decide on, or a file fails
 */
export async function writeMigration(
  { supabase, progress, ...naming }: WriteOptions,
): Promise<Written> {
  const { schemas = [], migrations } = await readSource({ supabase });
  const { differences, open, inventory } = await compareSchemas({
    supabase,
    progress,
  });
  if (open.length > 0) throw new StackError(open.join("\n"));
  const hasPolicies = differences.some(({ kind }) =>
    kind === "policy" || kind === "table"
  );
  const digests = hasPolicies
    ? await policyDigests(supabase, progress)
    : new Map<string, string>();
  const made = madeBy(schemas);
  const chosen = choose({ differences, made, inventory, digests });
  const files = filesOf(chosen, { ...naming, migrations });
  for (const { file, sql } of files) {
    await Deno.writeTextFile(`${supabase}/migrations/${file}`, sql, {
      createNew: true,
    });
  }
  return { differences, files };
}
