import { StackError } from "./errors.ts";
import {
  applyMigrations,
  type Migration,
  record,
  runFile,
  whole,
} from "./migrations.ts";
import { HISTORY_SQL, PLATFORM_SQL } from "./platform.ts";
import { applySchemas, type SchemaFile } from "./schemas.ts";
import { applySeed } from "./seed.ts";
import type { Session } from "./session.ts";

/** What a database is built from. */
export interface Source {
  /** What an empty database is made of; undefined: the migrations make it. */
  schemas: SchemaFile[] | undefined;
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

/**
 * Makes what is ours: an empty database from the schemas, where there are any, with every migration in
 * its history, since it is what they make; any other one by the migrations that it lacks.
 *
 * @throws {StackError} when a file fails, which leaves nothing of itself
 */
export async function build(session: Session, source: Source): Promise<void> {
  const { schemas, migrations, progress } = source;
  if (schemas !== undefined && await isEmpty(session)) {
    progress(`${schemas.length} files of schemas`);
    await whole(session, async () => {
      await applySchemas(session, schemas);
      for (const migration of migrations) await record(session, migration);
    });
  }
  await applyMigrations(session, migrations, progress);
}

async function isEmpty(session: Session): Promise<boolean> {
  const [row] = await session.query(`
    select from supabase_migrations.schema_migrations
    union all
    select from pg_catalog.pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
    limit 1`);
  return row === undefined;
}

/** Runs the seed, unless it is left out or has run. @throws {StackError} */
export async function seed(session: Session, source: Source): Promise<void> {
  if (source.seed === false) return;
  await applySeed(session, source.seed, source.progress);
}
