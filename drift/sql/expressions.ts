import type { Session } from "../../stack/session.ts";
import type { Complaint } from "./complaint.ts";
import { errorsOf } from "./errors_of.ts";
import { ownSchemas } from "./scope.ts";

const TABLES = `pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace and ${
  ownSchemas("n")
}`;

/** Defaults and generated columns, printed and planned. */
export async function checkDefaults(session: Session): Promise<Complaint[]> {
  const broken = await errorsOf(
    session,
    `select n.nspname as schema, a.attname as name, c.relname as "table", '' as path,
       format('explain select (%s)::%s from %I.%I', pg_catalog.pg_get_expr(d.adbin, d.adrelid),
         pg_catalog.format_type(a.atttypid, a.atttypmod), n.nspname, c.relname) as sql
     from pg_catalog.pg_attrdef d
     join pg_catalog.pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
     join ${TABLES} on c.oid = d.adrelid`,
  );
  return broken.map(({ schema, name, table, error }) => ({
    rule: "sql-default",
    object: { kind: "table", schema, name: table ?? name },
    table: table ?? name,
    name,
    message: `default of ${table}.${name}: ${error}`,
  }));
}

/** Check constraints, printed and planned. */
export async function checkConstraints(
  session: Session,
): Promise<Complaint[]> {
  const broken = await errorsOf(
    session,
    `select n.nspname as schema, k.conname as name, c.relname as "table", '' as path,
       format('explain select %s from %I.%I', pg_catalog.pg_get_expr(k.conbin, k.conrelid),
         n.nspname, c.relname) as sql
     from pg_catalog.pg_constraint k join ${TABLES} on c.oid = k.conrelid where k.contype = 'c'`,
  );
  return broken.map(({ schema, name, table, error }) => ({
    rule: "sql-check",
    object: { kind: "table", schema, name: table ?? name },
    table: table ?? name,
    name,
    message: `check ${name} of ${table}: ${error}`,
  }));
}
