import * as z from "zod/mini";
import type { Session } from "../../stack/session.ts";
import { notOfExtension, ownSchemas } from "../sql/scope.ts";

const Table = z.object({ schema: z.string(), name: z.string() });

const Body = z.object({
  name: z.string(),
  text: z.string(),
  /** Arguments, results and out arguments: names that are no column's. */
  own: z.array(z.string()),
  /** The tables that a trigger function hangs on. */
  tables: z.array(Table),
});

/** SQL that PostgreSQL keeps as text, and so does not change with a rename. */
export type Body = z.infer<typeof Body>;

/** String bodies of functions and commands of jobs, without their comments. */
export async function readBodies(session: Session): Promise<Body[]> {
  const rows = await session.query(`
    select p.oid::regprocedure::text as name, p.prosrc as text,
      coalesce(to_jsonb(p.proargnames), '[]') as own,
      coalesce((select jsonb_agg(distinct jsonb_build_object('schema', tn.nspname, 'name', c.relname))
        from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
        join pg_catalog.pg_namespace tn on tn.oid = c.relnamespace
        where t.tgfoid = p.oid and not t.tgisinternal), '[]') as tables
    from pg_catalog.pg_proc p
    join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    join pg_catalog.pg_language l on l.oid = p.prolang and l.lanname in ('sql', 'plpgsql')
    where p.prosqlbody is null and ${ownSchemas("n")} and ${
    notOfExtension("pg_proc", "p.oid")
  }`);
  const [cron] = await session.query(
    "select from pg_catalog.pg_class where oid = pg_catalog.to_regclass('cron.job')",
  );
  const jobs = cron
    ? await session.query(`
      select 'job ' || jobid as name, command as text, '[]'::jsonb as own, '[]'::jsonb as tables
      from cron.job where active and database = current_database()`)
    : [];
  return [...rows, ...jobs].map((row) => Body.parse(row)).map((body) => ({
    ...body,
    text: body.text.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, " "),
  }));
}
