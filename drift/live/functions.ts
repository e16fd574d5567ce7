import { notOfExtension, ownSchemas } from "../sql/scope.ts";
import { alike, type Kind } from "./kind.ts";

/** Functions and procedures, by everything that `create function` says. */
export const functions: Kind = {
  name: "function",
  query: `
    select format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)) as key,
      null as owner, pg_catalog.pg_get_functiondef(p.oid) as definition
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where p.prokind in ('f', 'p') and ${ownSchemas("n")} and ${
    notOfExtension("pg_proc", "p.oid")
  }`,
  normalise: alike,
};
