import { ownSchemas } from "../sql/scope.ts";
import { alike, type Kind, TABLE } from "./kind.ts";

/** Triggers on the project's tables, and its functions on the platform's, such as auth.users. */
export const triggers: Kind = {
  name: "trigger",
  query: `
    select ${TABLE} || '.' || quote_ident(t.tgname) as key, ${TABLE} as owner,
      pg_catalog.pg_get_triggerdef(t.oid)
      || case t.tgenabled when 'O' then '' when 'D' then ' (disabled)' else ' (' || t.tgenabled::text || ')' end as definition
    from pg_catalog.pg_trigger t
    join pg_catalog.pg_class c on c.oid = t.tgrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_proc p on p.oid = t.tgfoid
    join pg_catalog.pg_namespace pn on pn.oid = p.pronamespace
    where not t.tgisinternal and t.tgparentid = 0 and (${ownSchemas("n")} or ${
    ownSchemas("pn")
  })`,
  normalise: alike,
};
