import { assertEquals, assertMatch } from "@std/assert";
import { examineDrift, judge } from "../../tasks/doctor/drift.ts";
import { scheduledJobs } from "../support/cron_table.ts";
import { onFreshDatabase } from "../support/sql.ts";
import { realPostgres } from "../support/stack.ts";

Deno.test("the schema is not checked without a database", async () => {
  const { status, detail } = await examineDrift(undefined, [], () => {});
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
      const before = await examineDrift(url, [], () => {});
      assertEquals(before.status, "red");
      assertMatch(before.detail, /missing job /);
      const jobs = await scheduledJobs();
      await database.transaction((sql) => sql.script(jobs));
      const after = await examineDrift(url, [], () => {});
      assertEquals([after.status, after.detail], [
        "green",
        "The schema is the migrations'.",
      ]);
      // what an operator has reviewed is not told again, and what no migration makes is another part of the project
      await database.transaction((sql) =>
        sql.script(
          "create table public.elsewhere (id int); revoke all on table public.elsewhere from anon; alter table public.programs add column by_hand text",
        )
      );
      const byHand = await examineDrift(url, [], () => {});
      assertEquals(byHand.status, "amber");
      assertMatch(
        byHand.detail,
        /^1 .* extra column public\.programs\.by_hand/,
      );
      const reviewed = await examineDrift(url, [{
        state: "extra",
        kind: "column",
        name: "public.programs.by_hand",
        deployed: "text",
      }], () => {});
      assertEquals([reviewed.status, reviewed.detail], [
        "green",
        "The schema is the migrations', but for 1 reviewed differences.",
      ]);
    }),
});
