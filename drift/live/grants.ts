import { notOfExtension, ownSchemas } from "../sql/scope.ts";
import { type Kind, TABLE } from "./kind.ts";

/** MAINTAIN came with PostgreSQL 17: an older server cannot have it. */
const TO_API = (acl: string) => `
  (select r.role, string_agg(lower(x.privilege_type) || case when x.is_grantable then ' (with grant option)' else '' end,
      ', ' order by x.privilege_type) as privileges
    from pg_catalog.aclexplode(${acl}) x
    cross join lateral (select case when x.grantee = 0 then 'public'
      else (select g.rolname::text from pg_catalog.pg_roles g where g.oid = x.grantee) end as role) r
    where r.role in ('public', 'anon', 'authenticated', 'service_role') and x.privilege_type <> 'MAINTAIN'
    group by r.role) g`;

/** What the API's roles, and everybody, may do with schemas, tables, columns and functions. */
export const grants: Kind = {
  name: "grant",
  query: `
    select 'schema ' || quote_ident(n.nspname) || ' to ' || g.role as key, null as owner, g.privileges as definition
    from pg_catalog.pg_namespace n, lateral ${TO_API("n.nspacl")}
    where ${ownSchemas("n")}
    union all
    select ${TABLE} || ' to ' || g.role, ${TABLE}, g.privileges
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace,
      lateral ${TO_API("c.relacl")}
    where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and ${ownSchemas("n")}
      and ${notOfExtension("pg_class", "c.oid")}
    union all
    select ${TABLE} || '.' || quote_ident(a.attname) || ' to ' || g.role, ${TABLE}, g.privileges
    from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace, lateral ${
    TO_API("a.attacl")
  }
    where not a.attisdropped and ${ownSchemas("n")} and ${
    notOfExtension("pg_class", "c.oid")
  }
    union all
    select f.name || ' to ' || g.role, f.name, g.privileges
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    cross join lateral (select format('%I.%I(%s)', n.nspname, p.proname,
      pg_catalog.pg_get_function_identity_arguments(p.oid)) as name) f,
      lateral ${
    TO_API("coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))")
  }
    where p.prokind in ('f', 'p') and ${ownSchemas("n")} and ${
    notOfExtension("pg_proc", "p.oid")
  }`,
};
