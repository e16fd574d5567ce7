import { type Kind } from "../../../drift/live/kind.ts";
import { ownSchemas } from "../../../drift/sql/scope.ts";

/** The project's schemas. */
export const schemas: Kind = {
  name: "schema",
  query: `
    select quote_ident(n.nspname) as key, null as owner, '' as definition
    from pg_catalog.pg_namespace n where ${ownSchemas("n")}`,
};
