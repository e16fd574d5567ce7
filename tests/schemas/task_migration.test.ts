import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { StackError } from "../../stack/errors.ts";
import { type Sample, sample } from "./sample.ts";

const FUNCTION = "schemas/10_things/count_things.sql";
const TABLE = "schemas/10_things/things.sql";

/** What a run writes, after which the schemas and the migrations make the same. */
async function settled(project: Sample): Promise<Map<string, string>> {
  await project.migrate("A test.");
  assertEquals(await project.compared(), { differences: [], open: [] });
  assertEquals(await project.migrate(), { differences: [], files: [] });
  return await project.written();
}

/** A file without its header and settings. */
function body(sql = ""): string {
  return sql.replace(/^(?:--.*\n)+\n(?:set .*\n)+\n/, "");
}

Deno.test("a changed function gives a migration with that function alone, its comment and its grants", async () => {
  await using project = await sample();
  await project.change(FUNCTION, "count(*)", "count(t.name)");
  const written = await settled(project);
  assertEquals([...written.keys()], ["change.sql"]);
  const sql = written.get("change.sql") ?? "";
  assertEquals(body(sql), await project.read(FUNCTION));
  assertMatch(
    sql,
    /^-- Change\.\n--\n-- Why: A test\.\n-- Locks: none on tables\. Can be run again\.\n\nset lock_timeout/,
  );
});

Deno.test("a new table comes with all that is on it, and its policies in a second file", async () => {
  await using project = await sample();
  const table = await project.read(TABLE);
  await project.write(
    "schemas/10_things/places.sql",
    table.replaceAll("things", "places"),
  );
  const written = await settled(project);
  assertEquals([...written.keys()].sort(), [
    "change.sql",
    "change_policies.sql",
  ]);
  const sql = written.get("change.sql") ?? "";
  for (
    const part of [
      "create table if not exists public.places (",
      "select private.assert_table('public.places', $$\n  id uuid not null default (gen_random_uuid()),",
      "'FOREIGN KEY (owner_id) REFERENCES auth.users(id)'",
      "select private.ensure_index('create index places_name_idx on public.places (name)');",
      "comment on table public.places is 'What people have.';",
      "grant select on table public.places to authenticated;",
      "create or replace trigger keep_name",
      "SHARE ROW EXCLUSIVE on auth.users for the foreign key of public.places",
    ]
  ) assertStringIncludes(sql, part);
  assert(!sql.includes("policy"));
  assertMatch(
    written.get("change_policies.sql") ?? "",
    /if not private\.policy_is\('public\.places', 'select', '[0-9a-f]{32}'\) then/,
  );
});

Deno.test("a changed policy is made anew behind a look at the catalog, one that is gone dropped behind one", async () => {
  await using project = await sample();
  await project.change(TABLE, 'create policy "select"', 'create policy "own"');
  const written = await settled(project);
  assertEquals([...written.keys()], ["change_policies.sql"]);
  assertMatch(
    body(written.get("change_policies.sql")),
    /policy_is[\s\S]*create policy "own"[\s\S]*polname = 'select'\) then\s+drop policy "select" on public\.things;/,
  );
});

Deno.test("a trigger, a comment, a grant, an index and an added column are made up for", async () => {
  await using project = await sample();
  for (
    const [from, to] of [
      ["before update on", "before insert or update on"],
      ["What people have.", "What people own."],
      ["grant select on", "grant select, insert on"],
      ["  owner_id", "  note text default 'none',\n  owner_id"],
      [
        "alter table",
        "create index things_note_idx on public.things (note);\n\nalter table",
      ],
    ] as const
  ) await project.change(TABLE, from, to);
  const sql = (await settled(project)).get("change.sql") ?? "";
  for (
    const part of [
      "alter table public.things add column if not exists note text default 'none';",
      "select private.assert_table('public.things', $$note text default 'none'$$);",
      "revoke all on table public.things from authenticated;",
      "grant select, insert on table",
      "before insert or update on",
      "comment on table public.things is 'What people own.';",
      "-- Locks: ACCESS EXCLUSIVE on public.things, for a moment; SHARE ROW EXCLUSIVE on public.things for its trigger",
    ]
  ) assertStringIncludes(sql, part);
  assert(!sql.includes("create table"));
  assert(sql.indexOf("add column") < sql.indexOf("things_note_idx"));
});

Deno.test("an added column's default stands as the schemas have it, where it is a literal", async () => {
  await using project = await sample();
  await project.change(
    TABLE,
    "  owner_id",
    `  mood text not null default 'it''s calm',
  rank integer not null default -1,
  size numeric(4, 1) default 1.5,
  tags text[] not null default '{}',
  seen_at timestamptz not null default now(),
  owner_id`,
  );
  const sql = (await settled(project)).get("change.sql") ?? "";
  for (
    const column of [
      "mood text not null default 'it''s calm'",
      "size numeric(4,1) default 1.5",
      "tags text[] not null default '{}'",
      "seen_at timestamp with time zone not null default now()",
    ]
  ) assertStringIncludes(sql, `add column if not exists ${column};`);
  assertMatch(sql, /rank integer not null default (?:-1|'-1');/);
});

Deno.test("an added column that is generated is stored, and where rows get values of their own, whether the table may be written anew is asked", async () => {
  await using project = await sample();
  await project.change(
    TABLE,
    "  owner_id",
    "  is_short boolean not null generated always as (length(name) in (0, 6)) stored,\n" +
      "  key uuid not null default gen_random_uuid(),\n  owner_id",
  );
  await project.migrate("A test.");
  const [[name = "", sql = ""] = []] = [...await project.written()];
  assertMatch(
    sql,
    /\n-- decide: public\.things may be written anew for is_short: .*\nalter table public\.things add column if not exists is_short boolean not null generated always as \(.*\) stored;\n/,
  );
  assertMatch(
    sql,
    /\n-- decide: .* for key: .*\nalter table public\.things add column if not exists key uuid not null default gen_random_uuid\(\);/,
  );
  assertStringIncludes(
    sql,
    "-- Locks: ACCESS EXCLUSIVE on public.things, while it is written anew.",
  );
  const [file = ""] = (await Array.fromAsync(
    Deno.readDir(`${project.folder}/migrations`),
    (it) => it.name,
  )).filter((it) => it.endsWith(name));
  await project.write(
    `migrations/${file}`,
    sql.replaceAll(
      /-- decide: .*/g,
      "-- squawk-ignore adding-field-with-default",
    ),
  );
  assertEquals(await project.compared(), { differences: [], open: [] });
});

Deno.test("a new type is asserted after it was looked for by name", async () => {
  await using project = await sample();
  await project.write(
    "schemas/10_things/size.sql",
    "create type public.size as (width integer, unit text);\n" +
      "create type public.mood as enum ('calm', 'lively');\n",
  );
  const sql = (await settled(project)).get("change.sql") ?? "";
  for (
    const line of [
      "select private.assert_type('public.size', 'width integer, unit text');",
      "select private.assert_enum('public.mood', 'calm', 'lively');",
    ]
  ) assertStringIncludes(sql, line);
});

Deno.test("what is asserted of a new table is quoted so that nothing in it ends the quotes", async () => {
  await using project = await sample();
  await project.write(
    "schemas/10_things/places.sql",
    `create table public.places (
  note text not null default 'it''s $$quiet$$',
  other text default '$text1$',
  is_quiet boolean generated always as (note like '%quiet%') stored
);
revoke all on table public.places from public, anon, authenticated, service_role;
`,
  );
  const sql = (await settled(project)).get("change.sql") ?? "";
  assertStringIncludes(sql, "assert_table('public.places', $text2$\n");
  assertMatch(sql, /is_quiet boolean generated always as \(.*\) stored\n/);
});

Deno.test("a changed column is left to be decided on, and until then nothing passes", async () => {
  await using project = await sample();
  await project.change(TABLE, "name text not null", "name text");
  await project.migrate("A test.");
  const { open } = await project.compared();
  assertEquals(open.length, 1);
  assertMatch(
    open.join(),
    /change\.sql:\d+: -- decide: different: column public\.things\.name/,
  );
  assertStringIncludes(
    (await project.written()).get("change.sql") ?? "",
    "--  schemas:    text\n--  migrations: text not null",
  );
  await assertRejects(() => project.migrate(), StackError, "-- decide:");
});

Deno.test("what is dropped, or gives another type, is left to be decided on", async () => {
  await using project = await sample();
  await Deno.remove(`${project.folder}/schemas/00_platform/keep_name.sql`);
  const table = await project.read(TABLE);
  await project.write(
    TABLE,
    table.slice(0, table.indexOf("create or replace trigger")),
  );
  await project.change(FUNCTION, "returns bigint", "returns integer");
  await project.change(FUNCTION, "count(*)", "count(*)::integer");
  await project.migrate("A test.");
  const written = await project.written();
  for (
    const line of [
      "-- decide: only in migrations: function private.keep_name()",
      "-- decide: different: function public.count_things(p_name text)",
    ]
  ) assertStringIncludes(written.get("change.sql") ?? "", line);
  assertStringIncludes(
    written.get("change_policies.sql") ?? "",
    'drop trigger "keep_name" on public.things;',
  );
});

Deno.test("the task says what it found and wrote, and asks for the reason that it was not given", async () => {
  await using project = await sample();
  const none = await project.task("migration", "change");
  assertEquals([none.code, none.stdout], [0, "nothing differs\n"]);
  await project.change(FUNCTION, "count(*)", "count(t.name)");
  const { code, stdout, stderr } = await project.task("migration", "change");
  assertEquals(code, 1);
  assertMatch(
    stdout,
    /^different: function public\.count_things[\s\S]*\nwritten: supabase\/migrations\/\d{14}_change\.sql\n$/,
  );
  assertMatch(stderr, /-- decide: why is this needed\?/);
});

Deno.test("the task says how it is used, and wants one name", async () => {
  await using project = await sample();
  assertMatch((await project.task("migration", "--help")).stdout, /^Writes/);
  assertEquals((await project.task("migration")).code, 1);
  assertEquals((await project.task("migration", "Two Words")).code, 1);
});
