import { assertEquals } from "@std/assert";
import { compare } from "../../../drift/live/compare.ts";
import type { Item } from "../../../drift/live/inventory.ts";
import { jobsInText } from "../../../drift/live/jobs.ts";
import { alike } from "../../../drift/live/kind.ts";
import { text } from "../../../drift/live/text.ts";

const item = (
  kind: string,
  name: string,
  definition: string,
  owner: string | null = null,
): Item => ({ kind, name, owner, definition, normalised: alike(definition) });

Deno.test("of a table that is missing, its columns are not told again", () => {
  const repository = [
    item("table", "public.a", "x"),
    item("column", "public.a.id", "uuid", "public.a"),
    item("column", "public.b.id", "uuid", "public.b"),
  ];
  assertEquals(
    compare(repository, []).map(({ kind, name }) => `${kind} ${name}`),
    ["table public.a", "column public.b.id"],
  );
});

Deno.test("what is missing or extra is told with its definition where that is short", () => {
  const differences = compare(
    [item("grant", "t to anon", "select"), item("view", "v", "x".repeat(101))],
    [],
  );
  assertEquals(
    text(differences),
    "missing grant t to anon: select\nmissing view v\n2 missing, 0 extra, 0 different",
  );
});

Deno.test("white space makes no difference; the report shows where two bodies part", () => {
  const differences = compare(
    [
      item("function", "f()", "begin\n  a;\n  b;\nend"),
      item("view", "v", "select  1"),
    ],
    [
      item("function", "f()", "begin\n  a;\n  c;\nend"),
      item("view", "v", "select 1"),
    ],
  );
  assertEquals(
    text(differences),
    `different function f()
  repository: b;
  deployed:   c;
0 missing, 0 extra, 1 different`,
  );
});

Deno.test("jobs are read from migrations, the last of a name counts", () => {
  const migration = (sql: string) => ({
    version: "1",
    name: "a",
    file: "1_a.sql",
    sql,
  });
  const jobs = jobsInText([
    migration(`select cron.schedule('old', '0 0 * * *', 'select 1');
      select private.schedule_job('kept', '* * * * *', 'select ''a''');`),
    migration(`select cron.unschedule('old');
      -- select cron.schedule('commented', '* * * * *', 'select 1');
      select cron.schedule('kept', '5 * * * *', $$select 'b'$$);`),
  ]);
  assertEquals(
    jobs.map(({ name, definition }) => [name, definition]),
    [["kept", "5 * * * * select 'b'"]],
  );
  const listed = jobsInText([
    migration(`select w.name from (values
      ('daily', '10 0 * * *', 'select run(p => ''cron'')'),
      ('no job', 'not a schedule', 'text')) as w (name, schedule, command)`),
  ]);
  assertEquals(
    listed.map(({ name, definition }) => [name, definition]),
    [["daily", "10 0 * * * select run(p => 'cron')"]],
  );
});
