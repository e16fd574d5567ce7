import * as z from "zod/mini";
import { type Session, value } from "../../support/sql.ts";

/** The columns that a signed-in user may name when inserting into, or updating, each table. */
export type Grants = z.infer<typeof Grants>;
const Grants = z.record(
  z.string(),
  z.object({ insert: z.array(z.string()), update: z.array(z.string()) }),
);

const QUERY = `
select coalesce(jsonb_object_agg(c.relname, jsonb_build_object(
  'insert', array(
    select a.attname from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = ''
      and has_column_privilege('authenticated', c.oid, a.attnum, 'INSERT') order by a.attnum),
  'update', array(
    select a.attname from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = ''
      and has_column_privilege('authenticated', c.oid, a.attnum, 'UPDATE') order by a.attnum)
)), '{}')
from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  and not exists (
    select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
  )`;

/** Reads them from the catalog. */
export async function readGrants(sql: Session): Promise<Grants> {
  return Grants.parse(await value(sql, QUERY));
}
