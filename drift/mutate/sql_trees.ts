import * as z from "zod/mini";
import type { Session } from "../../stack/session.ts";
import { ownSchemas } from "../sql/scope.ts";
import type { Mutant } from "./mutant.ts";

const Row = z.object({
  kind: z.enum(["table", "column", "function"]),
  schema: z.string(),
  object: z.string(),
  name: z.string(),
});

/** What views, policies and `begin atomic` bodies use, by PostgreSQL's own account: they follow every rename. */
export async function treeUses(session: Session): Promise<Mutant[]> {
  const rows = await session.query(`
    with used as (
      select distinct d.refclassid, d.refobjid, d.refobjsubid
      from pg_catalog.pg_depend d
      left join pg_catalog.pg_rewrite w on d.classid = 'pg_catalog.pg_rewrite'::regclass and w.oid = d.objid
      left join pg_catalog.pg_policy p on d.classid = 'pg_catalog.pg_policy'::regclass and p.oid = d.objid
      left join pg_catalog.pg_proc f on d.classid = 'pg_catalog.pg_proc'::regclass and f.oid = d.objid
      where d.deptype = 'n' and d.refobjid <> coalesce(w.ev_class, 0)
        and (w.oid is not null or p.oid is not null or f.prosqlbody is not null)
    )
    select case when u.refobjsubid = 0 then 'table' else 'column' end as kind,
      n.nspname::text as schema, c.relname::text as object, coalesce(a.attname, c.relname)::text as name
    from used u join pg_catalog.pg_class c on u.refclassid = 'pg_catalog.pg_class'::regclass and c.oid = u.refobjid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = u.refobjsubid and a.attnum > 0
    where c.relkind in ('r', 'p') and ${ownSchemas("n")}
    union
    select 'function', n.nspname::text,
      quote_ident(f.proname) || '(' || pg_catalog.pg_get_function_identity_arguments(f.oid) || ')', f.proname::text
    from used u join pg_catalog.pg_proc f on u.refclassid = 'pg_catalog.pg_proc'::regclass and f.oid = u.refobjid
    join pg_catalog.pg_namespace n on n.oid = f.pronamespace
    where ${ownSchemas("n")}
    order by 1, 2, 3, 4`);
  return rows.map((row) => Row.parse(row));
}
