import type { Session } from "../support/sql.ts";
import { address, signUp } from "./profile_sync_users.ts";

/** How a column is called that names a user. */
const NAMES_A_USER =
  "(user|client|coach|instructor|staff|owner|member|partner|author|actor|evaluator|recipient|subject)_id$|_by$";

/** What checks over several columns, and triggers, ask for besides. */
const BESIDES: Record<string, Record<string, string | undefined>> = {
  "public.module_sessions": {
    session_type: "individual",
    enrollment_id: undefined,
  },
  "public.credit_batches": { source_type: "purchase" },
  "public.calcom_reviews": { missing: "{enrollment}" },
};

/** A column of a table, both as SQL names them. */
export interface Column {
  table: string;
  column: string;
}

interface Needed {
  name: string;
  type: string;
  first_of_enum: string | null;
  /** The first value that a check on this column names. */
  allowed: string | null;
  parent_table: string | null;
  parent_column: string | null;
}

/** Columns of ours that name a user: with a foreign key to one, or by their name. */
export async function userColumns(
  sql: Session,
  hasForeignKey: boolean,
): Promise<Column[]> {
  const rows = await sql.query(
    `select n.nspname || '.' || t.relname as table, a.attname as column
     from pg_class t
     join pg_namespace n on n.oid = t.relnamespace
     join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
     left join pg_constraint c on c.conrelid = t.oid and c.contype = 'f' and c.conkey = array[a.attnum]
     where n.nspname in ('public', 'private') and t.relkind = 'r' and a.atttypid = 'uuid'::regtype
       and case when $1
         then c.confrelid in ('auth.users'::regclass, 'public.profiles'::regclass)
         else c.oid is null and a.attname ~ $2
       end
     order by 1, 2`,
    [hasForeignKey, NAMES_A_USER],
  );
  return rows.map(({ table, column }) => ({
    table: String(table),
    column: String(column),
  }));
}

/**
 * One row in a table, with these values and whatever else it asks for: other rows, which are made
 * first, and its checks. Returns the row.
 */
export async function givenRow(
  sql: Session,
  table: string,
  values: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  if (table === "auth.users" || table === "public.profiles") {
    return { id: await signUp(sql, { email: address() }) };
  }
  const row: Record<string, string> = {};
  for (const column of await neededColumns(sql, table)) {
    row[column.name] = values[column.name] ??
      BESIDES[table]?.[column.name] ?? await sample(sql, column);
  }
  Object.assign(row, values);
  const names = Object.keys(row).join(", ");
  const literals = Object.values(row).map(quoted).join(", ");
  const [made] = await sql.query(
    names === ""
      ? `insert into ${table} default values returning *`
      : `insert into ${table} (${names}) values (${literals}) returning *`,
  );
  return made ?? {};
}

async function neededColumns(sql: Session, table: string): Promise<Needed[]> {
  const rows = await sql.query(
    `select a.attname as name, t.typname as type,
       (select e.enumlabel from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder limit 1)
         as first_of_enum,
       (select substring(pg_get_constraintdef(c.oid) from '''([^'']*)''')
        from pg_constraint c
        where c.conrelid = a.attrelid and c.contype = 'c' and c.conkey = array[a.attnum]
        limit 1) as allowed,
       n.nspname || '.' || parent.relname as parent_table, key.attname as parent_column
     from pg_attribute a
     join pg_type t on t.oid = a.atttypid
     left join pg_constraint f on f.conrelid = a.attrelid and f.contype = 'f' and f.conkey = array[a.attnum]
     left join pg_class parent on parent.oid = f.confrelid
     left join pg_namespace n on n.oid = parent.relnamespace
     left join pg_attribute key on key.attrelid = f.confrelid and key.attnum = f.confkey[1]
     where a.attrelid = $1::text::regclass and a.attnum > 0 and not a.attisdropped
       and (a.attnotnull and not a.atthasdef and a.attidentity = '' or a.attname = any ($2::text::text[]))`,
    [table, `{${Object.keys(BESIDES[table] ?? {}).join(",")}}`],
  );
  return rows as unknown as Needed[];
}

async function sample(sql: Session, column: Needed): Promise<string> {
  const { type, first_of_enum, allowed, parent_table, parent_column } = column;
  if (parent_table !== null && parent_column !== null) {
    return String((await givenRow(sql, parent_table))[parent_column]);
  }
  switch (type) {
    case "timestamptz":
    case "date":
      return "2026-03-24";
    case "jsonb":
      return "{}";
    case "bool":
      return "false";
    case "int4":
    case "int8":
    case "numeric":
      return "1";
    default:
      if (type.startsWith("_")) return "{}"; // an array, as pg_type names it
      return first_of_enum ?? allowed ?? crypto.randomUUID();
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
