import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { type Sample, sample } from "./sample.ts";

const WHY = ["--why", "A test."];

/** What a run writes, after which the schemas and the migrations make the same. */
async function settled(project: Sample): Promise<Map<string, string>> {
  const { code, stderr } = await project.migration("change", ...WHY);
  assertEquals(code, 0, stderr);
  const compared = await project.schema();
  assertEquals(compared.code, 0, compared.stdout);
  const again = await project.migration("change");
  assertEquals(again.stdout, "nothing differs\n");
  return await project.written();
}

/** A file without its header and settings. */
function body(sql = ""): string {
  return sql.replace(/^(?:--.*\n)+\n(?:set .*\n)+\n/, "");
}

Deno.test("where nothing differs nothing is written", async () => {
  await using project = await sample();
  const { code, stdout } = await project.migration("change");
  assertEquals({ code, stdout }, { code: 0, stdout: "nothing differs\n" });
  assertEquals((await project.written()).size, 0);
});

Deno.test("a changed function gives a migration with that function alone, its comment and its grants", async () => {
  await using project = await sample();
  const path = "schemas/10_things/things_count.sql";
  await project.change(path, "count(*)", "count(t.name)");
  const written = await settled(project);
  assertEquals([...written.keys()], ["change.sql"]);
  const sql = written.get("change.sql") ?? "";
  assertEquals(
    body(sql).replaceAll("\n\n", "\n").trim(),
    (await project.read(path)).trim(),
  );
  assertMatch(
    sql,
    /^-- Change\.\n--\n-- Why: A test\.\n-- Locks: none on tables\. Can be run again\.\n\nset lock_timeout/,
  );
});

Deno.test("a new table comes with all that is on it, and its policies in a second file", async () => {
  await using project = await sample();
  const table = await project.read("schemas/10_things/things.sql");
  await project.write(
    "schemas/10_things/places.sql",
    table.replaceAll("things", "places"),
  );
  const written = await settled(project);
  assertEquals([...written.keys()].sort(), [
    "change.sql",
    "change_policies.sql",
  ]);
  const [sql = "", policies = ""] = [
    written.get("change.sql"),
    written.get("change_policies.sql"),
  ];
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
    policies,
    /if not private\.policy_is\('public\.places', 'select', '[0-9a-f]{32}'\) then/,
  );
});

Deno.test("a changed policy is made anew behind a look at the catalog, one that is gone dropped behind one", async () => {
  await using project = await sample();
  const path = "schemas/10_things/things.sql";
  await project.change(path, 'create policy "select"', 'create policy "own"');
  await project.change(
    path,
    "owner_id = (select",
    "owner_id is not distinct from (select",
  );
  const written = await settled(project);
  assertEquals([...written.keys()], ["change_policies.sql"]);
  assertMatch(
    body(written.get("change_policies.sql")),
    /polname = 'select'\) then\n    drop policy "select" on public\.things;[\s\S]*create policy "own"/,
  );
});

Deno.test("a trigger, a comment, a grant, an index and an added column are made up for", async () => {
  await using project = await sample();
  const path = "schemas/10_things/things.sql";
  await project.change(path, "before update on", "before insert or update on");
  await project.change(path, "What people have.", "What people own.");
  await project.change(path, "grant select on", "grant select, insert on");
  await project.change(
    path,
    "  owner_id",
    "  note text default 'none',\n  owner_id",
  );
  await project.change(
    path,
    "alter table",
    "create index things_note_idx on public.things (note);\n\nalter table",
  );
  const sql = (await settled(project)).get("change.sql") ?? "";
  for (
    const part of [
      "alter table public.things add column if not exists note text default ('none'::text);",
      "select private.assert_table('public.things', $$note text default ('none'::text)$$);",
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

Deno.test("a changed column is left to be decided on, and until then nothing passes", async () => {
  await using project = await sample();
  await project.change(
    "schemas/10_things/things.sql",
    "name text not null",
    "name varchar(20) not null",
  );
  const { code, stderr } = await project.migration("change", ...WHY);
  assertEquals(code, 1);
  assertMatch(
    stderr,
    /change\.sql:\d+: -- decide: different: column public\.things\.name/,
  );
  const sql = (await project.written()).get("change.sql");
  assertStringIncludes(
    body(sql),
    "--   schemas:    character varying(20) not null\n--   migrations: text not null",
  );
  assertMatch((await project.schema()).stdout, /-- decide: different: column/);
  assertMatch((await project.migration("again")).stderr, /-- decide:/);
});

Deno.test("what is dropped, or gives another type, is left to be decided on", async () => {
  await using project = await sample();
  await Deno.remove(`${project.folder}/schemas/00_platform/keep_name.sql`);
  const path = "schemas/10_things/things.sql";
  await project.change(
    path,
    (await project.read(path)).slice(
      (await project.read(path)).indexOf("create or replace trigger"),
    ),
    "",
  );
  await project.change(
    "schemas/10_things/things_count.sql",
    "returns bigint",
    "returns integer",
  );
  await project.change(
    "schemas/10_things/things_count.sql",
    "count(*)",
    "count(*)::integer",
  );
  const { code } = await project.migration("change", ...WHY);
  assertEquals(code, 1);
  const written = await project.written();
  const sql = body(written.get("change.sql"));
  assertStringIncludes(
    sql,
    "-- decide: only in migrations: function private.keep_name()",
  );
  assertStringIncludes(
    sql,
    "-- decide: different: function public.count_things(p_name text)",
  );
  assertStringIncludes(
    written.get("change_policies.sql") ?? "",
    'drop trigger "keep_name" on public.things;',
  );
});

Deno.test("a reason that is not given is left to be written", async () => {
  await using project = await sample();
  await project.change(
    "schemas/10_things/things_count.sql",
    "count(*)",
    "count(t.name)",
  );
  const { code, stderr } = await project.migration("change");
  assertEquals(code, 1);
  assertMatch(stderr, /-- decide: why is this needed\?/);
});

Deno.test("--help says how it is used, and a name is wanted", async () => {
  await using project = await sample();
  assertMatch(
    (await project.migration("--help")).stdout,
    /^Writes the migration/,
  );
  assertEquals((await project.migration()).code, 1);
  assertEquals((await project.migration("Two Words")).code, 1);
});
