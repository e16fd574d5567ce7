import type postgres from "postgres";
import * as z from "zod/mini";
import {
  AFTERWARDS,
  FILLED_BY_MIGRATIONS,
  SMALL,
  VALUES,
} from "./fill_values.ts";

/** How many rows make a table large. */
export const LARGE = 10_000;
/** How many each table gets that can grow: rows of the same number belong together. */
const ROWS = 10_500;
/** How many a table of configuration gets. */
const FEW = 20;
/** So many of the people are coaches, and the first of them admins. */
export const STAFF = 2_000;

/** Columns that name one of the staff, and those that name an admin; other people's name the row's own. */
const OF_STAFF = /(coach|instructor|assessor|evaluator|staff_user|author)_id$/;
const OF_ADMINS = /_by$/;
/** Columns that name a person without a foreign key. */
const PERSON =
  /(^|_)(user|client|owner|coach|instructor|assessor|inviter)_id$|_by$/;

type Column = z.infer<typeof Column>;
const Column = z.object({
  table: z.string(),
  name: z.string(),
  type: z.string(),
  /** A value has to be given: not null, and no default. */
  needed: z.boolean(),
  /** What a check allows; empty where anything is. */
  choices: z.array(z.string()),
  /** The table it refers to, with its schema, and the column there. */
  refers: z.nullable(z.object({ table: z.string(), column: z.string() })),
});

const COLUMNS = `
select
  format('%s.%s', n.nspname, c.relname) as "table", a.attname as name, format_type(a.atttypid, null) as type,
  a.attnotnull and not a.atthasdef and a.attidentity = '' as needed,
  array(
    select e.enumlabel::text from pg_enum e where e.enumtypid = a.atttypid
    union all
    select matched[1] from pg_constraint k
    cross join regexp_matches(pg_get_constraintdef(k.oid), '''([^'']+)''::text', 'g') as matched
    where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
  ) as choices,
  (
    select json_build_object(
      'table', (
        select format('%s.%s', rn.nspname, r.relname) from pg_class r
        join pg_namespace rn on rn.oid = r.relnamespace where r.oid = k.confrelid
      ),
      'column', (select r.attname from pg_attribute r where r.attrelid = k.confrelid and r.attnum = k.confkey[1])
    )
    from pg_constraint k
    where k.conrelid = c.oid and k.contype = 'f' and k.conkey = array[a.attnum]
    limit 1
  ) as refers
from pg_class c
join pg_namespace n on n.oid = c.relnamespace and n.nspname in ('public', 'private', 'auth')
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relkind = 'r' and a.attgenerated = '' and a.attidentity = ''
order by 1, a.attnum`;

/**
 * Fills every table of the schemas public, private and auth: one of configuration with a few rows, each
 * other with more than LARGE. Row n of a table belongs to row n of those it refers to.
 */
export async function fill(sql: postgres.Sql): Promise<void> {
  const columns = z.array(Column).parse([...await sql.unsafe(COLUMNS)]);
  const tables = Map.groupBy(columns, ({ table }) => table);
  // the rows are of one piece already; what triggers would add is among them
  await sql`set session_replication_role = replica`;
  for (const [table, its] of tables) {
    if (FILLED_BY_MIGRATIONS.has(table)) continue;
    const given = its.flatMap((column) => {
      const value = valueOf(column, tables);
      return value === undefined ? [] : [{ name: column.name, value }];
    });
    try {
      await sql.unsafe(
        `insert into ${table} (${given.map(({ name }) => `"${name}"`).join()})
       select ${given.map(({ value }) => value).join()}
       from generate_series(1, ${sizeOf(table)}) as i
       ${SMALL.has(table) ? "on conflict do nothing" : ""}`,
      );
    } catch (error) {
      throw new Error(`no rows for ${table}: say in VALUES what it needs`, {
        cause: error,
      });
    }
  }
  for (const statement of AFTERWARDS) await sql.unsafe(statement);
  await sql`reset session_replication_role`;
  await sql`vacuum analyze`;
}

/** The tables with more than LARGE rows, and those that can grow and have fewer. */
export async function largeTables(
  sql: postgres.Sql,
): Promise<{ large: Set<string>; tooSmall: string[] }> {
  const tables = await sql<{ name: string; rows: number }[]>`
    select format('%s.%s', n.nspname, c.relname) as name, c.reltuples::integer as rows
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace and n.nspname in ('public', 'private', 'auth')
    where c.relkind = 'r'`;
  const large = tables.filter(({ rows }) => rows > LARGE);
  return {
    large: new Set(large.map(({ name }) => name)),
    tooSmall: tables.filter((it) => !large.includes(it) && !SMALL.has(it.name))
      .map(({ name }) => name),
  };
}

/** The id of the n-th row of a table, where that is a uuid; people are those of auth.users. */
export function id(table: string, n: number): string {
  return `(md5('${table} ' || ${n})::uuid)`;
}

function sizeOf(table: string): number {
  return SMALL.has(table) ? FEW : ROWS;
}

/** An SQL expression over `i`; undefined for what the database fills in. */
function valueOf(
  column: Column,
  tables: Map<string, Column[]>,
): string | undefined {
  const { table, name, type, needed, refers, choices } = column;
  const special = VALUES[`${table}.${name}`] ?? VALUES[name];
  if (special !== undefined) return special;
  if (refers?.table === table) return undefined;
  if (isPerson(column)) return keyOf("auth.users", "uuid", personIn(name));
  if (refers) {
    const key = referred(refers, tables);
    const row = sizeOf(key.table) < sizeOf(table) ? `(i % ${FEW}) + 1` : "i";
    return keyOf(key.table, key.type, row);
  }
  if (name === "id" && /^(uuid|text)$/.test(type)) {
    return keyOf(table, type, "i");
  }
  if (!needed) return undefined;
  if (type.endsWith("[]")) return "'{}'";
  if (choices[0] !== undefined) return `'${choices[0]}'`;
  if (/^(text|character|bytea)/.test(type)) {
    return keyOf(`${table}.${name}`, type, "i");
  }
  if (/^(int|bigint|small|numeric|real)/.test(type)) return "i";
  if (type === "boolean") return "false";
  if (type === "uuid") return keyOf(table, type, "i");
  if (/^jsonb?/.test(type)) return "'{}'";
  return `now() - i % 700 * interval '1 day'`;
}

function isPerson({ name, type, refers }: Column): boolean {
  return refers
    ? /^(auth\.users|public\.profiles)$/.test(refers.table)
    : type === "uuid" && PERSON.test(name);
}

function personIn(name: string): string {
  if (OF_STAFF.test(name)) return `(i % ${STAFF}) + 1`;
  return OF_ADMINS.test(name) ? `(i % ${FEW}) + 1` : "i";
}

/** The table whose rows make up a key, where the column referred to refers on: profiles.id to auth.users. */
function referred(
  { table, column }: { table: string; column: string },
  tables: Map<string, Column[]>,
): { table: string; type: string } {
  const found = tables.get(table)?.find(({ name }) => name === column);
  if (!found) throw new Error(`${table}.${column} is not there`);
  if (found.refers) return referred(found.refers, tables);
  return { table, type: found.type };
}

function keyOf(table: string, type: string, row: string): string {
  if (type === "uuid") return `md5('${table} ' || ${row})::uuid`;
  const text = `'${table} ' || ${row}`;
  return type === "bytea" ? `(${text})::bytea` : text;
}
