import { assert, assertEquals, assertMatch } from "@std/assert";
import { compare } from "../../drift/live/compare.ts";
import { inventoryOf, itemsOf } from "../../tasks/schema/inventories.ts";
import { differenceText } from "../../tasks/schema/print.ts";
import { SUPABASE_DIR } from "../../stack/paths.ts";
import { api, realPostgres } from "../support/stack.ts";
import { onFreshDatabase, type Session } from "../support/sql.ts";
import { sample } from "./sample.ts";

const BEFORE = `
create schema private;
comment on schema private is 'Helpers.';
create table public.probe (id uuid primary key, name text collate "C", amount integer not null default 1,
  constraint probe_amount_check check (amount > 0));
create index probe_name_idx on public.probe (name);
create type public.probe_kind as enum ('a', 'b');
create domain public.probe_domain as text check (value <> '');
create view public.probe_view with (security_invoker = true) as select id from public.probe;
create function public.probe_function(p_id uuid) returns bigint language sql stable set search_path = ''
  begin atomic select count(*) from public.probe p where p.id = p_id; end;
create function public.probe_touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger probe_trigger before update on public.probe for each row execute function public.probe_touch();
create policy probe_policy on public.probe for select to authenticated using (true);
create sequence public.probe_sequence;
revoke all on public.probe, public.probe_sequence from anon, authenticated, service_role; -- as old projects grant it
grant select (id) on public.probe to authenticated;
comment on table public.probe is 'A probe.';
create table public.probe_published ();
create publication probe_publication for table public.probe_published;
grant create on schema public to service_role; -- may own what is there
insert into public.probe (id, name) values ('00000000-0000-4000-8000-000000000001', 'row');
`;

/** What is done to one of two like databases, and what is then told of it. */
const CHANGES: Record<string, string> = {
  "create schema probe": "only in migrations: schema probe",
  "create table public.more ()": "only in migrations: table public.more",
  "alter table public.probe enable row level security":
    "different: table public.probe",
  "alter table public.probe set unlogged": "different: storage of public.probe",
  "alter table public.probe set (fillfactor = 50)":
    "different: storage of public.probe",
  "alter table public.probe alter amount type bigint":
    "different: column public.probe.amount",
  "alter table public.probe alter amount drop not null":
    "different: column public.probe.amount",
  "alter table public.probe alter amount set default 2":
    "different: column public.probe.amount",
  'alter table public.probe alter name type text collate "POSIX"':
    "different: storage of column public.probe.name",
  "alter table public.probe drop constraint probe_amount_check":
    "only in schemas: key public.probe.probe_amount_check",
  "alter table public.probe rename constraint probe_amount_check to other":
    "only in migrations: key public.probe.other",
  "drop index public.probe_name_idx":
    "only in schemas: index public.probe_name_idx",
  "alter type public.probe_kind add value 'c'":
    "different: type public.probe_kind",
  "alter domain public.probe_domain set not null":
    "different: type public.probe_domain",
  "alter view public.probe_view reset (security_invoker)":
    "different: view public.probe_view",
  "alter function public.probe_function(uuid) volatile":
    "different: function public.probe_function(p_id uuid)",
  "alter function public.probe_function(uuid) security definer":
    "different: function public.probe_function(p_id uuid)",
  "alter function public.probe_function(uuid) set timezone = 'UTC'":
    "different: function public.probe_function(p_id uuid)",
  "alter function public.probe_function(uuid) owner to service_role":
    "different: owner of public.probe_function(p_id uuid)",
  "alter table public.probe disable trigger probe_trigger":
    "different: trigger public.probe.probe_trigger",
  "alter policy probe_policy on public.probe using (false)":
    "different: policy public.probe.probe_policy",
  "alter policy probe_policy on public.probe to anon":
    "different: policy public.probe.probe_policy",
  "grant update on public.probe to service_role":
    "grant public.probe to service_role",
  "revoke select (id) on public.probe from authenticated":
    "grant public.probe.id to authenticated",
  "revoke execute on function public.probe_function(uuid) from public":
    "only in schemas: grant public.probe_function(p_id uuid) to public",
  "revoke usage on type public.probe_kind from public":
    "only in schemas: grant type public.probe_kind to public",
  "grant create on schema private to anon": "grant schema private to anon",
  "grant usage on sequence public.probe_sequence to anon":
    "grant public.probe_sequence to anon",
  "alter default privileges in schema private grant select on tables to anon":
    "default privileges of",
  "alter sequence public.probe_sequence increment 2":
    "different: sequence public.probe_sequence",
  "comment on table public.probe is 'Another.'":
    "different: comment on table public.probe",
  "comment on column public.probe.id is 'Its id.'":
    "only in migrations: comment on column public.probe.id",
  "comment on index public.probe_name_idx is 'By name.'":
    "only in migrations: comment on index public.probe_name_idx",
  "comment on function public.probe_function(uuid) is 'Counts.'":
    "only in migrations: comment on function public.probe_function(p_id uuid)",
  "comment on policy probe_policy on public.probe is 'All.'":
    "only in migrations: comment on policy probe_policy on public.probe",
  "comment on trigger probe_trigger on public.probe is 'Touches.'":
    "only in migrations: comment on trigger probe_trigger on public.probe",
  "comment on constraint probe_amount_check on public.probe is 'Some.'":
    "only in migrations: comment on constraint probe_amount_check on public.probe",
  "comment on type public.probe_kind is 'Kinds.'":
    "only in migrations: comment on type public.probe_kind",
  "comment on view public.probe_view is 'Ids.'":
    "only in migrations: comment on view public.probe_view",
  "comment on schema private is 'Hidden.'":
    "different: comment on schema private",
  "alter role authenticator in database %I set pgrst.db_pre_request = 'other'":
    "setting authenticator pgrst.db_pre_request",
  "alter publication probe_publication drop table public.probe_published":
    "different: publication probe_publication",
  "create statistics public.probe_statistics on id, name from public.probe":
    "only in migrations: object public.probe.probe_statistics",
  "update public.probe set amount = 2":
    "only in migrations: row of public.probe",
};

/** A test on a database with nothing of ours in it, which is read in no time. */
function emptyTest(name: string, run: (sql: Session) => Promise<void>): void {
  Deno.test(name, async () => {
    const migrations = await Deno.makeTempDir();
    await onFreshDatabase(
      { migrations },
      (database) => database.transaction(run),
    );
  });
}

emptyTest(
  "two databases that differ in anything are not the same",
  async (sql) => {
    await sql.script(BEFORE);
    const before = await itemsOf(sql, []);
    await sql.script("set search_path = public");
    const unseen: string[] = [];
    for (const [change, told] of Object.entries(CHANGES)) {
      await sql.script("savepoint probe");
      await sql.query("select set_config('probe.change', $1, true)", [change]);
      await sql.script(
        "do $$ begin execute format(current_setting('probe.change'), current_database()); end $$",
      );
      const lines = compare(before, await itemsOf(sql, [])).map(differenceText);
      if (!lines.some((line) => line.includes(told))) {
        unseen.push(`${change}: ${lines.join("; ")}`);
      }
      await sql.script("rollback to savepoint probe");
    }
    assertEquals(unseen, []);
  },
);

emptyTest("the order of a table's columns does not count", async (sql) => {
  await sql.script("create table public.probe (a integer, b text)");
  const before = await itemsOf(sql, []);
  await sql.script(
    "drop table public.probe; create table public.probe (b text, a integer)",
  );
  assertEquals(compare(before, await itemsOf(sql, [])), []);
});

Deno.test("jobs are compared too, by their text where a database can hold none", async () => {
  const jobs = async (from: "schemas" | "migrations") =>
    (await inventoryOf(from, { supabase: SUPABASE_DIR, progress: () => {} }))
      .filter(({ kind }) => kind === "job").map(({ name }) => name).sort();
  const scheduled = await jobs("schemas");
  assert(scheduled.includes("process-email-queue"));
  assertEquals(scheduled, await jobs("migrations"));
});

Deno.test("the task says that both are the same, or where they part, with both sides", async () => {
  await using project = await sample();
  const same = await project.task("schema");
  assertEquals(same.code, 0, same.stderr);
  assertMatch(
    same.stdout,
    /^schemas and migrations make the same database: \d+ objects\n$/,
  );
  await project.change(
    "schemas/10_things/things.sql",
    "name text not null",
    "name text",
  );
  const { code, stdout, stderr } = await project.task("schema");
  assertEquals(code, 1);
  assertMatch(
    stdout,
    /^different: column public\.things\.name\n {2}schemas: {4}text\n {2}migrations: text not null\n/,
  );
  assertMatch(stderr, /differences between schemas and migrations/);
  assertMatch((await project.task("schema", "--help")).stdout, /^Compares/);
});

Deno.test("a file of the schemas that fails is told in one line", async () => {
  await using project = await sample();
  await project.write("schemas/10_things/zz.sql", "select 1;\nselect nowhere;");
  const { code, stderr } = await project.task("schema");
  assertEquals(code, 1);
  assertEquals(
    stderr,
    'schemas/10_things/zz.sql:2: 42703 column "nowhere" does not exist\n',
  );
});

Deno.test({
  name: "on a server the databases are dropped again, on real Postgres",
  ...realPostgres,
  fn: async () => {
    await using project = await sample();
    const { code, stdout } = await project.task(
      "schema",
      "--db",
      api.dbUrl ?? "",
    );
    assertEquals(code, 0, stdout);
  },
});
