import { assertEquals, assertRejects } from "@std/assert";
import { openDatabase } from "../../stack/database.ts";
import { api, realPostgres } from "../support/stack.ts";
import { scratchDatabase, scratchProject } from "./scratch.ts";

const FIRST = `create table public.first (id integer);
insert into public.first values (1);`;
const SECOND = `set search_path = '';
create function public.second() returns text language sql as $$ select 'a;b' $$;`;

const FILES = {
  "migrations/20260101000000_first.sql": FIRST,
  "migrations/20260102000000_second.sql": SECOND,
  "migrations/README.md": "no migration",
  "seed.sql": "insert into public.first values (2);",
};

async function rows(options: Parameters<typeof openDatabase>[0], sql: string) {
  const database = await openDatabase(options);
  const result = await database.transaction((session) => session.query(sql));
  await database.close();
  return result;
}

Deno.test("migrations are applied in order and recorded as the Supabase CLI records them", async () => {
  await using project = await scratchProject(FILES);
  const source = {
    migrations: `${project.folder}/migrations`,
    seed: false as const,
  };
  assertEquals(
    await rows(
      source,
      "select version, name, statements from supabase_migrations.schema_migrations order by 1",
    ),
    [
      {
        version: "20260101000000",
        name: "first",
        statements: [
          "create table public.first (id integer)",
          "insert into public.first values (1)",
        ],
      },
      {
        version: "20260102000000",
        name: "second",
        statements: [
          "set search_path = ''",
          "create function public.second() returns text language sql as $$ select 'a;b' $$",
        ],
      },
    ],
  );
});

Deno.test("what a migration sets does not reach what comes after it", async () => {
  await using project = await scratchProject(FILES);
  const source = {
    migrations: `${project.folder}/migrations`,
    seed: false as const,
  };
  const [shown] = await rows(source, "show search_path");
  assertEquals(shown?.search_path, '"$user", public, extensions');
});

Deno.test("a changed migration is never served from an old snapshot", async () => {
  await using project = await scratchProject(FILES);
  const source = {
    migrations: `${project.folder}/migrations`,
    seed: `${project.folder}/seed.sql`,
  };
  const count = "select count(*)::int as count from public.first";
  assertEquals(await rows(source, count), [{ count: 2 }]);
  assertEquals(await rows(source, count), [{ count: 2 }]);
  await project.write(
    "migrations/20260101000000_first.sql",
    FIRST.replace("(1)", "(1), (3)"),
  );
  assertEquals(await rows(source, count), [{ count: 3 }]);
});

Deno.test("a migration that fails leaves nothing of itself", async () => {
  await using project = await scratchProject({
    "migrations/20260101000000_half.sql":
      "create table public.half (id integer); select 1 / 0;",
  });
  const source = {
    migrations: `${project.folder}/migrations`,
    data: `${project.folder}/data`,
    seed: false as const,
  };
  await assertRejects(() => openDatabase(source), Error, "22012");
  await project.write("migrations/20260101000000_half.sql", "select 1;");
  assertEquals(
    await rows(source, "select to_regclass('public.half') as half"),
    [{ half: null }],
  );
});

Deno.test({
  name:
    "a database that has some migrations gets only the others, on real Postgres",
  ...realPostgres,
  fn: async () => {
    await using project = await scratchProject({
      "migrations/20260101000000_first.sql": FIRST,
      "seed.sql": FILES["seed.sql"],
    });
    await using database = await scratchDatabase(api.dbUrl ?? "");
    const source = {
      db: database.url,
      migrations: `${project.folder}/migrations`,
      seed: `${project.folder}/seed.sql`,
    };
    const count = "select count(*)::int as count from public.first";
    assertEquals(await rows(source, count), [{ count: 2 }]);
    await project.write("migrations/20260102000000_second.sql", SECOND);
    assertEquals(await rows(source, count), [{ count: 2 }]);
    assertEquals(await rows(source, "select public.second()"), [{
      second: "a;b",
    }]);
  },
});
