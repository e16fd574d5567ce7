import { assertEquals, assertMatch } from "@std/assert";
import { lintMigrations } from "../../tasks/lint/lint.ts";
import { RELEASED, writeReleased } from "../../tasks/lint/released.ts";
import { readMigrations } from "../../stack/migrations.ts";
import { runDeno } from "../support/run_deno.ts";
import { scratchProject } from "../stack/scratch.ts";

const FILE = "migrations/20260501091317_change.sql";
const HEADER = `-- A change.
--
-- Locks: none on tables, those of auth for a moment. Can be run again.

set lock_timeout = '10s';
`;

/** What is said of a migration with this header. */
async function said(sql: string, header = HEADER): Promise<string[]> {
  await using project = await scratchProject({ [FILE]: header + sql });
  return await lintMigrations(project.folder);
}

/** By rule and what it does: a migration that does it, where that is found, and one that does not. */
const CASES: Record<string, { breaks: string; at: number; keeps: string }> = {
  "extension, in a function": {
    breaks:
      `create or replace function private.f() returns void language plpgsql as $$
begin
  create extension if not exists pg_cron with schema pg_catalog;
end $$;`,
    at: 8,
    keeps:
      `create or replace function private.f() returns void language plpgsql as $$
begin
  -- by execute: create extension in a body is kept as a tree
  if not exists (select from pg_catalog.pg_extension where extname = 'pg_cron') then
    execute 'create extension pg_cron with schema pg_catalog';
  end if;
end $$;
create extension if not exists pg_trgm with schema extensions;`,
  },
  "extension, executed blindly": {
    breaks: `do $$ begin
  execute 'create extension if not exists pg_cron';
end $$;`,
    at: 7,
    keeps: "select 'create extension';",
  },
  "policies, beside data work": {
    breaks: `do $$ begin
  if not exists (select from pg_catalog.pg_policies where policyname = 'a') then
    create policy a on public.t for update using (true);
  end if;
end $$;
update public.t set a = 1;`,
    at: 11,
    keeps: `do $$ begin
  if not exists (select from pg_catalog.pg_policies where policyname = 'a') then
    create policy a on public.t for update using (true);
  end if;
end $$;`,
  },
  "policies, without a look": {
    breaks: "drop policy if exists a on public.t;",
    at: 6,
    keeps: `do $$ begin
  if not private.policy_is('public.t', 'a', 'd41d8cd98f00b204e9800998ecf8427e') then
    drop policy if exists a on public.t;
    create policy a on public.t for insert with check (true);
  end if;
end $$;`,
  },
  "policies, drop trigger too": {
    breaks: "drop trigger if exists a on public.t;",
    at: 6,
    keeps: `do $$
declare v record;
begin
  for v in select tgname from pg_catalog.pg_trigger where tgrelid = 'public.t'::regclass loop
    execute format('drop trigger %I on public.t', v.tgname);
  end loop;
end $$;`,
  },
  "policies, what a function of ours drops": {
    breaks: "select private.drop_policies('t');",
    at: 6,
    keeps:
      `create or replace function private.drop_all(p_table text) returns void
language plpgsql set search_path = '' as $$
begin
  execute format('drop policy a on public.%I', p_table);
end $$;
update public.t set a = 1;`,
  },
  "assertions, a table": {
    breaks: "create table if not exists public.t (id uuid);",
    at: 6,
    keeps: `create table if not exists public.t (id uuid);
select private.assert_table('public.t', 'id uuid');`,
  },
  "assertions, a column": {
    breaks: `alter table public.t
  add column if not exists a text,
  add column if not exists b text;
select private.assert_table('public.t', 'a text');`,
    at: 6,
    keeps: `alter table public.t
  add column if not exists a text,
  add column if not exists b text;
select private.assert_table('public.t', 'a text, b text');`,
  },
  "assertions, an index": {
    breaks: "create unique index if not exists t_a on public.t (a);",
    at: 6,
    keeps: `create unique index if not exists t_a on public.t (a);
select private.assert_index('create unique index t_a on public.t (a)');
select private.ensure_index('create index t_b on public.t (b)');`,
  },
  "assertions, a schema": {
    breaks: "create schema if not exists private;",
    at: 6,
    keeps: `create schema if not exists private;
select private.assert_schema('private');`,
  },
  "assertions, an enum behind a look": {
    breaks: `do $$ begin
  if to_regtype('public.e') is null then
    create type public.e as enum ('a');
  end if;
end $$;`,
    at: 8,
    keeps: `do $$ begin
  if to_regtype('public.e') is null then
    create type public.e as enum ('a');
  end if;
end $$;
select private.assert_enum('public.e', 'a');`,
  },
  "assertions, a composite type behind a look": {
    breaks: `do $$ begin
  if to_regtype('public.c') is null then
    create type public.c as (a text, b integer);
  end if;
end $$;`,
    at: 8,
    keeps: `do $$ begin
  if to_regtype('public.c') is null then
    create type public.c as (a text, b integer);
  end if;
end $$;
select private.assert_type('public.c', 'a text, b integer');`,
  },
  "assertions, a table behind a look": {
    breaks: `do $$ begin
  if to_regclass('public.t') is null then
    create table public.t (id uuid);
  end if;
end $$;`,
    at: 8,
    keeps: `do $$ begin
  if to_regclass('public.t') is null then
    create temporary table ids (id uuid);
    create table public.t (id uuid);
  end if;
end $$;
select private.assert_table('public.t', 'id uuid');`,
  },
  "assertions, an index behind a look": {
    breaks: `do $$ begin
  if to_regclass('public.t_a') is null then
    create unique index t_a on public.t (a);
  end if;
end $$;`,
    at: 8,
    keeps: `create index t_b on public.t (b);
create type public.c as (a text);
do $$ begin
  if to_regclass('public.t_a') is null then
    create unique index t_a on public.t (a);
  end if;
end $$;
select private.assert_index('create unique index t_a on public.t (a)');
-- lint-ignore assertions -- nobody reads by it
do $$ begin create index t_c on public.t (c); end $$;`,
  },
  "assertions, what nothing asserts": {
    breaks: "create sequence if not exists public.s;",
    at: 6,
    keeps: "create sequence public.s;",
  },
  "triggers, dropped and made": {
    breaks: `do $$ begin
  if exists (select from pg_catalog.pg_trigger where tgname = 'a') then
    drop trigger a on public.t;
  end if;
end $$;
create trigger a after insert on public.t for each row execute function private.f();`,
    at: 8,
    keeps:
      `create or replace trigger a after insert on public.t for each row execute function private.f();`,
  },
  "decided, what a person decides": {
    breaks: "-- decide: drop table public.t?\nselect 1;",
    at: 6,
    keeps: "-- what to decide: nothing\nselect 1;",
  },
};

for (const [name, { breaks, at, keeps }] of Object.entries(CASES)) {
  const rule = name.split(",")[0] ?? "";
  Deno.test(`migrations, ${name}: found where it is, and nothing else`, async () => {
    const [found = "", ...more] = await said(breaks);
    assertMatch(
      found,
      new RegExp(`^supabase/${RegExp.escape(FILE)}:${at}: .* \\(${rule}\\)$`),
    );
    assertEquals(more, []);
    assertEquals(await said(keeps), []);
  });
}

Deno.test("migrations, header: a lock_timeout, and the locks by name", async () => {
  const policy = CASES["policies, without a look"]?.keeps ?? "";
  const head = "-- A change.\n";
  assertEquals(await said("select 1;", "-- Locks: none.\n"), [
    `supabase/${FILE}:1: no set lock_timeout (header)`,
  ]);
  assertEquals(await said("set lock_timeout = '10s';", head), [
    `supabase/${FILE}:1: the header does not say \`Locks:\` (header)`,
  ]);
  const [found = ""] = await said(
    `set lock_timeout = '10s';\n${policy}`,
    `${head}-- Locks: none.\n\n`,
  );
  assertMatch(found, /auth and storage: the header has to say so/);
});

Deno.test("migrations, an exception: by rule, before the statement, with its reason", async () => {
  const made = "create table if not exists public.t (id uuid);";
  const mark = "-- lint-ignore assertions";
  assertEquals(await said(`${mark} -- production's is wider\n${made}`), []);
  assertEquals((await said(`${mark}\n${made}`)).length, 1);
  assertEquals((await said(`${mark} -- once\nselect 1;\n${made}`)).length, 1);
});

Deno.test("migrations, the baseline: left out", async () => {
  await using project = await scratchProject({
    "migrations/20260323000000_baseline_people.sql":
      "create table if not exists public.t ();",
  });
  assertEquals(await lintMigrations(project.folder), []);
});

Deno.test("migrations, released: as they were, and new ones after them", async () => {
  await using project = await scratchProject({ [FILE]: HEADER });
  const folder = `${project.folder}/migrations`;
  await writeReleased(project.folder, await readMigrations(folder));
  assertMatch(
    await Deno.readTextFile(`${project.folder}/${RELEASED}`),
    /^[0-9a-f]{64} {2}20260501091317_change\.sql\n$/,
  );
  await project.write("migrations/20260601091317_later.sql", HEADER);
  assertEquals(await lintMigrations(project.folder), []);

  await project.write(FILE, `${HEADER}select 1;`);
  await project.write("migrations/20260401091317_earlier.sql", HEADER);
  assertEquals(await lintMigrations(project.folder), [
    "supabase/migrations/20260401091317_earlier.sql:1: comes before 20260501091317_change.sql, which is released (released)",
    `supabase/${FILE}:1: released, and changed since: a new migration (released)`,
  ]);
  await Deno.remove(`${project.folder}/${FILE}`);
  const [gone = ""] = await lintMigrations(project.folder);
  assertMatch(gone, /released, and gone/);
});

Deno.test("the task prints what it finds and ends with 1, and says how it is used", async () => {
  await using project = await scratchProject({ [FILE]: "select 1;" });
  const run = (...args: string[]) =>
    runDeno(["run", "-A", "tasks/lint_migrations.ts", ...args], {
      env: { STACK_SUPABASE_DIR: project.folder },
    });
  const { code, stdout } = await run();
  assertEquals([code, stdout.trim().split("\n").length], [1, 2]);
  assertMatch((await run("--help")).stdout, /deno task lint:migrations/);
  assertEquals((await run("--nothing")).code, 1);
});
