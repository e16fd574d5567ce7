import type { Session } from "../../stack/session.ts";
import { DriftFailure } from "../failure.ts";

/** The schema that the checks put plpgsql_check in where the database does not have it installed. */
const SCHEMA = "drift_workbench";

/**
 * `drift_error(sql, path)` runs one statement with a search path and says why it failed; null when it did not.
 * What the statement did is part of the transaction, which is undone.
 */
const HELPER = `
create or replace function pg_temp.drift_error(p_sql text, p_path text) returns text
language plpgsql as $$
begin
  perform pg_catalog.set_config('search_path', p_path, true);
  execute p_sql;
  perform pg_catalog.set_config('search_path', '', true);
  return null;
exception when others then
  perform pg_catalog.set_config('search_path', '', true);
  return sqlerrm;
end
$$;`;

/**
 * Makes ready what the checks use, in the session's transaction.
 *
 * @throws {DriftFailure} where plpgsql_check cannot be had
 */
export async function prepare(session: Session): Promise<void> {
  await session.query("set local lock_timeout = '5s'");
  await session.query("set local check_function_bodies = on");
  if (await checkerSchema(session) === undefined) await install(session);
  await session.script(HELPER);
  await session.query("select set_config('search_path', '', true)");
}

/** The schema plpgsql_check is in, quoted; undefined where it is not installed. */
export async function checkerSchema(
  session: Session,
): Promise<string | undefined> {
  const [row] = await session.query(`
    select quote_ident(n.nspname) as schema from pg_catalog.pg_extension e
    join pg_catalog.pg_namespace n on n.oid = e.extnamespace where e.extname = 'plpgsql_check'`);
  return typeof row?.schema === "string" ? row.schema : undefined;
}

async function install(session: Session): Promise<void> {
  const [there] = await session.query(
    "select from pg_catalog.pg_available_extensions where name = 'plpgsql_check'",
  );
  if (!there) {
    throw new DriftFailure(
      "--sql: this server has no plpgsql_check (Debian: postgresql-<version>-plpgsql-check)",
    );
  }
  try {
    await session.script(
      `create schema ${SCHEMA}; create extension plpgsql_check with schema ${SCHEMA}`,
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DriftFailure(
      `--sql: plpgsql_check is not installed and cannot be: ${reason}`,
    );
  }
}
