/**
 * One query for each kind of object. `$1` is the exposed schemas, with commas. Lists are jsonb, which every driver
 * reads alike.
 */

const ROLES = `(select oid, rolname::text as name from pg_catalog.pg_roles
  where rolname in ('anon', 'authenticated', 'service_role')) r`;

const SYSTEM = `n.nspname <> 'information_schema' and n.nspname !~ '^pg_'`;

/** Labels of an enum, of an array of one, or of a domain over one. */
const LABELS = (type: string) =>
  `(select jsonb_agg(e.enumlabel order by e.enumsortorder)
  from pg_catalog.pg_type et
  left join pg_catalog.pg_type dt on dt.oid = et.typbasetype
  join pg_catalog.pg_enum e
    on e.enumtypid in (et.oid, et.typelem, dt.oid, dt.typelem)
  where et.oid = ${type})`;

/** A domain counts as what it is made of. */
const TYPE = (type: string) =>
  `(select pg_catalog.format_type(coalesce(nullif(bt.typbasetype, 0), bt.oid), null)
  from pg_catalog.pg_type bt where bt.oid = ${type})`;

/** Composite types too, which functions return. Bits of pg_relation_is_updatable: 4 update, 8 insert, 16 delete. */
const relations = `
select c.oid::int8 as id, n.nspname::text as schema, c.relname::text as name,
  c.relkind in ('v', 'm') as is_view, c.relkind = 'c' as is_composite,
  case when c.relkind in ('r', 'p') then 28
    else pg_catalog.pg_relation_is_updatable(c.oid, true) end as updatable,
  (select w.ev_action::text from pg_catalog.pg_rewrite w
    where w.ev_class = c.oid and w.rulename = '_RETURN' and c.relkind in ('v', 'm')) as rule
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'f', 'v', 'm', 'c') and ${SYSTEM}
order by 2, 3`;

const columns = `
select a.attrelid::int8 as relation, a.attnum::int as position, a.attname::text as name,
  ${TYPE("a.atttypid")} as type,
  a.attnotnull or (t.typtype = 'd' and t.typnotnull) as not_null,
  a.atthasdef or a.attidentity <> '' or t.typdefault is not null as has_default,
  a.attgenerated <> '' or a.attidentity = 'a' as generated,
  c.relkind in ('r', 'p') or pg_catalog.pg_column_is_updatable(c.oid, a.attnum, true) as writable,
  ${LABELS("a.atttypid")} as labels,
  (select jsonb_agg(pg_catalog.pg_get_constraintdef(k.oid)) from pg_catalog.pg_constraint k
    where k.contype = 'c' and ((k.conrelid = a.attrelid and k.conkey = array[a.attnum])
      or (t.typtype = 'd' and k.contypid = t.oid))) as checks,
  (select jsonb_agg(r.name || ':' || lower(p.privilege))
    from ${ROLES}, (values ('SELECT'), ('INSERT'), ('UPDATE')) p (privilege)
    where n.nspname = any (string_to_array($1, ','))
      and pg_catalog.has_schema_privilege(r.oid, n.oid, 'USAGE')
      and pg_catalog.has_column_privilege(r.oid, a.attrelid, a.attnum, p.privilege)) as grants
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_type t on t.oid = a.atttypid
where c.relkind in ('r', 'p', 'f', 'v', 'm', 'c') and ${SYSTEM}
  and a.attnum > 0 and not a.attisdropped
order by a.attrelid, a.attnum`;

/** Also unique indexes without a condition or an expression, which ON CONFLICT takes. */
const keys = `
select i.indrelid::int8 as relation, i.indisprimary as primary,
  exists (select from pg_catalog.pg_constraint k where k.conindid = i.indexrelid
    and k.conrelid = i.indrelid and k.contype in ('p', 'u')) as constrained,
  (select jsonb_agg(a.attname order by k.place)
    from unnest(i.indkey::int2[]) with ordinality k (number, place)
    join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
    where k.place <= i.indnkeyatts) as columns
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where i.indisunique and i.indimmediate and i.indisvalid
  and i.indpred is null and i.indexprs is null and ${SYSTEM}
order by i.indrelid, i.indisprimary desc, i.indexrelid`;

const foreignKeys = `
select k.conrelid::int8 as relation, k.conname::text as name, k.confrelid::int8 as referenced,
  (select jsonb_agg(a.attname order by p.place)
    from unnest(k.conkey) with ordinality p (number, place)
    join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = p.number) as columns,
  (select jsonb_agg(a.attname order by p.place)
    from unnest(k.confkey) with ordinality p (number, place)
    join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = p.number)
    as referenced_columns
from pg_catalog.pg_constraint k
where k.contype = 'f' and k.conparentid = 0
order by k.conrelid, k.conname`;

/** Inputs are the modes i, b and v; what a row of the result has are o, b and t. */
const functions = `
select n.nspname::text as schema, p.proname::text as name,
  coalesce((select jsonb_agg(jsonb_build_object(
      'name', coalesce(p.proargnames[a.place], ''),
      'type', ${TYPE("a.type")},
      'has_default', a.input > p.pronargs - p.pronargdefaults,
      'labels', ${LABELS("a.type")},
      'relation', (select nullif(t.typrelid, 0)::int8 from pg_catalog.pg_type t where t.oid = a.type)
    ) order by a.place)
    from (select type, place, mode,
        count(*) filter (where mode in ('i', 'b', 'v')) over (order by place) as input
      from (select u.type, u.place, coalesce(p.proargmodes[u.place], 'i') as mode
        from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality u (type, place)) m
    ) a where a.mode in ('i', 'b', 'v')), '[]') as args,
  coalesce((select jsonb_agg(jsonb_build_object(
      'name', p.proargnames[u.place], 'type', ${TYPE("u.type")},
      'labels', ${LABELS("u.type")}) order by u.place)
    from unnest(p.proallargtypes) with ordinality u (type, place)
    where p.proargmodes[u.place] in ('o', 'b', 't')
      and coalesce(p.proargnames[u.place], '') <> ''), '[]') as outputs,
  p.proretset as returns_set, p.prorows = 1 or not p.proretset as one_row,
  ${TYPE("p.prorettype")} as returns_type, ${
  LABELS("p.prorettype")
} as returns_labels,
  (select nullif(t.typrelid, 0)::int8 from pg_catalog.pg_type t where t.oid = p.prorettype)
    as returns_relation,
  (select coalesce(jsonb_agg(r.name), '[]') from ${ROLES}
    where pg_catalog.has_schema_privilege(r.oid, n.oid, 'USAGE')
      and pg_catalog.has_function_privilege(r.oid, p.oid, 'EXECUTE')) as grants
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
where n.nspname = any (string_to_array($1, ',')) and p.prokind = 'f'
  and p.prorettype not in ('pg_catalog.trigger'::regtype, 'pg_catalog.event_trigger'::regtype)
order by p.proname, p.oid`;

const enums = `
select n.nspname::text as schema, t.typname::text as name,
  jsonb_agg(e.enumlabel order by e.enumsortorder) as labels
from pg_catalog.pg_type t
join pg_catalog.pg_namespace n on n.oid = t.typnamespace
join pg_catalog.pg_enum e on e.enumtypid = t.oid
where n.nspname = any (string_to_array($1, ','))
group by 1, 2 order by 1, 2`;

/** Row triggers before a write: what they assign, an insert may leave out. */
const triggers = `
select g.tgrelid::int8 as relation, g.tgtype & 4 <> 0 as on_insert, g.tgtype & 16 <> 0 as on_update,
  p.prosrc as source
from pg_catalog.pg_trigger g
join pg_catalog.pg_proc p on p.oid = g.tgfoid
where not g.tgisinternal and g.tgenabled <> 'D' and g.tgtype & 3 = 3 and g.tgtype & 20 <> 0
order by g.tgrelid, g.tgname`;

const deletes = `
select c.oid::int8 as relation, r.name as role
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace, ${ROLES}
where n.nspname = any (string_to_array($1, ',')) and c.relkind in ('r', 'p', 'f', 'v')
  and pg_catalog.has_schema_privilege(r.oid, n.oid, 'USAGE')
  and pg_catalog.has_table_privilege(r.oid, c.oid, 'DELETE')
order by 1, 2`;

export const QUERIES = {
  relations,
  columns,
  keys,
  foreignKeys,
  functions,
  enums,
  triggers,
  deletes,
};
