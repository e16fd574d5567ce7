import { notOfExtension, ownSchemas } from "../sql/scope.ts";
import { alike, type Kind, TABLE } from "./kind.ts";

/** Views, with their options such as security_invoker. */
export const views: Kind = {
  name: "view",
  query: `
    select ${TABLE} as key, null as owner,
      coalesce('with (' || array_to_string(c.reloptions, ', ') || ') ', '')
      || pg_catalog.pg_get_viewdef(c.oid) as definition
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('v', 'm') and ${ownSchemas("n")} and ${
    notOfExtension("pg_class", "c.oid")
  }`,
  normalise: alike,
};
