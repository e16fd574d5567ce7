import { assertEquals, assertRejects } from "@std/assert";
import { openDatabase } from "../../stack/database.ts";
import { StackError } from "../../stack/errors.ts";
import { readSchemas } from "../../stack/schemas.ts";
import type { Row } from "../../stack/session.ts";
import { api, realPostgres } from "../support/stack.ts";
import { type Project, scratchDatabase, scratchProject } from "./scratch.ts";

const PATHS = `
[db.migrations]
schema_paths = ["./schemas/00_platform/first.sql", "./schemas/00_platform/*.sql", "./schemas/1?_*/*.sql"]
`;

const FILES = {
  "config.toml": PATHS,
  "schemas/00_platform/first.sql": "set check_function_bodies = off;",
  "schemas/00_platform/early.sql":
    "create function public.early() returns bigint language sql as $$ select count(*) from public.late $$;",
  "schemas/10_people/late.sql":
    "create table public.late (id integer primary key);",
  "migrations/20260101000000_late.sql":
    "create table public.late (id integer primary key);",
};

async function rows(
  project: Project,
  sql: string,
  options: Parameters<typeof openDatabase>[0] = {},
): Promise<Row[]> {
  const database = await openDatabase({
    supabase: project.folder,
    seed: false,
    ...options,
  });
  try {
    return await database.transaction((session) => session.query(sql));
  } finally {
    await database.close();
    Deno.exitCode = 0; // initdb, compiled to WASM, leaves its own behind
  }
}

const EARLY = "select to_regproc('public.early')::text as early";
const HISTORY =
  "select version, statements from supabase_migrations.schema_migrations order by 1";

Deno.test("schema_paths are read as the Supabase CLI reads them: in order, each sorted, a file once", async () => {
  await using project = await scratchProject(FILES);
  const files = await readSchemas(project.folder);
  assertEquals(files?.map(({ file }) => file), [
    "schemas/00_platform/first.sql",
    "schemas/00_platform/early.sql",
    "schemas/10_people/late.sql",
  ]);
});

Deno.test("a pattern without a file is refused", async () => {
  await using project = await scratchProject({
    ...FILES,
    "config.toml": PATHS.replace("1?_*", "2?_*"),
  });
  await assertRejects(
    () => readSchemas(project.folder),
    StackError,
    "no file is schemas/2?_*/*.sql",
  );
});

Deno.test("a file of the schemas that no pattern names is refused", async () => {
  await using project = await scratchProject(FILES);
  await project.write("schemas/10_people/deeper/forgotten.sql", "");
  await assertRejects(
    () => readSchemas(project.folder),
    StackError,
    "schemas/10_people/deeper/forgotten.sql",
  );
});

Deno.test("a project without schema_paths has migrations alone", async () => {
  await using project = await scratchProject({ ...FILES, "config.toml": "" });
  assertEquals(await readSchemas(project.folder), undefined);
  assertEquals(await rows(project, EARLY), [{ early: null }]);
});

Deno.test("an empty database is made of the schemas, and its history says that all migrations are applied", async () => {
  await using project = await scratchProject(FILES);
  assertEquals(await rows(project, EARLY), [{ early: "early" }]);
  assertEquals(await rows(project, HISTORY), [{
    version: "20260101000000",
    statements: ["create table public.late (id integer primary key)"],
  }]);
});

Deno.test("a database can be made of the migrations all the same", async () => {
  await using project = await scratchProject(FILES);
  const from = "migrations";
  assertEquals(await rows(project, EARLY, { from }), [{ early: null }]);
});

Deno.test("a folder that migrations made is brought up to date by migrations", async () => {
  await using project = await scratchProject(FILES);
  const data = `${project.folder}/data`;
  await rows(project, EARLY, { data, from: "migrations" });
  await project.write(
    "migrations/20260102000000_later.sql",
    "create table public.later ();",
  );
  assertEquals(await rows(project, EARLY, { data }), [{ early: null }]);
  assertEquals(
    await rows(project, "select to_regclass('public.later')::text as later", {
      data,
    }),
    [{ later: "later" }],
  );
});

Deno.test("a changed schema is never served from an old snapshot", async () => {
  await using project = await scratchProject(FILES);
  const columns =
    "select count(*)::int as count from pg_attribute where attrelid = 'public.late'::regclass and attnum > 0";
  assertEquals(await rows(project, columns), [{ count: 1 }]);
  await project.write(
    "schemas/10_people/late.sql",
    "create table public.late (id integer, more text);",
  );
  assertEquals(await rows(project, columns), [{ count: 2 }]);
});

for (
  const [what, path, sql, words] of [
    [
      "a statement that fails",
      "schemas/10_people/late.sql",
      "create table public.late (id integer);\nselect 1 from nowhere;",
      'schemas/10_people/late.sql:2: 42P01 relation "nowhere" does not exist',
    ],
    [
      "a body that names what is not there",
      "schemas/00_platform/early.sql",
      "create function public.early() returns bigint language sql as $$ select count(*) from public.latte $$;",
      'schemas/00_platform/early.sql: 42P01 early(): relation "public.latte" does not exist',
    ],
    [
      "a plpgsql body that is none",
      "schemas/00_platform/early.sql",
      "create function public.early() returns void language plpgsql as $$ begin retrun; end $$;",
      "schemas/00_platform/early.sql: 42601 early(): syntax error",
    ],
  ] as const
) {
  Deno.test(`${what} is told with its file, and nothing is made`, async () => {
    await using project = await scratchProject(FILES);
    await project.write(path, sql);
    const data = `${project.folder}/data`;
    await assertRejects(
      () => rows(project, EARLY, { data }),
      StackError,
      words,
    );
    await project.write("config.toml", "");
    await project.write("migrations/20260101000000_late.sql", "select 1;");
    assertEquals(
      await rows(project, "select to_regclass('public.late') as late", {
        data,
      }),
      [{ late: null }],
    );
  });
}

Deno.test({
  name:
    "the same on a server, where a second start runs what is new, on real Postgres",
  ...realPostgres,
  fn: async () => {
    await using project = await scratchProject(FILES);
    await using database = await scratchDatabase(api.dbUrl ?? "");
    const db = database.url;
    assertEquals(await rows(project, EARLY, { db }), [{ early: "early" }]);
    await project.write(
      "migrations/20260102000000_later.sql",
      "create table public.later ();",
    );
    const history = await rows(project, HISTORY, { db });
    assertEquals(history.map(({ version }) => version), [
      "20260101000000",
      "20260102000000",
    ]);
  },
});
