import postgres from "postgres";

/** The same database by another role's name: a stand-in asks nobody for a password, `supabase start` all for one. */
export function urlAs(role: string, url: string): string {
  const other = new URL(url);
  other.username = role;
  return other.href;
}

/** The same database as a superuser, for what no project's `postgres` may do and a test still has to. */
export async function superuserUrl(url: string): Promise<string> {
  return await isSuperuser(url) ? url : urlAs("supabase_admin", url);
}

/** Whether the role that a URL names is a superuser. */
export async function isSuperuser(url: string): Promise<boolean> {
  const sql = postgres(url, { max: 1 });
  try {
    const [row] = await sql`
      select rolsuper from pg_catalog.pg_roles where rolname = current_user`;
    return row?.rolsuper === true;
  } finally {
    await sql.end();
  }
}

/**
 * Makes a database give the Data API's roles nothing on new tables and sequences, as the embedded stack and
 * projects made since 2026-10-30 do; functions are theirs to call, which is PostgreSQL's own default.
 */
export const NO_DEFAULT_GRANTS = `
alter default privileges in schema public
  revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public
  revoke all on sequences from anon, authenticated, service_role;`;

/** Runs statements on a connection of their own. */
export async function runSql(url: string, statements: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(statements);
  } finally {
    await sql.end();
  }
}
