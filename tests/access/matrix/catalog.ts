import * as z from "zod/mini";
import { type Session, value } from "../../support/sql.ts";

/** A column, as far as a value for it has to be made up. */
export type Column = z.infer<typeof Column>;
const Column = z.object({
  name: z.string(),
  type: z.string(),
  /** A value has to be given: not null, and no default. */
  needed: z.boolean(),
  /** The database writes it, and nobody else can. */
  generated: z.boolean(),
  /** What an enum or a check allows; empty where anything is. */
  choices: z.array(z.string()),
  /** The table it refers to, with its schema, and the column there. */
  refers: z.nullable(z.object({ table: z.string(), column: z.string() })),
});

/** A table or view of the schema public. */
export type Relation = z.infer<typeof Relation>;
const Relation = z.object({
  name: z.string(),
  isView: z.boolean(),
  key: z.array(z.string()),
  columns: z.array(Column),
});

const RELATIONS = `
select coalesce(jsonb_agg(jsonb_build_object(
  'name', c.relname,
  'isView', c.relkind = 'v',
  'key', coalesce((
    select jsonb_agg(a.attname order by a.attnum) from pg_index i
    join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
    where i.indrelid = c.oid and i.indisprimary
  ), '[]'),
  'columns', (
    select jsonb_agg(jsonb_build_object(
      'name', a.attname,
      'type', format_type(a.atttypid, a.atttypmod),
      'needed', a.attnotnull and not a.atthasdef and a.attidentity = '',
      'generated', a.attgenerated <> '' or a.attidentity <> '',
      'choices', coalesce(
        (select jsonb_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = a.atttypid),
        (
          select to_jsonb(array(
            select matched[1] from regexp_matches(pg_get_constraintdef(k.oid), '''([^'']+)''::text', 'g') as matched
          ))
          from pg_constraint k
          where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
            and pg_get_constraintdef(k.oid) like '%= ANY (ARRAY[%'
          limit 1
        ),
        '[]'
      ),
      'refers', (
        select jsonb_build_object(
          'table', (select format('%s.%s', n.nspname, r.relname) from pg_class r
                    join pg_namespace n on n.oid = r.relnamespace where r.oid = k.confrelid),
          'column', (select r.attname from pg_attribute r where r.attrelid = k.confrelid and r.attnum = k.confkey[1])
        )
        from pg_constraint k
        where k.conrelid = c.oid and k.contype = 'f' and k.conkey = array[a.attnum]
        limit 1
      )
    ) order by a.attnum)
    from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  )
) order by c.relname), '[]')
from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
  and not c.relispartition
  and not exists (
    select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
  )`;

/** Every table and view of the schema public, by name. */
export async function readRelations(sql: Session): Promise<Relation[]> {
  return z.array(Relation).parse(await value(sql, RELATIONS));
}

/** The same with each table after those that its rows cannot do without, and its others where possible. */
export function inOrder(relations: Relation[]): Relation[] {
  const ordered = new Set<Relation>();
  const waiting = new Set<Relation>();
  const place = (relation: Relation) => {
    if (ordered.has(relation) || waiting.has(relation)) return;
    waiting.add(relation);
    const referred = relation.columns
      .filter(({ refers }) => refers)
      .toSorted((a, b) => Number(b.needed) - Number(a.needed));
    for (const { refers } of referred) {
      const other = relations.find(({ name }) =>
        refers?.table === `public.${name}`
      );
      if (other) place(other);
    }
    ordered.add(relation);
  };
  for (const relation of relations) place(relation);
  return [...ordered];
}
