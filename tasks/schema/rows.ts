import type { Item } from "../../drift/live/inventory.ts";
import type { Session } from "../../stack/session.ts";
import { ownSchemas } from "../../drift/sql/scope.ts";

/** What counts how often something was done, the migrations' own doing too. */
const COUNTERS = ["private.calendar_epoch.epoch"];

/** Of what was done, in which order and when: a migration that changes a setting leaves a line. */
const LOG = "public.admin_audit_logs";

/** Tables with rows, and their columns that are the same wherever the rows are made. */
const TABLES = `
  select format('%I.%I', n.nspname, c.relname) as name, string_agg(quote_ident(a.attname), ', ' order by a.attname) as columns
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relkind in ('r', 'p') and ${
  ownSchemas("n")
} and c.oid is distinct from to_regclass('${LOG}')
    and format('%I.%I.%I', n.nspname, c.relname, a.attname) <> all (array[${
  COUNTERS.map((it) => `'${it}'`).join(", ")
}])
    -- ids and times are new in each database
    and a.atttypid not in ('uuid'::regtype, 'timestamptz'::regtype, 'date'::regtype) and a.attidentity = ''
  group by 1 order by 1`;

/**
 * The rows of a database that nobody has used: what the code relies on. A row is an item, so that the
 * same rows in another order are the same; those that are alike in every column read are counted.
 */
export async function takeRows(session: Session): Promise<Item[]> {
  const tables = await session.query(TABLES);
  const items: Item[] = [];
  for (const { name, columns } of tables) {
    const rows = await session.query(
      `select t.line, count(*)::text as times
       from (select to_jsonb(r)::text as line from (select ${columns} from ${name}) r) t
       group by 1 order by 1`,
    );
    items.push(...rows.map(({ line, times }) => ({
      kind: "row of",
      name: `${name} ${line}`,
      owner: String(name),
      definition: `${times} times`,
      normalised: `${times} times`,
    })));
  }
  return items;
}
