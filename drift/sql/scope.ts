/** Schemas that the platform makes and keeps: nothing in them is a project's own. */
const PLATFORM = [
  "auth",
  "cron",
  "extensions",
  "graphql",
  "graphql_public",
  "information_schema",
  "net",
  "pgbouncer",
  "pgmq",
  "pgsodium",
  "pgsodium_masks",
  "pgtle",
  "realtime",
  "_realtime",
  "repack",
  "storage",
  "supabase_functions",
  "supabase_migrations",
  "tiger",
  "topology",
  "vault",
];

/** A condition that holds for the namespaces of a project's own objects; `alias` is one of pg_namespace. */
export function ownSchemas(alias: string): string {
  const names = PLATFORM.map((name) => `'${name}'`).join(", ");
  return `(${alias}.nspname !~ '^pg_' and ${alias}.nspname not in (${names}))`;
}

/** A condition that holds for what no extension brought; `oid` is an expression. */
export function notOfExtension(catalog: string, oid: string): string {
  return `not exists (select from pg_catalog.pg_depend x
    where x.classid = 'pg_catalog.${catalog}'::regclass and x.objid = ${oid} and x.deptype = 'e')`;
}
