import { type Kind, TABLE } from "../../../drift/live/kind.ts";
import { notOfExtension, ownSchemas } from "../../../drift/sql/scope.ts";

/** Whose schemas, tables, views, sequences, types and functions are. */
export const owners: Kind = {
  name: "owner of",
  query: `
    select 'schema ' || quote_ident(n.nspname) as key, quote_ident(n.nspname) as owner,
      n.nspowner::regrole::text as definition
    from pg_catalog.pg_namespace n where ${ownSchemas("n")}
    union all
    select ${TABLE}, ${TABLE}, c.relowner::regrole::text
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and ${ownSchemas("n")}
      and ${notOfExtension("pg_class", "c.oid")}
    union all
    select format('type %I.%I', n.nspname, t.typname), format('%I.%I', n.nspname, t.typname), t.typowner::regrole::text
    from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
    left join pg_catalog.pg_class c on c.oid = t.typrelid
    where (t.typtype in ('e', 'd') or c.relkind = 'c') and ${ownSchemas("n")}
      and ${notOfExtension("pg_type", "t.oid")}
    union all
    select f.name, f.name, p.proowner::regrole::text
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    cross join lateral (select format('%I.%I(%s)', n.nspname, p.proname,
      pg_catalog.pg_get_function_identity_arguments(p.oid)) as name) f
    where ${ownSchemas("n")} and ${notOfExtension("pg_proc", "p.oid")}`,
};
