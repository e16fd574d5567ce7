import { assertEquals, assertStringIncludes } from "@std/assert";
import postgres from "postgres";
import { postgresTest } from "../../support/sql.ts";
import { drift, onEmptyDatabase } from "../running.ts";

const check = (...args: string[]) => drift("--sql", ...args, "tests/drift/sql");

Deno.test("--sql without --db cannot run, and says why", async () => {
  const { code, stderr } = await check();
  assertEquals(code, 2);
  assertStringIncludes(stderr, "--sql wants --db");
});

postgresTest(
  "--sql prints its findings and leaves the database as it was",
  (server) =>
    onEmptyDatabase(server, async (url) => {
      const sql = postgres(url, { max: 1 });
      const extensions = () =>
        sql`select extname from pg_extension order by extname`;
      const before = await extensions();
      try {
        assertEquals((await check("--db", url)).code, 0);
        await sql.unsafe(`create function public.f() returns void
          language plpgsql as 'begin perform no_such(); end'`);
        const { code, stdout } = await check("--db", url);
        assertEquals([code, stdout], [
          1,
          "database:1:1 sql-plpgsql: f(): function no_such() does not exist\n",
        ]);
        assertEquals(await extensions(), before);
      } finally {
        await sql.end();
      }
    }),
);
