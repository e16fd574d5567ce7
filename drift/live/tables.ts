import { notOfExtension, ownSchemas } from "../sql/scope.ts";
import { type Kind, TABLE } from "./kind.ts";

/** Tables, with whether row level security is on. */
export const tables: Kind = {
  name: "table",
  query: `
    select ${TABLE} as key, null as owner, 'row level security '
      || case when c.relrowsecurity then 'on' else 'off' end
      || case when c.relforcerowsecurity then ', for the owner too' else '' end as definition
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'f') and ${ownSchemas("n")} and ${
    notOfExtension("pg_class", "c.oid")
  }`,
};
