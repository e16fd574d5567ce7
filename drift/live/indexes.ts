import { notOfExtension, ownSchemas } from "../sql/scope.ts";
import { alike, type Kind, TABLE } from "./kind.ts";

/** Indexes that are no key's. One that is not valid is as good as not there. */
export const indexes: Kind = {
  name: "index",
  query: `
    select format('%I.%I', n.nspname, i.relname) as key, ${TABLE} as owner,
      pg_catalog.pg_get_indexdef(x.indexrelid)
      || case when x.indisvalid then '' else ' (not valid)' end as definition
    from pg_catalog.pg_index x
    join pg_catalog.pg_class i on i.oid = x.indexrelid
    join pg_catalog.pg_class c on c.oid = x.indrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where ${ownSchemas("n")} and c.relkind in ('r', 'p', 'm')
      and not exists (select from pg_catalog.pg_constraint k
        where k.conindid = x.indexrelid and k.contype in ('p', 'u', 'x'))
      and ${notOfExtension("pg_class", "c.oid")}`,
  normalise: alike,
};
