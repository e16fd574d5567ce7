import type { Database } from "./database.ts";
import type { Lite } from "./lite.ts";
import { statusOf } from "./rest_errors.ts";
import { verifyToken } from "./tokens.ts";

const SETTING = `
select split_part(setting, '=', 2) as function
from pg_db_role_setting s cross join unnest(s.setconfig) as setting
where s.setrole = 'authenticator'::regrole
  and s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
  and setting like 'pgrst.db\\_pre\\_request=%'
order by s.setdatabase desc limit 1`;

/**
 * PostgREST's pre-request, which lite leaves out: the function that the role authenticator names as
 * `pgrst.db_pre_request` runs before every request of a signed-in user, with the request's role and
 * claims, and what it raises is the answer (docs.postgrest.org, "Pre-Request"). It runs in a transaction
 * of its own, so what it sets does not reach the request.
 */
export async function withPreRequest(
  database: Database,
  lite: Lite,
): Promise<Lite> {
  const name = await database.transaction(async (session) =>
    (await session.query(SETTING))[0]?.function
  );
  if (typeof name !== "string" || name === "") return lite;
  return async (request) =>
    await refusal(database, name, request) ?? await lite(request);
}

async function refusal(
  database: Database,
  name: string,
  request: Request,
): Promise<Response | undefined> {
  const [, token = ""] =
    /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  const claims = verifyToken(token);
  if (!claims) return undefined; // a key, which is nobody's, or what lite refuses
  try {
    await database.transaction(async (session) => {
      await session.script(
        `select set_config('request.jwt.claims', ${
          literal(JSON.stringify(claims))
        }, true),
           set_config('role', ${literal(String(claims.role))}, true);
         select ${name}()`,
      );
    });
    return undefined;
  } catch (error) {
    const { code, message } = Object(error);
    // without a SQLSTATE nobody answered: lite will find that out too
    if (!/^[0-9A-Z]{5}$/.test(code)) return undefined;
    return Response.json({ code, message, details: null, hint: null }, {
      status: statusOf(code),
    });
  }
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
