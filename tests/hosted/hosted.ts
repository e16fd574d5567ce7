import postgres from "postgres";
import { scratchDatabase } from "../stack/scratch.ts";
import { isSuperuser, urlAs } from "../support/servers.ts";
import { api } from "../support/stack.ts";

/** Spread into `Deno.test` for what only a server set up as hosted Supabase shows. CI has one. */
const hostedServer: { ignore: boolean; reason: string } = {
  ignore: Deno.env.get("REQUIRE_POSTGRES") !== "1" &&
    (api.dbUrl === undefined || await isSuperuser(api.dbUrl)),
  reason:
    'needs the stand-in: deno task test --db "$(.ci/postgres start --hosted)"',
};

/** A test on a server that is set up as hosted Supabase. It gets the URL of its `postgres`. */
export function hostedTest(
  name: string,
  run: (url: string) => Promise<void>,
): void {
  Deno.test({
    name: `${name}, on hosted Postgres`,
    ...hostedServer,
    fn: () => run(api.dbUrl ?? ""),
  });
}

/** Runs `work` on a project of its own, before its first migration. */
export async function onNewProject(
  url: string,
  work: (url: string) => Promise<void>,
): Promise<void> {
  await using database = await scratchDatabase(url);
  await work(database.url);
}

/** Runs `work` on one connection, as the role that is named or as the URL's. */
export async function onConnection<T>(
  url: string,
  work: (sql: postgres.Sql) => Promise<T>,
  role?: string,
): Promise<T> {
  const sql = postgres(role ? urlAs(role, url) : url, {
    max: 1,
    onnotice: () => {},
  });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}
