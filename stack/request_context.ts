import type { Connection } from "@supabase/lite";
import { sql } from "kysely";

/** What lite knows of a request, of which this reads the caller. */
type Vars = Parameters<Connection["withContext"]>[0];
type Kysely = Connection["kysely"];
type Options = NonNullable<Parameters<Connection["withContext"]>[2]>;

/**
 * Makes lite tell the database who calls in one statement, and not in one a setting: six for a table,
 * eleven for a function. Which settings, and that they end with the transaction, stays as it is.
 */
export function requestContext(connection: Connection): void {
  const { withContext } = connection;
  connection.withContext = async <T>(
    vars: Vars,
    work: (executor: Kysely) => Promise<T>,
    options: Options = {},
  ): Promise<T> => {
    if (!vars || options.transaction || options.forceRollback) {
      return await Reflect.apply(withContext, connection, [
        vars,
        work,
        options,
      ]);
    }
    return await connection.kysely.transaction().execute(
      async (transaction) => {
        await set(transaction, settings(vars, options));
        return await work(transaction);
      },
    );
  };
}

/** The settings of a request by name, the role last: it may not be allowed what comes before it. */
function settings(vars: Vars, { rpc }: Options): [string, string][] {
  const { role, uid, jwt } = Object(vars?.auth);
  const { operation } = Object(vars?.storage);
  return [
    ["request.jwt.claim.sub", String(uid ?? "")],
    ["request.jwt.claim.role", role || "anon"],
    ["request.jwt.claims", jwt ? JSON.stringify(jwt) : ""],
    ["storage.operation", String(operation ?? "")],
    ...rpc ? rpcSettings(rpc) : [],
    ["role", role || "anon"],
  ];
}

function rpcSettings(
  { method, path, requestHeaders = {}, readOnly }: NonNullable<Options["rpc"]>,
): [string, string][] {
  return [
    ["response.status", ""],
    ["response.headers", ""],
    ["request.method", method],
    ["request.path", path],
    ["request.headers", JSON.stringify(requestHeaders)],
    ...readOnly
      ? [["transaction_read_only", "on"] satisfies [string, string]]
      : [],
  ];
}

async function set(
  transaction: Kysely,
  settings: [string, string][],
): Promise<void> {
  const calls = settings.map(([name, value]) =>
    sql`set_config(${name}, ${value}, true)`
  );
  await sql`select ${sql.join(calls)}`.execute(transaction);
}
