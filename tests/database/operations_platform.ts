import { assertEquals } from "@std/assert";
import { jobsInText } from "../../drift/live/jobs.ts";
import { readMigrations } from "../../stack/migrations.ts";
import { MIGRATIONS_DIR } from "../../stack/paths.ts";
import { assertCheck, type Cases, check, checks } from "./operations_checks.ts";

/** What is wrong with what the functions stand on, and how operations_health tells. */
export const PLATFORM: Cases = {
  "migrations is red where the history lacks this one": async (sql) => {
    const files = await readMigrations(MIGRATIONS_DIR);
    const newest = files.at(-1)?.version ?? "";
    await assertCheck(sql, "migrations", ["green", files.length, newest]);
    await sql.query(
      "delete from supabase_migrations.schema_migrations where version >= '20260330'",
    );
    const { status, number } = await check(sql, "migrations");
    assertEquals([status, number < files.length], ["red", true]);
  },

  // Stand-ins of the two extensions that only Supabase has, with the columns that are read.
  "vault is red until URL and key are there, and shows neither": async (
    sql,
  ) => {
    await sql.script(`
        create schema vault;
        create table vault.secrets (id uuid default gen_random_uuid(), name text, secret text);
        insert into vault.secrets (name, secret) values ('supabase_url', 'https://marked.example.com')`);
    await assertCheck(sql, "vault", ["red", 1, "supabase_secret_key"]);
    await sql.query(
      "insert into vault.secrets (name, secret) values ('supabase_secret_key', 'sb_secret_marked')",
    );
    await assertCheck(sql, "vault", ["green", 0, null]);
    assertEquals(
      JSON.stringify(await checks(sql)).includes("marked"),
      false,
    );
  },

  "pg_net is amber while some calls of the hour failed, red while all did":
    async (sql) => {
      await sql.script(`
        create schema net;
        create table net._http_response (
          id bigint, status_code integer, timed_out boolean, error_msg text, created timestamptz default now()
        )`);
      const answered = (status: number | null, error: string | null = null) =>
        sql.query(
          "insert into net._http_response (status_code, timed_out, error_msg) values ($1, false, $2)",
          [status, error],
        );
      await assertCheck(sql, "pg_net", ["green", 0, null]);
      await answered(401);
      await assertCheck(sql, "pg_net", ["red", 1, "status 401"]);
      await answered(null, "Couldn't connect to server");
      await assertCheck(sql, "pg_net", ["red", 2, "no answer"]);
      await answered(200);
      await assertCheck(sql, "pg_net", ["amber", 2, "no answer"]);
      await assertCheck(sql, "pg_net", ["green", 0, null], "61 minutes");
    },

  "the jobs it wants are those that the schemas list, and schedule": async (
    sql,
  ) => {
    const wanted = await sql.query(
      "select name, schedule || ' ' || command as definition from private.wanted_cron_jobs() order by name",
    );
    const scheduled = jobsInText(await readMigrations(MIGRATIONS_DIR))
      .filter(({ name }) => name !== "process-email-queue") // no server here has pg_net
      .map(({ name, definition }) => ({
        name,
        definition: definition.replaceAll(/\s+/g, " "),
      }));
    assertEquals(
      wanted.map(({ name, definition }) => ({ name, definition })),
      scheduled.toSorted((a, b) => a.name < b.name ? -1 : 1),
    );
  },
};
