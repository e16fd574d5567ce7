import type { Session } from "../../stack/session.ts";

/** All that migrations make in the schemas that are ours, and on auth.users; rows by a sum of what they hold. */
export async function describeCatalog(session: Session): Promise<string[]> {
  const objects = await lines(session, OBJECTS);
  const tables = await lines(session, TABLES);
  const rows: string[] = [];
  for (const table of tables) {
    rows.push(
      ...await lines(
        session,
        `select format('rows of %s: %s %s', '${table}', count(*), sum(hashtext(t::text)::bigint)) as line
         from ${table} t`,
      ),
    );
  }
  return [...objects, ...await describeGrants(session), ...rows];
}

/** Who may do what in the schemas that are ours. */
export function describeGrants(session: Session): Promise<string[]> {
  return lines(session, GRANTS);
}

async function lines(session: Session, query: string): Promise<string[]> {
  return (await session.query(query)).map(({ line }) => String(line));
}

const OURS = "('public'::regnamespace, 'private'::regnamespace)";

const TABLES = `
select c.oid::regclass::text as line from pg_class c
where c.relkind = 'r' and c.relnamespace in ${OURS} order by 1`;

const OBJECTS = `
select format('relation %s %s rls %s', c.oid::regclass, c.relkind, c.relrowsecurity) as line
from pg_class c where c.relnamespace in ${OURS} and c.relkind in ('r', 'v', 'S')
union all
select format('view %s %s %s', c.oid::regclass, c.reloptions, pg_get_viewdef(c.oid))
from pg_class c where c.relnamespace in ${OURS} and c.relkind = 'v'
union all
select format('column %s.%s %s %s %s', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod),
  a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
from pg_attribute a
join pg_class c on c.oid = a.attrelid
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where c.relnamespace in ${OURS} and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
union all
select format('constraint %s %s %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid))
from pg_constraint k where k.connamespace in ${OURS}
union all
select 'index ' || pg_get_indexdef(i.indexrelid)
from pg_index i join pg_class c on c.oid = i.indexrelid where c.relnamespace in ${OURS}
union all
select format('enum %s %s', t.oid::regtype, (
  select string_agg(e.enumlabel, ',' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid
))
from pg_type t where t.typnamespace in ${OURS} and t.typtype = 'e'
union all
select 'function ' || pg_get_functiondef(p.oid)
from pg_proc p where p.pronamespace in ${OURS} and p.prokind = 'f'
union all
select format('trigger %s %s', t.tgenabled, pg_get_triggerdef(t.oid))
from pg_trigger t join pg_class c on c.oid = t.tgrelid
where not t.tgisinternal and c.relnamespace in ('auth'::regnamespace, 'public'::regnamespace, 'private'::regnamespace)
union all
select 'policy ' || p::text from pg_policies p
union all
select format('comment %s %s', pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description)
from pg_description d
where d.classoid = 'pg_class'::regclass
  and (select c.relnamespace from pg_class c where c.oid = d.objoid) in ${OURS}
order by 1`;

const GRANTS = `
select format('grant %s to %s: %s', what, coalesce(nullif(g.grantee, 0)::regrole::text, 'public'),
  string_agg(g.privilege_type, ' ' order by g.privilege_type)) as line
from (
  select 'schema ' || n.nspname as what, coalesce(n.nspacl, acldefault('n', n.nspowner)) as acl
  from pg_namespace n where n.nspname = 'private'
  union all
  select 'relation ' || c.oid::regclass::text,
    coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner))
  from pg_class c where c.relnamespace in ${OURS} and c.relkind in ('r', 'v', 'S')
  union all
  select format('column %s.%s', a.attrelid::regclass, a.attname), a.attacl
  from pg_attribute a join pg_class c on c.oid = a.attrelid
  where c.relnamespace in ${OURS} and not a.attisdropped
  union all
  select 'function ' || p.oid::regprocedure::text, coalesce(p.proacl, acldefault('f', p.proowner))
  from pg_proc p where p.pronamespace in ${OURS}
  union all
  select 'type ' || t.oid::regtype::text, coalesce(t.typacl, acldefault('T', t.typowner))
  from pg_type t where t.typnamespace in ${OURS} and t.typtype = 'e'
) as object
cross join lateral aclexplode(object.acl) as g
group by what, g.grantee
order by 1`;
