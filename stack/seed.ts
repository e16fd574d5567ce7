import { runFile } from "./migrations.ts";
import type { Session } from "./session.ts";

const PATH = "supabase/seed.sql";

/**
 * Runs the seed once for each database, recorded where the Supabase CLI records it
 * (`supabase_migrations.seed_files`), and never on one that has people of its own: the seed's have a
 * password that everybody knows, and one of them is an admin. A missing file is no seed.
 *
 * @throws {StackError} naming SQLSTATE, message and line when it fails
 */
export async function applySeed(
  session: Session,
  file: string,
  progress: (line: string) => void,
): Promise<void> {
  const sql = await readIfThere(file);
  if (sql === undefined) return;
  const [seeded] = await session.query(
    "select hash from supabase_migrations.seed_files where path = $1",
    [PATH],
  );
  if (seeded) return;
  const [stranger] = await session.query(
    "select from auth.users u where strpos($1, u.id::text) = 0 limit 1",
    [sql],
  );
  if (stranger) {
    progress("no seed: the database has people of its own");
    return;
  }
  progress("seed");
  await runFile(session, "seed.sql", sql, async () => {
    await session.query(
      "insert into supabase_migrations.seed_files (path, hash) values ($1, encode(sha256($2), 'hex'))",
      [PATH, new TextEncoder().encode(sql)],
    );
  });
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
