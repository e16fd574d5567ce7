import { type Migration, runFile } from "./migrations.ts";
import { HISTORY_SQL, PLATFORM_SQL } from "./platform.ts";
import { StackError } from "./errors.ts";
import { applySeed } from "./seed.ts";
import type { Session } from "./session.ts";

/** What a database is built from. */
export interface Source {
  migrations: Migration[];
  seed: string | false;
  progress: (line: string) => void;
}

const WHERE_IT_RUNS = `
select
  (select r.rolsuper from pg_roles r where r.rolname = current_user) as superuser,
  exists (
    select from pg_class c
    where c.oid = to_regclass('auth.users') and c.relowner = to_regrole('supabase_auth_admin')
  ) as project`;

/**
 * Makes a database look like a new Supabase project; adds to one that is a project what it lacks.
 * Can be run again.
 *
 * @throws {StackError}
 */
export async function applyPlatform(session: Session): Promise<void> {
  const [it] = await session.query(WHERE_IT_RUNS);
  if (!it?.project && !it?.superuser) {
    throw new StackError(
      "the user of --db is no superuser, and the database is not one of Supabase's",
    );
  }
  const sql = it.project ? HISTORY_SQL : PLATFORM_SQL;
  await runFile(session, "stack/platform.ts", sql, async () => {});
}

/** Runs the seed, unless it is left out or has run. @throws {StackError} */
export async function seed(session: Session, source: Source): Promise<void> {
  if (source.seed === false) return;
  await applySeed(session, source.seed, source.progress);
}
