import { notOfExtension, ownSchemas } from "../sql/scope.ts";
import type { Kind } from "./kind.ts";

/** Enums with their values, composite types with their columns, domains. */
export const types: Kind = {
  name: "type",
  query: `
    select format('%I.%I', n.nspname, t.typname) as key, null as owner, case t.typtype
      when 'e' then (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
        from pg_catalog.pg_enum e where e.enumtypid = t.oid)
      when 'd' then pg_catalog.format_type(t.typbasetype, t.typtypmod)
        || case when t.typnotnull then ' not null' else '' end
        || coalesce((select string_agg(' ' || pg_catalog.pg_get_constraintdef(k.oid), '' order by k.conname)
          from pg_catalog.pg_constraint k where k.contypid = t.oid and k.contype = 'c'), '')
      else (select string_agg(quote_ident(a.attname) || ' '
          || pg_catalog.format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum)
        from pg_catalog.pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped)
      end as definition
    from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
    left join pg_catalog.pg_class c on c.oid = t.typrelid
    where (t.typtype in ('e', 'd') or c.relkind = 'c') and ${ownSchemas("n")}
      and ${notOfExtension("pg_type", "t.oid")}`,
};
