import { notOfExtension, ownSchemas } from "../sql/scope.ts";
import { alike, type Kind, TABLE } from "./kind.ts";

/** Primary, unique and foreign keys, checks and exclusions. PostgreSQL 18 lists `not null` there too: a column's. */
export const keys: Kind = {
  name: "key",
  query: `
    select ${TABLE} || '.' || quote_ident(k.conname) as key, ${TABLE} as owner,
      pg_catalog.pg_get_constraintdef(k.oid) as definition
    from pg_catalog.pg_constraint k
    join pg_catalog.pg_class c on c.oid = k.conrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where k.contype in ('p', 'u', 'f', 'c', 'x') and k.conparentid = 0 and ${
    ownSchemas("n")
  }
      and ${notOfExtension("pg_class", "c.oid")}`,
  normalise: alike,
};
