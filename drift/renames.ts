import { z } from "zod/mini";
import { DriftFailure } from "./failure.ts";
import { statOf } from "./paths.ts";

/**
 * Names that code still uses, by what is meant: `profiles.full_name` by `name` (a column, an embed or an
 * argument of that table or function), `group_members` by `group_memberships` (a table or function).
 */
export type Renames = ReadonlyMap<string, string>;

/** Read from where the gate is started, when it is there. */
export const RENAMES_FILE = "drift.renames.json";

const RenamesFile = z.record(
  z.string().check(z.regex(/^\w+(?:\.\w+)?$/)),
  z.string().check(z.regex(/^\w+$/)),
);

/**
 * Reads the renames of a project: those in `file`, else those in RENAMES_FILE, else none.
 *
 * @throws {DriftFailure} when the file is none, or `file` is not there
 */
export async function readRenames(file: string | undefined): Promise<Renames> {
  const path = file ?? RENAMES_FILE;
  if (!await statOf(path)) {
    if (file === undefined) return new Map();
    throw new DriftFailure(`no such file: ${file}`);
  }
  const renames = RenamesFile.safeParse(await readJson(path));
  if (!renames.success) {
    throw new DriftFailure(
      `${path} is no file of renames, such as { "profiles.full_name": "name" }`,
    );
  }
  return new Map(Object.entries(renames.data));
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
