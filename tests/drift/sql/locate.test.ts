import { assertEquals } from "@std/assert";
import { locate } from "../../../drift/sql/locate.ts";

const migration = (file: string, sql: string) => ({
  version: file,
  name: file,
  file,
  sql,
});

const MIGRATIONS = [
  migration(
    "1.sql",
    "create function public.f() returns int language sql as $$ select 1 $$;",
  ),
  migration(
    "2.sql",
    `-- header
create or replace function public.f()
returns int
language plpgsql as $body$
begin
  return x;
end $body$;
create policy "read own" on public.t for select using (true);
select private.schedule_job('nightly', '0 0 * * *', 'select 1');
`,
  ),
  migration(
    "3.sql",
    "create function public.ff() returns int language sql as $$ select 1 $$;",
  ),
];

const at = (
  object: Parameters<typeof locate>[0]["object"],
  bodyLine?: number,
) =>
  locate(
    bodyLine === undefined ? { object } : { object, bodyLine },
    MIGRATIONS,
    "m",
  );

Deno.test("a function is where it is defined last, its line that of its body", () => {
  const object = { kind: "function", schema: "public", name: "f" } as const;
  assertEquals(at(object), { file: "m/2.sql", line: 2, column: 1 });
  assertEquals(at(object, 3), { file: "m/2.sql", line: 6, column: 1 });
});

Deno.test("policies and jobs are found by their names", () => {
  assertEquals(
    at({ kind: "policy", schema: "public", name: "read own", table: "t" }),
    { file: "m/2.sql", line: 8, column: 1 },
  );
  assertEquals(
    at({ kind: "job", schema: null, name: "nightly" }),
    { file: "m/2.sql", line: 9, column: 16 },
  );
});

Deno.test("what no migration defines stands in the database", () => {
  assertEquals(
    at({ kind: "view", schema: "public", name: "f" }),
    { file: "database", line: 1, column: 1 },
  );
});
