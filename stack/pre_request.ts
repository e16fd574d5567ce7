import { sql } from "kysely";
import type { Database } from "./database.ts";

const SETTING = `
select split_part(setting, '=', 2) as function
from pg_db_role_setting s cross join unnest(s.setconfig) as setting
where s.setrole = 'authenticator'::regrole
  and s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
  and setting like 'pgrst.db\\_pre\\_request=%'
order by s.setdatabase desc limit 1`;

/**
 * PostgREST's pre-request, which lite leaves out: the function that the role authenticator names as
 * `pgrst.db_pre_request` runs first in the transaction of every request, with the request's role and
 * claims, and what it raises is the answer (docs.postgrest.org, "Pre-Request").
 */
export async function preRequest(database: Database): Promise<void> {
  const name = await database.transaction(async (session) =>
    (await session.query(SETTING))[0]?.function
  );
  if (typeof name !== "string" || name === "") return;
  const call = sql`select ${sql.id(...name.split("."))}()`;
  const { connection } = database;
  const { withContext } = connection;
  connection.withContext = (vars, work, options) =>
    Reflect.apply(withContext, connection, [
      vars,
      async (executor: Parameters<typeof work>[0]) => {
        if (vars) await call.execute(executor);
        return await work(executor);
      },
      options,
    ]);
}
