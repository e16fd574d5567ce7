import * as z from "zod/mini";
import type { Session } from "../../stack/session.ts";
import type { Complaint } from "./complaint.ts";
import { notOfExtension, ownSchemas } from "./scope.ts";
import { isForOtherTables } from "./table_guards.ts";
import { checkerSchema } from "./workbench.ts";

const Row = z.object({
  schema: z.string(),
  name: z.string(),
  relation: z.nullable(z.string()),
  lineno: z.nullable(z.number()),
  level: z.string(),
  message: z.string(),
  detail: z.nullable(z.string()),
  body: z.string(),
});

/** What plpgsql_check calls wrong, style apart; its other levels are advice. */
const WRONG = new Set(["error", "warning"]);

/** Every plpgsql function that is no trigger's. */
export async function checkPlpgsql(session: Session): Promise<Complaint[]> {
  return await complaints(
    session,
    "sql-plpgsql",
    `select p.oid as function, 0::oid as relation, null::name as old_rows, null::name as new_rows
     from pg_catalog.pg_proc p where p.prorettype <> 'trigger'::regtype`,
  );
}

/** Every trigger function against each table that it hangs on. */
export async function checkTriggers(session: Session): Promise<Complaint[]> {
  const wrong = await complaints(
    session,
    "sql-trigger",
    `select distinct t.tgfoid as function, t.tgrelid as relation,
       t.tgoldtable as old_rows, t.tgnewtable as new_rows
     from pg_catalog.pg_trigger t where not t.tgisinternal and t.tgparentid = 0`,
  );
  return [...wrong, ...await unused(session)];
}

async function complaints(
  session: Session,
  rule: "sql-plpgsql" | "sql-trigger",
  functions: string,
): Promise<Complaint[]> {
  const checker = await checkerSchema(session);
  // for functions that set none themselves: what a request of the API has
  await session.query(
    "select set_config('search_path', 'public, extensions', true)",
  );
  const rows = await session.query(`
    select n.nspname::text as schema, p.proname::text as name, f.lineno, f.level, f.message, f.detail, p.prosrc as body,
      (select c.relname::text from pg_catalog.pg_class c where c.oid = g.relation) as relation
    from (${functions}) g
    join pg_catalog.pg_proc p on p.oid = g.function
    join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    join pg_catalog.pg_language l on l.oid = p.prolang and l.lanname = 'plpgsql'
    cross join lateral ${checker}.plpgsql_check_function_tb(
      g.function, g.relation, oldtable => g.old_rows, newtable => g.new_rows,
      fatal_errors => false, extra_warnings => true, security_warnings => true,
      performance_warnings => false
    ) f
    where ${ownSchemas("n")} and ${notOfExtension("pg_proc", "p.oid")}
      -- who could slip SQL into a function that only its owner may call has the owner's rights already
      and (f.level <> 'security' or exists (
        select from pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) a
        where a.grantee <> p.proowner
      ))
    order by 1, 2, p.oid, g.relation, f.lineno`);
  await session.query("select set_config('search_path', '', true)");
  return withoutEchoes(rows.map((row) => Row.parse(row)))
    .filter(({ body, lineno, relation }) =>
      lineno === null || relation === null ||
      !isForOtherTables(body, lineno, relation)
    )
    .map((row) => complaint(rule, row));
}

/** What it says of how a function is written, and not of what it does. */
const STYLE =
  /^(?:unused|never read) (?:variable|parameter)|\bis maybe unused|^parameter ".+" is (?:never read|overlapped)|^variable ".+" (?:is maybe|shadows)|hidden casting/i;
/** What a statement that failed was to assign is missing where it is used: the failure says it all. */
const ECHO = /^record "\w+" (?:is not assigned yet|has no field)/i;

function withoutEchoes(rows: readonly z.infer<typeof Row>[]) {
  const key = ({ schema, name, relation }: z.infer<typeof Row>) =>
    JSON.stringify([schema, name, relation]);
  const said = new Set<string>();
  const failed = new Set(
    rows.filter(({ level, message }) =>
      level === "error" && !ECHO.test(message)
    ).map(key),
  );
  return rows.filter((row) => {
    if (!failed.has(key(row))) return true;
    if (STYLE.test(row.message) || ECHO.test(row.message)) return false;
    const line = `${key(row)} ${row.lineno}`;
    const isFirst = !said.has(line);
    if (row.level === "error") said.add(line);
    return isFirst;
  });
}

function complaint(
  rule: "sql-plpgsql" | "sql-trigger",
  row: z.infer<typeof Row>,
): Complaint {
  const { schema, name, relation, lineno } = row;
  const on = relation === null ? "" : ` on ${relation}`;
  const detail = row.detail ? ` (${row.detail})` : "";
  return {
    rule,
    object: { kind: "function", schema, name },
    table: relation ?? name,
    name,
    message: `${name}()${on}: ${row.message}${detail}`,
    level: WRONG.has(row.level) && !STYLE.test(row.message)
      ? "drift"
      : "advice",
    ...lineno === null ? {} : { bodyLine: lineno },
  };
}

const Unused = z.object({ schema: z.string(), name: z.string() });

/** A trigger function on no table is checked by nobody. */
async function unused(session: Session): Promise<Complaint[]> {
  const rows = await session.query(`
    select n.nspname::text as schema, p.proname::text as name
    from pg_catalog.pg_proc p
    join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where p.prorettype = 'trigger'::regtype and ${ownSchemas("n")}
      and ${notOfExtension("pg_proc", "p.oid")}
      and not exists (select from pg_catalog.pg_trigger t where t.tgfoid = p.oid)
    order by 1, 2`);
  return rows.map((row) => Unused.parse(row)).map(({ schema, name }) => ({
    rule: "sql-trigger",
    object: { kind: "function", schema, name },
    table: name,
    name,
    message: `${name}() is a trigger function that hangs on no table`,
  }));
}
