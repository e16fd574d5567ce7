import { assertEquals } from "@std/assert";
import { describe, type Plan, planFunctions } from "../../tasks/deploy/plan.ts";
import { stepsOf } from "../../tasks/deploy/steps.ts";

const NOTHING: Plan = {
  migrations: { applied: [], unproven: [], marked: [], pending: [], late: [] },
  secrets: { added: [], changed: [], unchanged: ["SITE_URL"] },
  vault: new Map(),
  functions: planFunctions([], []),
  bundles: [],
  config: [],
  drift: [],
  changed: [],
  others: [],
};

Deno.test("a plan lists what is to change, and of secrets their names alone", () => {
  assertEquals(describe(NOTHING), []);
  assertEquals(
    describe({
      ...NOTHING,
      secrets: { added: ["A"], changed: ["B"], unchanged: ["C"] },
      vault: new Map([["supabase_secret_key", "sb_secret_x"]]),
      functions: planFunctions(["new", "old"], ["old", "elsewhere"]),
      config: [
        { path: ["api", "max_rows"], declared: true, local: 1, remote: 2 },
        {
          path: ["db", "major_version"],
          declared: true,
          local: 15,
          remote: 17,
        },
      ],
    }),
    [
      "secrets to add: 1",
      "  A",
      "secrets to change: 1",
      "  B",
      "Vault secrets to set: 1",
      "  supabase_secret_key",
      "functions to add: 1",
      "  new",
      "functions to replace: 1",
      "  old",
      "functions to leave, not of this repository: 1",
      "  elsewhere",
      "configuration to change: 1",
      "  api.max_rows: 2 -> 1",
      "to change in the dashboard, or in config.toml: 1",
      "  db.major_version: 17 -> 15",
    ],
  );
});

Deno.test("only what differs is a step; the CLI is not asked for what it cannot push", () => {
  const supabase = {
    api: () => Promise.reject(new Error("not now")),
    database: () => Promise.reject(new Error("not now")),
  };
  const options = {
    project: "p",
    db: "postgresql://127.0.0.1/postgres",
    envFile: undefined,
    known: undefined,
    writeKnown: false,
    details: false,
    dryRun: false,
    yes: true,
    skipTests: true,
  };
  const config = [
    { path: ["db", "major_version"], declared: true, local: 15, remote: 17 },
  ];
  assertEquals(
    stepsOf({ ...NOTHING, config }, ".", options, new Map(), supabase)
      .map(({ title }) => title),
    [],
  );
});

Deno.test("a migration that is older than what was run is named, with the command that marks it", () => {
  const late = [{ version: "3", name: "fix", file: "3_fix.sql", sql: "" }];
  assertEquals(
    describe({
      ...NOTHING,
      migrations: { ...NOTHING.migrations, pending: late, late },
    }),
    [
      "migrations to run: 1",
      "  3_fix.sql",
      "older than others that were run; if one was run too, mark it before: npx supabase@3.1.0 migration repair " +
      '--status applied <version> --yes --remote="$SUPABASE_DB_URL": 1',
      "  3_fix.sql",
    ],
  );
});
