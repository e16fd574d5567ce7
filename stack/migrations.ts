import { StackError } from "./errors.ts";
import type { Session } from "./session.ts";
import { statementsOf } from "./statements.ts";

/** One file of supabase/migrations. */
export interface Migration {
  /** The digits the file name begins with: its identity, as the Supabase CLI sees it. */
  version: string;
  name: string;
  file: string;
  sql: string;
}

const FILE_NAME = /^(\d+)_(.*)\.sql$/;

/** Reads a folder's migrations in the order of their versions. A missing folder holds none. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const files: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (entry.isFile) files.push(entry.name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const migrations: Migration[] = [];
  for (const file of files.sort()) {
    const [, version, name] = FILE_NAME.exec(file) ?? [];
    if (version === undefined || name === undefined) continue;
    migrations.push({
      version,
      name,
      file,
      sql: await Deno.readTextFile(`${folder}/${file}`),
    });
  }
  return migrations;
}

/**
 * Applies what `supabase_migrations.schema_migrations` does not list, each file in a transaction of its
 * own, and records it as the Supabase CLI does, so that `supabase migration list` agrees.
 *
 * @throws {StackError} naming file, SQLSTATE, message and line of the first failure
 */
export async function applyMigrations(
  session: Session,
  migrations: Migration[],
  progress: (line: string) => void,
): Promise<void> {
  const rows = await session.query(
    "select version from supabase_migrations.schema_migrations",
  );
  const applied = new Set(rows.map((row) => row.version));
  for (const migration of migrations) {
    if (applied.has(migration.version)) continue;
    progress(`migration ${migration.file}`);
    await runFile(
      session,
      migration.file,
      migration.sql,
      () => record(session, migration),
    );
  }
}

/** Writes into the history that a migration was applied. */
export async function record(
  session: Session,
  { version, name, sql }: Migration,
): Promise<void> {
  const statements = statementsOf(sql).map(({ text }) => text);
  await session.query(
    `insert into supabase_migrations.schema_migrations (version, name, statements)
     select $1, $2, array(select jsonb_array_elements_text($3::text::jsonb))`,
    [version, name, JSON.stringify(statements)],
  );
}

/** Runs a file and then `record` in one transaction; whatever the file `set` is undone after it. */
export async function runFile(
  session: Session,
  file: string,
  sql: string,
  record: () => Promise<void>,
): Promise<void> {
  await whole(session, async () => {
    try {
      await session.script(sql);
      await record();
    } catch (error) {
      throw new StackError(describe(file, sql, error), { cause: error });
    }
  });
}

/** Runs `work` in one transaction; whatever it `set` is undone after it. */
export async function whole(
  session: Session,
  work: () => Promise<void>,
): Promise<void> {
  await session.script("begin");
  try {
    await work();
    await session.script("commit");
  } catch (error) {
    await session.script("rollback");
    throw error;
  } finally {
    await session.reset();
  }
}

/** A failure in one line: where, SQLSTATE, message. */
export function describe(file: string, sql: string, error: unknown): string {
  if (!(error instanceof Error)) return `${file}: ${error}`;
  const { code, position } = error as Error & {
    code?: unknown;
    position?: unknown;
  };
  const offset = Number(position);
  const line = offset > 0 ? `:${sql.slice(0, offset).split("\n").length}` : "";
  return `${file}${line}: ${
    typeof code === "string" ? `${code} ` : ""
  }${error.message}`;
}
