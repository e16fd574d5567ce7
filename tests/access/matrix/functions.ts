import { type Session } from "../../support/sql.ts";

const CALLABLE = `
select
  p.oid::regprocedure::text as function,
  p.prosecdef as definer,
  p.prorettype = 'trigger'::regtype as trigger,
  has_function_privilege('anon', p.oid, 'EXECUTE') as anon,
  has_function_privilege('authenticated', p.oid, 'EXECUTE') as "user",
  has_function_privilege('service_role', p.oid, 'EXECUTE') as service
from pg_proc p
where p.pronamespace = 'public'::regnamespace
  and not exists (
    select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
  )
order by 1`;

/** Who may execute each function of the schema public, as lines of functions.txt. */
export async function functionLines(sql: Session): Promise<string[]> {
  return (await sql.query(CALLABLE)).map((row) => {
    const who = ["anon", "user", "service"]
      .map((role) => (row[role] ? role : "-").padEnd(8)).join("");
    const kind = row.trigger ? "trigger" : row.definer ? "definer" : "invoker";
    return `${who}${kind}  ${row.function}`;
  });
}
