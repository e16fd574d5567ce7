import type { Session } from "../../stack/session.ts";
import type { Complaint } from "./complaint.ts";
import { errorsOf } from "./errors_of.ts";
import { ownSchemas } from "./scope.ts";

/**
 * Every view is planned. Its own names follow renames; what is found is in the SQL functions that the
 * planner unfolds, and in row types that have changed below it.
 */
export async function checkViews(session: Session): Promise<Complaint[]> {
  const broken = await errorsOf(
    session,
    `select n.nspname as schema, c.relname as name, null as "table", '' as path,
       format('explain %s', pg_catalog.pg_get_viewdef(c.oid)) as sql
     from pg_catalog.pg_class c
     join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('v', 'm') and ${ownSchemas("n")}`,
  );
  return broken.map(({ schema, name, error }) => ({
    rule: "sql-view",
    object: { kind: "view", schema, name },
    table: name,
    name,
    message: `view ${name}: ${error}`,
  }));
}
