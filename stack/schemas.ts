import { readConfig } from "./config.ts";
import { StackError } from "./errors.ts";
import { describe } from "./migrations.ts";
import type { Session } from "./session.ts";

/** One file of supabase/schemas, which say together what a database is made of. */
export interface SchemaFile {
  /** Its path below the folder `supabase`: `schemas/20_plans/plans.sql`. */
  readonly file: string;
  readonly sql: string;
}

/**
 * Reads the files that `[db.migrations] schema_paths` of config.toml names, as the Supabase CLI does:
 * pattern by pattern, what a pattern matches sorted, a file once.
 *
 * @param supabase the folder that config.toml stands in
 * @returns undefined where config.toml names none: the project has migrations alone
 * @throws {StackError} on a pattern without a file, and on a file of supabase/schemas without a pattern
 */
export async function readSchemas(
  supabase: string,
): Promise<SchemaFile[] | undefined> {
  if (!await exists(`${supabase}/config.toml`)) return undefined;
  const { db } = await readConfig(`${supabase}/config.toml`);
  const patterns = db.migrations.schema_paths;
  if (patterns.length === 0) return undefined;
  const all = await sqlFiles(supabase, "schemas");
  const files = new Set<string>();
  for (const pattern of patterns.map(withoutDot)) {
    const matches = all.filter((file) => globOf(pattern).test(file));
    if (matches.length === 0) {
      throw new StackError(`config.toml: schema_paths: no file is ${pattern}`);
    }
    for (const file of matches) files.add(file);
  }
  const left = all.find((file) => !files.has(file));
  if (left !== undefined) {
    throw new StackError(`${left}: schema_paths of config.toml leaves it out`);
  }
  return await Promise.all(
    Array.from(files, async (file) => ({
      file,
      sql: await Deno.readTextFile(`${supabase}/${file}`),
    })),
  );
}

/**
 * Runs the files in their order, in the transaction that the session is in. Then every body that is a
 * string is read again: the first file turns that off, so that functions may call what comes later.
 *
 * @throws {StackError} naming file, line, SQLSTATE and message of the first failure
 */
export async function applySchemas(
  session: Session,
  files: readonly SchemaFile[],
): Promise<void> {
  for (const { file, sql } of files) {
    try {
      await session.script(sql);
    } catch (error) {
      throw new StackError(describe(file, sql, error), { cause: error });
    }
  }
  try {
    await session.script(CHECK_BODIES);
  } catch (error) {
    throw new StackError(describe(fileOf(error, files), "", error), {
      cause: error,
    });
  }
}

/** The file that makes the function which an error of CHECK_BODIES begins with. */
function fileOf(error: unknown, files: readonly SchemaFile[]): string {
  const [, name = ""] = /^(?:\w+\.)?(\w+)\(/.exec(
    error instanceof Error ? error.message : "",
  ) ?? [];
  const made = new RegExp(`\\bfunction (?:\\w+\\.)?${name}\\s*\\(`, "i");
  return files.find(({ sql }) => made.test(sql))?.file ?? "schemas";
}

/**
 * Each language's validator, which anybody may call for a function of his own. Functions with
 * `begin atomic` were read when they were made.
 */
const CHECK_BODIES = `
set check_function_bodies = on;
do $check$
declare
  v_function record;
begin
  for v_function in
    select p.oid, p.oid::regprocedure as signature, l.lanname
    from pg_catalog.pg_proc p
    join pg_catalog.pg_language l on l.oid = p.prolang
    where p.prosqlbody is null and l.lanname in ('sql', 'plpgsql')
      and p.proowner = current_user::regrole
      and p.pronamespace <> 'pg_catalog'::regnamespace
      and not exists (
        select from pg_catalog.pg_depend d
        where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
  loop
    begin
      if v_function.lanname = 'sql' then
        perform pg_catalog.fmgr_sql_validator(v_function.oid);
      else
        perform pg_catalog.plpgsql_validator(v_function.oid);
      end if;
    exception when others then
      raise exception using errcode = sqlstate, message = v_function.signature || ': ' || sqlerrm;
    end;
  end loop;
end
$check$`;

/** Paths below `supabase`, sorted. A folder that is not there holds none. */
async function sqlFiles(supabase: string, folder: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (
      const { name, isDirectory } of Deno.readDir(`${supabase}/${folder}`)
    ) {
      const path = `${folder}/${name}`;
      if (isDirectory) found.push(...await sqlFiles(supabase, path));
      else if (name.endsWith(".sql")) found.push(path);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found.sort();
}

function withoutDot(pattern: string): string {
  return pattern.replace(/^\.\//, "");
}

/** A pattern of Go's path.Match, as the CLI reads it: neither `*` nor `?` passes a slash. */
function globOf(pattern: string): RegExp {
  const parts = pattern.split(/(\*|\?|\[[^\]]+\])/).map((part) =>
    part === "*"
      ? "[^/]*"
      : part === "?"
      ? "[^/]"
      : /^\[.+\]$/.test(part)
      ? part
      : RegExp.escape(part)
  );
  return new RegExp(`^${parts.join("")}$`);
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
