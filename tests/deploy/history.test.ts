import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { StackError } from "../../stack/errors.ts";
import { type Migration, readMigrations } from "../../stack/migrations.ts";
import { MIGRATIONS_DIR } from "../../stack/paths.ts";
import type { Deployed, Ran } from "../../tasks/deploy/database.ts";
import { planMigrations } from "../../tasks/deploy/history.ts";
import { tablesOf } from "../../tasks/deploy/made.ts";

const migration = (version: string, name: string, sql = ""): Migration => ({
  version,
  name,
  file: `${version}_${name}.sql`,
  sql,
});

const MIGRATIONS = [
  migration("1", "baseline_a", "create table if not exists public.a (id int);"),
  migration("2", "baseline_b", "create table if not exists public.b (id int);"),
  migration(
    "3",
    "fix",
    "-- what it is for\ncreate or replace function private.f() returns int …;\nselect 1;\n",
  ),
  migration("4", "later"),
];

/** How the CLI keeps one that was run: in parts, each without what ends it. */
const ran = (version: string): Ran => {
  const { name, sql } = MIGRATIONS.find((it) => it.version === version) ??
    migration(version, "elsewhere", "select 'elsewhere'");
  return { version, name, statements: sql.trim().split(";\n") };
};

const planned = (
  { history = [], tables = [], filled = [], ours = false }: {
    history?: (string | Ran)[];
    tables?: string[];
    filled?: string[];
    ours?: boolean;
  },
  migrations = MIGRATIONS,
) => {
  const deployed: Deployed = {
    history: history.map((it) => typeof it === "string" ? ran(it) : it),
    tables: new Set(tables),
    filled: new Set(filled),
    privates: new Set(ours ? ["f"] : []),
    hasCron: true,
    vault: undefined,
  };
  return planMigrations(migrations, deployed);
};

const digits = (part: readonly Migration[]) =>
  part.map(({ version }) => version).join("");

const plan = (database: Parameters<typeof planned>[0]) => {
  const { applied, marked, pending } = planned(database);
  return [digits(applied), digits(marked), digits(pending)];
};

Deno.test("what is marked and what is run follows from what the database has", () => {
  assertEquals(plan({}), ["", "", "1234"]);
  assertEquals(plan({ tables: ["elsewhere"] }), ["", "", "1234"]);
  assertEquals(plan({ tables: ["a", "b"] }), ["", "12", "34"]);
  // marking, or running, stopped half way
  assertEquals(plan({ history: ["1"], tables: ["a", "b"] }), ["1", "2", "34"]);
  assertEquals(plan({ history: ["1"], tables: ["a"] }), ["1", "", "234"]);
  const history = ["1", "2", "3"];
  assertEquals(plan({ history, tables: ["a", "b"], ours: true }), [
    "123",
    "",
    "4",
  ]);
  // an older one that was merged later is run too
  assertEquals(
    plan({ history: ["1", "2", "4"], ours: false }),
    ["124", "", "3"],
  );
});

Deno.test("a history that these files did not make is refused", () => {
  const repair = (versions: string) =>
    `npx supabase@3.1.0 migration repair --status reverted ${versions} --yes --remote="$SUPABASE_DB_URL"`;
  const tables = ["a", "b"];
  const cases: [Parameters<typeof plan>[0], string][] = [
    [{ history: ["0"], tables }, repair("0")],
    [
      { history: ["1", "2", "3", "4", "5"], tables, ours: true },
      "a newer commit of this repository, deploy that one",
    ],
    // which another repository's may look like
    [
      { history: ["1", "2", "3", "4", "5"], tables, ours: true },
      `another repository, keep its files, then take its versions off the history; nothing is undone by it:\n  ${
        repair("5")
      }`,
    ],
    [{ tables, ours: true }, "it was run by hand"],
    // somebody else's under our version: with another name, and with the same
    [
      {
        history: [{ version: "3", name: "other", statements: ["select 2"] }],
        tables,
      },
      "have versions of files here, and are others: 3 other",
    ],
    [
      {
        history: ["0", { version: "3", name: "fix", statements: ["select 2"] }],
        tables,
      },
      repair("0 3"),
    ],
    // one of ours that was marked does not make older ones of theirs a newer commit
    [{ history: ["0", "1"], tables }, repair("0")],
  ];
  for (const [database, reason] of cases) {
    const { message } = assertThrows(() => plan(database), StackError);
    assertStringIncludes(message, reason);
  }
});

Deno.test("without statements, a migration was run when its name is in the history and what it makes is there", () => {
  const without = (version: string, name: string | null): Ran => ({
    version,
    name,
    statements: null,
  });
  const tables = ["a", "b"];
  const history = [
    without("1", "baseline_a"),
    without("2", null),
    without("3", "fix"),
  ];
  const { applied, unproven, pending } = planned({
    history,
    tables,
    ours: true,
  });
  assertEquals(
    [digits(applied), digits(unproven), digits(pending)],
    ["123", "123", "4"],
  );
  const refused: [Parameters<typeof plan>[0], string][] = [
    // what it makes is not there
    [{ history: [without("3", "fix")], tables }, "3 fix"],
    [{ history, tables: ["a"], ours: true }, "2"],
    [{ history: [without("3", "other")], tables, ours: true }, "3 other"],
  ];
  for (const [database, version] of refused) {
    const { message } = assertThrows(
      () => plan(database),
      StackError,
    );
    assertStringIncludes(message, `are others: ${version}.`);
  }
});

Deno.test("a baseline file that the history lacks is marked where what it makes or fills is there, and never run on fixes", () => {
  const rows = migration(
    "2",
    "baseline_rows",
    "insert into public.a (id)\nvalues (1);",
  );
  const files = MIGRATIONS.map((it) => it.version === "2" ? rows : it);
  const tables = ["a"];
  const parts = (database: Parameters<typeof planned>[0]) => {
    const { marked, pending } = planned(database, files);
    return [digits(marked), digits(pending)];
  };
  assertEquals(parts({ history: ["1"], tables }), ["", "234"]);
  assertEquals(parts({ history: ["1"], tables, filled: ["a"] }), ["2", "34"]);
  assertEquals(parts({ history: ["1", "3", "4"], tables, ours: true }), [
    "2",
    "",
  ]);
});

Deno.test("one that the history lacks among others is told: run where it makes what is not there, else to be marked", () => {
  const tables = ["a", "b"];
  const history = ["1", "2", "4"];
  const { pending, late } = planned({ history, tables });
  assertEquals([digits(pending), digits(late)], ["3", "3"]);
  const { message } = assertThrows(
    () => plan({ history, tables, ours: true }),
    StackError,
  );
  assertStringIncludes(message, "the history lacks 3_fix.sql, and later");
  assertStringIncludes(
    message,
    'migration repair --status applied 3 --yes --remote="$SUPABASE_DB_URL"\n',
  );
});

Deno.test("a history of versions alone is read by what is there, and ours are not taken off it", () => {
  const alone = (versions: string) =>
    [...versions].map((version): Ran => ({
      version,
      name: null,
      statements: null,
    }));
  const tables = ["a", "b"];
  // the fourth makes nothing to tell it by: it is believed with the others
  assertEquals(plan({ history: alone("1234"), tables, ours: true }), [
    "1234",
    "",
    "",
  ]);
  const { message } = assertThrows(
    () => plan({ history: alone("4"), tables }),
    StackError,
  );
  assertStringIncludes(
    message,
    "neither name nor statements of 4, and whether",
  );
  assertStringIncludes(message, "repair --status applied 4 --yes");
  // another repository's beside them are taken off alone
  const beside = assertThrows(
    () => plan({ history: alone("01234"), tables, ours: true }),
    StackError,
  );
  assertStringIncludes(beside.message, "--status reverted 0 --yes");
});

Deno.test("every table of the baseline is known by name", async () => {
  for (const { sql, file } of await readMigrations(MIGRATIONS_DIR)) {
    if (!file.includes("_baseline_")) continue;
    const count = sql.match(/create table/gi)?.length ?? 0;
    assertEquals(tablesOf({ ...migration("1", "x"), sql }).length, count, file);
  }
});
