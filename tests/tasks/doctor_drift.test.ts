import { assertEquals, assertMatch } from "@std/assert";
import { jobsInText } from "../../drift/live/jobs.ts";
import { readMigrations } from "../../stack/migrations.ts";
import { MIGRATIONS_DIR } from "../../stack/paths.ts";
import { examineDrift, judge } from "../../tasks/doctor/drift.ts";
import { onFreshDatabase, type Session } from "../support/sql.ts";
import { realPostgres } from "../support/stack.ts";

Deno.test("the schema is not checked without a database", async () => {
  const { status, detail } = await examineDrift(undefined, undefined, () => {});
  assertEquals([status, detail], ["not checked", "Needs --db."]);
});

Deno.test("more than the migrations make is amber, less or other is red", () => {
  const found = (...states: ("missing" | "extra" | "different")[]) => {
    const { status, detail } = judge(
      states.map((state) => ({
        state,
        kind: "index",
        name: "public.an_idx",
        owner: "public.a",
        repository: null,
        deployed: null,
      })),
    );
    return `${status}: ${detail}`;
  };
  assertEquals(found(), "green: The schema is the migrations'.");
  assertMatch(found("extra"), /^amber: 1 .* extra index public\.an_idx/);
  assertMatch(found("extra", "missing"), /^red: 2 /);
  assertMatch(found("different"), /^red: 1 .* different index/);
});

Deno.test({
  name:
    "the schema is red where jobs are missing, green as the migrations make it, on real Postgres",
  ...realPostgres,
  fn: () =>
    onFreshDatabase({}, async (database, url) => {
      const before = await examineDrift(url, undefined, () => {});
      assertEquals(before.status, "red");
      assertMatch(before.detail, /missing job /);
      await database.transaction(schedule);
      const after = await examineDrift(url, undefined, () => {});
      assertEquals([after.status, after.detail], [
        "green",
        "The schema is the migrations'.",
      ]);
    }),
});

/** pg_cron is in one database of a server alone: a stand-in with every job. */
async function schedule(sql: Session): Promise<void> {
  await sql.script(`
    create schema cron;
    create table cron.job (
      jobid serial, jobname text, schedule text, command text, active boolean default true,
      database text default current_database()
    )`);
  for (
    const { name, definition } of jobsInText(
      await readMigrations(MIGRATIONS_DIR),
    )
  ) {
    const fields = definition.split(" ");
    await sql.query(
      "insert into cron.job (jobname, schedule, command) values ($1, $2, $3)",
      [name, fields.slice(0, 5).join(" "), fields.slice(5).join(" ")],
    );
  }
}
