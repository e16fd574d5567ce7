import * as z from "zod/mini";
import type { Session } from "../../stack/session.ts";
import { notOfExtension, ownSchemas } from "../sql/scope.ts";

const Names = z.array(z.string());
const Table = z.object({
  schema: z.string(),
  name: z.string(),
  /** With the enum of each column that has one. */
  columns: z.array(
    z.object({ name: z.string(), enum: z.nullable(z.string()) }),
  ),
  /** Names of the foreign keys. */
  keys: Names,
});
const Routine = z.object({
  schema: z.string(),
  name: z.string(),
  args: Names,
  /** The enums among the types of its arguments. */
  enums: Names,
});
const Enum = z.object({ schema: z.string(), name: z.string(), labels: Names });

/** Everything of a project that can be renamed. */
export interface Objects {
  readonly tables: readonly z.infer<typeof Table>[];
  readonly functions: readonly z.infer<typeof Routine>[];
  readonly enums: readonly z.infer<typeof Enum>[];
}

export async function readObjects(session: Session): Promise<Objects> {
  const tables = await session.query(`
    select n.nspname::text as schema, c.relname::text as name,
      (select jsonb_agg(jsonb_build_object('name', a.attname,
          'enum', (select t.typname from pg_catalog.pg_type t where t.oid = a.atttypid and t.typtype = 'e')))
        from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
      coalesce((select jsonb_agg(k.conname) from pg_catalog.pg_constraint k
        where k.conrelid = c.oid and k.contype = 'f'), '[]') as keys
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm') and ${ownSchemas("n")}
      and ${notOfExtension("pg_class", "c.oid")}
    order by 1, 2`);
  // overloads share a name, and so a mutant
  const functions = await session.query(`
    select n.nspname::text as schema, p.proname::text as name,
      coalesce(jsonb_agg(distinct a.name) filter (where a.name <> ''), '[]') as args,
      coalesce(jsonb_agg(distinct y.typname) filter (where y.typtype = 'e'), '[]') as enums
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    left join lateral (select name from unnest(p.proargnames) with ordinality u (name, place)
      where coalesce(p.proargmodes[u.place], 'i') in ('i', 'b', 'v')) a on true
    left join pg_catalog.pg_type y on y.oid = any (p.proargtypes)
    where p.prokind = 'f' and ${ownSchemas("n")} and ${
    notOfExtension("pg_proc", "p.oid")
  }
    group by 1, 2 order by 1, 2`);
  const enums = await session.query(`
    select n.nspname::text as schema, t.typname::text as name, jsonb_agg(e.enumlabel) as labels
    from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
    join pg_catalog.pg_enum e on e.enumtypid = t.oid where ${ownSchemas("n")}
    group by 1, 2 order by 1, 2`);
  return {
    tables: tables.map((row) => Table.parse(row)),
    functions: functions.map((row) => Routine.parse(row)),
    enums: enums.map((row) => Enum.parse(row)),
  };
}
