import type { Session } from "../../stack/session.ts";
import type { Complaint } from "./complaint.ts";
import { errorsOf } from "./errors_of.ts";
import { notOfExtension, ownSchemas } from "./scope.ts";

/**
 * Every SQL function by PostgreSQL's own validator: a string body is parsed anew; of a `begin atomic` body,
 * which follows renames, the result must still be what the function says it returns.
 */
export async function checkSqlFunctions(
  session: Session,
): Promise<Complaint[]> {
  const broken = await errorsOf(
    session,
    `select n.nspname as schema, p.proname as name, null as "table",
       format('select pg_catalog.fmgr_sql_validator(%s)', p.oid) as sql, ${PATH} as path
     from pg_catalog.pg_proc p
     join pg_catalog.pg_namespace n on n.oid = p.pronamespace
     join pg_catalog.pg_language l on l.oid = p.prolang
     where l.lanname = 'sql' and ${ownSchemas("n")} and ${
      notOfExtension("pg_proc", "p.oid")
    }`,
  );
  return broken.map(({ schema, name, error }) => ({
    rule: "sql-function",
    object: { kind: "function", schema, name },
    table: name,
    name,
    message: `${name}(): ${error}`,
  }));
}

/** The function's own search path, or that of an API request. */
const PATH = `coalesce(
  (select substr(s, length('search_path=') + 1) from unnest(p.proconfig) s where s like 'search_path=%'),
  'public, extensions')`;
