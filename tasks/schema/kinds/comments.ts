import { type Kind, TABLE } from "../../../drift/live/kind.ts";
import { ownSchemas } from "../../../drift/sql/scope.ts";

const FUNCTION = `format('%I.%I(%s)', n.nspname, p.proname,
  pg_catalog.pg_get_function_identity_arguments(p.oid))`;

/** What hangs on a table by its own row of a catalog: the word for it, the catalog, its table and its name there. */
const ON_TABLES = [
  ["constraint", "pg_constraint", "conrelid", "conname"],
  ["trigger", "pg_trigger", "tgrelid", "tgname"],
  ["policy", "pg_policy", "polrelid", "polname"],
];

/** What is said of everything; keyed by what stands after `comment on`. */
export const comments: Kind = {
  name: "comment on",
  query: `
    with comments as (
      select d.classoid, d.objoid, d.objsubid, d.description from pg_catalog.pg_description d)
    select 'schema ' || quote_ident(n.nspname) as key, quote_ident(n.nspname) as owner, d.description as definition
    from comments d join pg_catalog.pg_namespace n on n.oid = d.objoid
    where d.classoid = 'pg_catalog.pg_namespace'::regclass and ${
    ownSchemas("n")
  }
    union all
    select case when d.objsubid > 0 then 'column' else case c.relkind when 'v' then 'view' when 'i' then 'index'
        when 'S' then 'sequence' when 'm' then 'materialized view' when 'c' then 'type' else 'table' end end
      || ' ' || ${TABLE} || coalesce('.' || quote_ident(a.attname), ''),
      coalesce((select x.indrelid::regclass::text from pg_catalog.pg_index x where x.indexrelid = c.oid), ${TABLE}),
      d.description
    from comments d join pg_catalog.pg_class c on c.oid = d.objoid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid and d.objsubid > 0
    where d.classoid = 'pg_catalog.pg_class'::regclass and ${ownSchemas("n")}
    union all
    select 'function ' || ${FUNCTION}, ${FUNCTION}, d.description
    from comments d join pg_catalog.pg_proc p on p.oid = d.objoid
    join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where d.classoid = 'pg_catalog.pg_proc'::regclass and ${ownSchemas("n")}
    union all
    select 'type ' || format('%I.%I', n.nspname, t.typname), format('%I.%I', n.nspname, t.typname), d.description
    from comments d join pg_catalog.pg_type t on t.oid = d.objoid
    join pg_catalog.pg_namespace n on n.oid = t.typnamespace
    where d.classoid = 'pg_catalog.pg_type'::regclass and ${ownSchemas("n")}
    ${
    ON_TABLES.map(([word, catalog, table, name]) => `
    union all
    select '${word} ' || quote_ident(k.${name}) || ' on ' || ${TABLE}, ${TABLE}, d.description
    from comments d join pg_catalog.${catalog} k on k.oid = d.objoid
    join pg_catalog.pg_class c on c.oid = k.${table}
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where d.classoid = 'pg_catalog.${catalog}'::regclass and ${
      ownSchemas("n")
    }`).join("")
  }`,
};
