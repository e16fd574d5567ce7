import { assertEquals } from "@std/assert";
import type { Sql } from "postgres";
import { hostedTest, onConnection, onNewProject } from "./hosted.ts";

/** What postgres may not do on hosted Supabase, and with which SQLSTATE it is refused. */
const REFUSED = [
  ["create table auth.mine (id integer)", "42501"],
  [
    "create function auth.mine() returns int language sql as 'select 1'",
    "42501",
  ],
  ["alter table auth.users add column mine integer", "42501"],
  ["create index on auth.users (created_at)", "42501"],
  ["alter table auth.users disable trigger all", "42501"],
  ["create table storage.mine (id integer)", "42501"],
  ["create table realtime.mine (id integer)", "42501"],
  ["create extension pg_stat_statements", "42501"],
  [
    "create event trigger mine on ddl_command_end execute function extensions.pgrst_ddl_watch()",
    "42501",
  ],
  ["set role supabase_admin", "42501"],
  ["set role supabase_auth_admin", "42501"],
  ["alter role supabase_admin set work_mem = '1MB'", "42501"],
  ["update pg_catalog.pg_proc set proname = 'mine' where false", "42501"],
] as const;

/** What it may do all the same. */
const ALLOWED = [
  "create table public.mine (id uuid references auth.users)",
  `create function public.touch() returns trigger language plpgsql as 'begin return new; end'`,
  "create trigger touch after insert on auth.users for each row execute function public.touch()",
  "insert into auth.users (id, email) values (gen_random_uuid(), 'a@example.com')",
  "update auth.users set banned_until = now()",
  "drop trigger touch on auth.users",
  "delete from auth.users",
  "create schema mine",
  "create extension citext with schema extensions",
  "set role anon",
  "reset role",
  "alter role authenticator in database %I set pgrst.db_pre_request = 'public.f'",
];

hostedTest(
  "postgres is no superuser, and may do what it may there",
  (url) =>
    onNewProject(url, (project) =>
      onConnection(project, async (sql) => {
        const [attributes] = await sql`
        select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication
        from pg_roles where rolname = current_user`;
        assertEquals(Object.values(attributes ?? {}), [
          false,
          true,
          true,
          true,
          true,
        ]);
        for (const [statement, refusal] of REFUSED) {
          assertEquals(await outcomeOf(sql, statement), refusal, statement);
        }
        const [database] = await sql`select current_database() as name`;
        for (const statement of ALLOWED) {
          const named = statement.replace("%I", database?.name);
          assertEquals(await outcomeOf(sql, named), "done", statement);
        }
      })),
);

hostedTest(
  "a policy or a dropped trigger locks the tables of auth until commit",
  (url) =>
    onNewProject(url, (project) =>
      onConnection(project, async (sql) => {
        await sql.unsafe("create table public.t (id integer)");
        for (
          const [statement, locks] of [
            ["create policy p on public.t using (true)", true],
            ["alter policy p on public.t using (false)", true],
            ["drop policy if exists nothing on public.t", true],
            ["drop trigger if exists nothing on public.t", true],
            ["alter table public.t add column name text", false],
            ["do $$ begin execute 'drop policy p on public.t'; end $$", true],
          ] as const
        ) {
          const [row] = await sql.begin(async (transaction) => {
            await transaction.unsafe(statement);
            return await transaction`
            select exists (
              select from pg_locks where pid = pg_backend_pid() and granted
                and relation = 'auth.users'::regclass and mode = 'AccessExclusiveLock'
            ) as locked`;
          });
          assertEquals(row?.locked, locks, statement);
        }
      })),
);

hostedTest(
  "a new table is everybody's, as in an old project",
  (url) =>
    onNewProject(url, (project) =>
      onConnection(project, async (sql) => {
        await sql.unsafe(`create table public.t (id serial);
        create function public.f() returns int language sql as 'select 1'`);
        const rows = await sql`
        select r.role from unnest(array['anon', 'authenticated', 'service_role']) as r (role)
        where has_table_privilege(r.role, 'public.t', 'select, insert, update, delete, truncate')
          and has_sequence_privilege(r.role, 'public.t_id_seq', 'usage')
          and has_function_privilege(r.role, 'public.f()', 'execute')`;
        assertEquals(rows.map(({ role }) => role), [
          "anon",
          "authenticated",
          "service_role",
        ]);
      })),
);

hostedTest(
  "Auth owns its schema and works under the search path auth",
  (url) =>
    onConnection(url, async (sql) => {
      const [row] = await sql`
      select current_setting('search_path') as path, to_regclass('users')::text as users,
        pg_get_userbyid(c.relowner) as owner,
        (select format_type(a.atttypid, null) from pg_attribute a
         where a.attrelid = 'auth.refresh_tokens'::regclass and a.attname = 'user_id') as user_id
      from pg_class c where c.oid = 'auth.users'::regclass`;
      assertEquals({ ...row }, {
        path: "auth",
        users: "users",
        owner: "supabase_auth_admin",
        user_id: "character varying",
      });
    }, "supabase_auth_admin"),
);

async function outcomeOf(sql: Sql, statement: string): Promise<string> {
  try {
    await sql.unsafe(statement);
    return "done";
  } catch (error) {
    return error instanceof Error && "code" in error
      ? String(error.code)
      : String(error);
  }
}
