import { ownSchemas } from "../sql/scope.ts";
import { alike, type Kind, TABLE } from "./kind.ts";

/** Policies on the project's tables. */
export const policies: Kind = {
  name: "policy",
  query: `
    select ${TABLE} || '.' || quote_ident(p.polname) as key, ${TABLE} as owner,
      case when p.polpermissive then '' else 'restrictive ' end || 'for '
      || case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
           when 'd' then 'delete' else 'all' end || ' to '
      || (select string_agg(coalesce(r.rolname::text, 'public'), ', ' order by r.rolname)
          from unnest(p.polroles) o (oid) left join pg_catalog.pg_roles r on r.oid = o.oid)
      || coalesce(' using (' || pg_catalog.pg_get_expr(p.polqual, p.polrelid) || ')', '')
      || coalesce(' with check (' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') as definition
    from pg_catalog.pg_policy p
    join pg_catalog.pg_class c on c.oid = p.polrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where ${ownSchemas("n")}`,
  normalise: alike,
};
