import type { Session } from "../../stack/session.ts";
import type { Complaint } from "./complaint.ts";
import { errorsOf } from "./errors_of.ts";

/**
 * Every active job's command is made the body of a function that nobody calls: PostgreSQL parses it, with all
 * tables, columns and functions in it, and runs nothing.
 */
export async function checkCron(session: Session): Promise<Complaint[]> {
  const [cron] = await session.query(
    "select from pg_catalog.pg_class where oid = pg_catalog.to_regclass('cron.job')",
  );
  if (!cron) return [];
  const broken = await errorsOf(
    session,
    `select null as schema, coalesce(j.jobname, 'job ' || j.jobid) as name, null as "table",
       'public, extensions' as path, format(
         'create or replace function pg_temp.drift_command() returns void language sql as %L', j.command) as sql
     from cron.job j where j.active and j.database = current_database()
     union all
     select null, coalesce(j.jobname, 'job ' || j.jobid), null, '',
       format('select %L::regrole', quote_ident(j.username))
     from cron.job j where j.active and j.database = current_database()`,
  );
  return broken.map(({ name, error }) => ({
    rule: "cron-command",
    object: { kind: "job", schema: null, name },
    table: name,
    name,
    message: `job ${name}: ${error}`,
  }));
}
