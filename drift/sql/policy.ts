import * as z from "zod/mini";
import type { Session } from "../../stack/session.ts";
import type { Complaint } from "./complaint.ts";
import { errorsOf } from "./errors_of.ts";
import { ownSchemas } from "./scope.ts";

/**
 * Every policy, printed and planned; and what it calls and reads may be called and read by the roles it is
 * for, which PostgreSQL tells only when a request comes.
 */
export async function checkPolicies(session: Session): Promise<Complaint[]> {
  const broken = await errorsOf(
    session,
    `select n.nspname as schema, p.polname as name, c.relname as "table", '' as path,
       format('explain select from %I.%I where %s', n.nspname, c.relname, pg_catalog.pg_get_expr(e.tree, c.oid)) as sql
     from pg_catalog.pg_policy p
     join pg_catalog.pg_class c on c.oid = p.polrelid
     join pg_catalog.pg_namespace n on n.oid = c.relnamespace and ${
      ownSchemas("n")
    }
     cross join lateral (values (p.polqual), (p.polwithcheck)) e (tree) where e.tree is not null`,
  );
  return [
    ...broken.map(({ schema, name, table, error }) =>
      complaint(schema, table ?? "", name, error)
    ),
    ...await forbidden(session),
  ];
}

const Forbidden = z.object({
  schema: z.string(),
  table: z.string(),
  name: z.string(),
  role: z.string(),
  action: z.string(),
  target: z.string(),
});

async function forbidden(session: Session): Promise<Complaint[]> {
  const rows = await session.query(`
    with applied as (
      select p.oid as policy, n.nspname::text as schema, c.relname::text as "table", p.polname::text as name,
        r.oid as role, r.rolname::text as role_name, c.oid as relation
      from pg_catalog.pg_policy p
      join pg_catalog.pg_class c on c.oid = p.polrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace and ${
    ownSchemas("n")
  }
      join pg_catalog.pg_roles r on r.rolname in ('anon', 'authenticated')
        and (r.oid = any (p.polroles) or 0::oid = any (p.polroles))
      where pg_catalog.has_schema_privilege(r.oid, n.oid, 'usage')
        and pg_catalog.has_any_column_privilege(r.oid, c.oid,
          case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
            else 'select' end)
    )
    select a.schema, a."table", a.name, a.role_name as role, 'execute' as action,
      f.oid::regprocedure::text as target
    from applied a
    join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_policy'::regclass and d.objid = a.policy
      and d.refclassid = 'pg_catalog.pg_proc'::regclass
    join pg_catalog.pg_proc f on f.oid = d.refobjid
    where not pg_catalog.has_function_privilege(a.role, f.oid, 'execute')
    union
    select a.schema, a."table", a.name, a.role_name, 'read', t.oid::regclass::text
    from applied a
    join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_policy'::regclass and d.objid = a.policy
      and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid <> a.relation
    join pg_catalog.pg_class t on t.oid = d.refobjid and t.relkind in ('r', 'p', 'v', 'm', 'f')
    where not pg_catalog.has_any_column_privilege(a.role, t.oid, 'select')
    order by 1, 2, 3, 4, 6`);
  return rows.map((row) => Forbidden.parse(row))
    .map(({ schema, table, name, role, action, target }) =>
      complaint(schema, table, name, `${role} may not ${action} ${target}`)
    );
}

function complaint(
  schema: string | null,
  table: string,
  name: string,
  message: string,
): Complaint {
  return {
    rule: "sql-policy",
    object: { kind: "policy", schema, name, table },
    table,
    name,
    message: `policy "${name}" of ${table}: ${message}`,
  };
}
