import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { StackError } from "../../stack/errors.ts";
import { type Migration, readMigrations } from "../../stack/migrations.ts";
import { MIGRATIONS_DIR } from "../../stack/paths.ts";
import type { Deployed } from "../../tasks/deploy/database.ts";
import { planMigrations, tablesOf } from "../../tasks/deploy/history.ts";

const migration = (version: string, name: string, sql = ""): Migration => ({
  version,
  name,
  file: `${version}_${name}.sql`,
  sql,
});

const MIGRATIONS = [
  migration("1", "baseline_a", "create table if not exists public.a (id int);"),
  migration("2", "baseline_b", "create table if not exists public.b (id int);"),
  migration("3", "fix"),
  migration("4", "later"),
];

const plan = (
  { versions = [], tables = [], ours = false }: {
    versions?: string[];
    tables?: string[];
    ours?: boolean;
  },
) => {
  const deployed: Deployed = {
    versions,
    tables: new Set(tables),
    hasOurFunctions: ours,
    hasCron: true,
    vault: undefined,
  };
  const { applied, marked, pending } = planMigrations(MIGRATIONS, deployed);
  const digits = (part: readonly Migration[]) =>
    part.map(({ version }) => version).join("");
  return [digits(applied), digits(marked), digits(pending)];
};

Deno.test("what is marked and what is run follows from what the database has", () => {
  assertEquals(plan({}), ["", "", "1234"]);
  assertEquals(plan({ tables: ["elsewhere"] }), ["", "", "1234"]);
  assertEquals(plan({ tables: ["a", "b"] }), ["", "12", "34"]);
  // marking, or running, stopped half way
  assertEquals(plan({ versions: ["1"], tables: ["a", "b"] }), ["1", "2", "34"]);
  assertEquals(plan({ versions: ["1"], tables: ["a"] }), ["1", "", "234"]);
  const versions = ["1", "2", "3"];
  assertEquals(plan({ versions, tables: ["a", "b"], ours: true }), [
    "123",
    "",
    "4",
  ]);
  // an older one that was merged later is run too
  assertEquals(plan({ versions: ["1", "2", "4"], ours: false }), [
    "124",
    "",
    "3",
  ]);
});

Deno.test("a history that these files did not make is refused", () => {
  const cases: [Parameters<typeof plan>[0], string][] = [
    [{ versions: ["0"], tables: ["a", "b"] }, "--status reverted 0"],
    [{ versions: ["1", "2", "3", "4", "5"], ours: true }, "a newer commit"],
    [{ tables: ["a", "b"], ours: true }, "it was run by hand"],
  ];
  for (const [database, reason] of cases) {
    const { message } = assertThrows(() => plan(database), StackError);
    assertStringIncludes(message, reason);
  }
});

Deno.test("every table of the baseline is known by name", async () => {
  for (const { sql, file } of await readMigrations(MIGRATIONS_DIR)) {
    if (!file.includes("_baseline_")) continue;
    const count = sql.match(/create table/gi)?.length ?? 0;
    assertEquals(tablesOf({ ...migration("1", "x"), sql }).length, count, file);
  }
});
