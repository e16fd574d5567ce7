import { type Kind, TABLE } from "../../../drift/live/kind.ts";
import { notOfExtension, ownSchemas } from "../../../drift/sql/scope.ts";

/** What everybody but the owner may do; a missing list stands for the default one of the object's kind. */
const GRANTED = (acl: string, kind: string, owner: string) => `
  (select case when x.grantee = 0 then 'public' else x.grantee::regrole::text end as role,
      string_agg(lower(x.privilege_type) || case when x.is_grantable then ' (with grant option)' else '' end,
        ', ' order by x.privilege_type) as privileges
    from pg_catalog.aclexplode(coalesce(${acl}, pg_catalog.acldefault('${kind}', ${owner}))) x
    where x.grantee <> ${owner}
    group by x.grantee) g`;

/** What every role may do with schemas, tables, sequences, columns, types and functions. */
export const grants: Kind = {
  name: "grant",
  query: `
    select 'schema ' || quote_ident(n.nspname) || ' to ' || g.role as key, quote_ident(n.nspname) as owner,
      g.privileges as definition
    from pg_catalog.pg_namespace n, lateral ${
    GRANTED("n.nspacl", "n", "n.nspowner")
  }
    where ${ownSchemas("n")}
    union all
    select ${TABLE} || ' to ' || g.role, ${TABLE}, g.privileges
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace,
      lateral ${GRANTED("c.relacl", "r", "c.relowner")}
    where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and ${ownSchemas("n")}
      and ${notOfExtension("pg_class", "c.oid")}
    union all
    select ${TABLE} || '.' || quote_ident(a.attname) || ' to ' || g.role, ${TABLE}, g.privileges
    from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace,
      lateral ${GRANTED("a.attacl", "c", "c.relowner")}
    where not a.attisdropped and a.attnum > 0 and ${ownSchemas("n")} and ${
    notOfExtension("pg_class", "c.oid")
  }
    union all
    select format('type %I.%I to ', n.nspname, t.typname) || g.role, format('%I.%I', n.nspname, t.typname), g.privileges
    from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
    left join pg_catalog.pg_class c on c.oid = t.typrelid,
      lateral ${GRANTED("t.typacl", "T", "t.typowner")}
    where (t.typtype in ('e', 'd') or c.relkind = 'c') and ${ownSchemas("n")}
      and ${notOfExtension("pg_type", "t.oid")}
    union all
    select f.name || ' to ' || g.role, f.name, g.privileges
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    cross join lateral (select format('%I.%I(%s)', n.nspname, p.proname,
      pg_catalog.pg_get_function_identity_arguments(p.oid)) as name) f,
      lateral ${GRANTED("p.proacl", "f", "p.proowner")}
    where ${ownSchemas("n")} and ${notOfExtension("pg_proc", "p.oid")}`,
};

/** What is granted on objects that are still to be made; nothing is said where it is the default one. */
export const defaultPrivileges: Kind = {
  name: "default privileges",
  query: `
    select concat_ws(' ', 'of', d.defaclrole::regrole::text, 'on', d.defaclobjtype::text,
        'in ' || quote_ident(n.nspname)) as key,
      quote_ident(n.nspname) as owner,
      coalesce((select string_agg(g.privileges || ' to ' || g.role, '; ' order by g.role)
        from ${
    GRANTED("d.defaclacl", "r", "d.defaclrole")
  }), 'nothing') as definition
    from pg_catalog.pg_default_acl d
    left join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace`,
};
