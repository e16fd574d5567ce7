import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { readMigrations } from "../../stack/migrations.ts";
import { MIGRATIONS_DIR } from "../../stack/paths.ts";
import { isBaseline } from "../../tasks/deploy/made.ts";
import { type KnownDifference, readKnown } from "../../tasks/deploy/known.ts";
import { examineDrift } from "../../tasks/doctor/drift.ts";
import { scheduledJobs } from "../support/cron_table.ts";
import { postgresTest } from "../support/sql.ts";
import { checkout, FILES } from "./checkout.ts";
import { type TestProject, testProject } from "./project.ts";

/** As many lines as a person reads. */
const READABLE = 60;

/** What each state has that says which it is. */
const STATES = {
  before: { own: [], reviewed: [], granted: {} },
  later: {
    // one has our name too
    own: ["20260324100000 profiles_email_and_disabled"],
    reviewed: [
      "different column public.goals.category",
      "different column public.payment_schedules.enrollment_id",
      "different column public.plans.display_name",
      "missing type public.goal_category",
      "different key public.goals.goals_status_check",
    ],
    // what pages write in columns of its own, which were reviewed
    granted: {
      "extra grant public.features": 1,
      "extra grant public.module_assignments": 1,
      "extra grant public.scenario_assignments": 1,
      "extra grant public.wheel_of_life_snapshots": 1,
    },
  },
} as const;

/**
 * What the migrations find on production, and leave as it is: 20260331083017_policies_others.sql, since the pages of
 * these tables are served by production's own policies. It was reviewed with those.
 */
const LEFT_TO_PRODUCTION: Record<string, number> = {
  "missing policy public.assessment_definitions": 1,
  "missing policy public.assessment_dimensions": 1,
  "missing policy public.capability_assessments": 1,
  "missing policy public.capability_domains": 1,
  "missing policy public.feedback_template_types": 1,
  "missing policy public.guided_path_survey_responses": 1,
  "missing policy public.guided_path_templates": 4,
  "missing policy public.module_types": 4,
  "missing policy public.program_versions": 1,
  "missing policy public.resource_library": 1,
  "missing policy public.scenario_templates": 1,
  "missing policy public.section_paragraphs": 1,
  "extra grant public.assessment_definitions": 1,
};

for (const state of ["before", "later"] as const) {
  postgresTest(
    `the production database is deployed to, from --dry-run to the last comparison: ${state}`,
    async () => {
      await using project = await testProject({ production: state });
      const { api, envFile, sql } = project;
      const migrations = await readMigrations(MIGRATIONS_DIR);
      const baseline = migrations.filter(isBaseline);
      const known = `--known=${project.folder}/known.json`;
      const secrets = `--env-file=${envFile}`;

      // its history is another repository's: the command that is printed puts that right
      const foreign = await project.deploy([secrets, "--dry-run"]);
      assertEquals(foreign.code, 1);
      for (const line of STATES[state].own) {
        assertStringIncludes(foreign.stderr, line);
      }
      await runPrinted(project, foreign.stderr);
      assertEquals(
        [...await sql`select version from supabase_migrations.schema_migrations`],
        [],
      );

      // what it has otherwise can be read
      const untouched = await project.catalog();
      const told = await project.deploy([secrets, "--dry-run"]);
      assertEquals(told.code, 1);
      assert(told.stderr.split("\n").length < READABLE, told.stderr);
      for (const line of STATES[state].reviewed) {
        assertStringIncludes(told.stderr, line);
      }
      for (
        const line of [
          /^policies of its own: \d{3} on \d+ tables \(/m,
          /^functions that visitors may execute and should not: \d+ \(/m,
        ]
      ) assertMatch(told.stderr, line);

      const written = await project.deploy(["--write-known", known]);
      assertEquals(written.code, 0, written.stderr);
      const planned = await project.deploy([secrets, "--dry-run", known]);
      assertEquals(planned.code, 0, planned.stderr);
      for (
        const line of [
          `migrations to mark as applied, as the database has what they make: ${baseline.length}\n`,
          `migrations to run: ${migrations.length - baseline.length}\n`,
        ]
      ) assertStringIncludes(planned.stdout, line);
      assertEquals(await project.catalog(), untouched);
      assertEquals(api.changes(), []);

      const done = await project.deploy([secrets, "--yes", known]);
      assertStringIncludes(
        done.stdout,
        "reviewed, and still so:\n",
        done.stderr,
      );
      assertEquals(done.code, 0, done.stdout);
      assertStringIncludes(
        done.stdout,
        "\n  policies that are missing: 18 on ",
      );
      // of what the migrations make, nothing is missing or otherwise but what they leave to production
      const after = `${project.folder}/after.json`;
      await project.deploy(["--write-known", `--known=${after}`]);
      assertEquals(
        newIn(
          await readKnown(after),
          await readKnown(`${project.folder}/known.json`),
        ),
        { ...LEFT_TO_PRODUCTION, ...STATES[state].granted },
      );
      const [row] = await sql`
        select (select count(*)::int from supabase_migrations.schema_migrations) as applied,
          (select count(*)::int from public.profiles where email is not null) as people,
          has_table_privilege('anon', 'public.goals', 'select') as is_open_to_visitors,
          has_function_privilege('anon', 'public.get_group_member_directory(uuid)', 'execute') as tells_visitors,
          has_function_privilege('anon', 'public.validate_partner_code(text)', 'execute') as takes_partner_codes`;
      // the fixes ran on its people, and took back what Supabase used to grant
      assertEquals(row, {
        applied: migrations.length,
        people: 6, // of two whose addresses differ by case alone, one has it
        is_open_to_visitors: false,
        tells_visitors: false,
        takes_partner_codes: true,
      });

      // by what was reviewed before, it is clean to deploy again, and green to the doctor
      const again = await project.deploy([secrets, "--yes", known]);
      assertEquals(again.code, 0, again.stderr);

      // a row of the baseline that is lost is marked again: its file adds rows, and never runs here
      await sql`delete from supabase_migrations.schema_migrations where name = 'baseline_reference_data'`;
      const marking = await project.deploy([secrets, "--dry-run", known]);
      assertStringIncludes(
        marking.stdout,
        "as the database has what they make: 1\n  20260323009900_baseline_reference_data.sql\n",
        marking.stderr,
      );
      assert(!marking.stdout.includes("migrations to run"), marking.stdout);

      await sql.unsafe(await scheduledJobs()).simple();
      const { status, detail } = await examineDrift(
        project.db,
        await readKnown(`${project.folder}/known.json`),
        () => {},
      );
      assertEquals(status, "green", detail);
    },
  );
}

/** How many policies and grants were not among what was reviewed as they are, by state, kind and table. */
function newIn(
  after: readonly KnownDifference[],
  reviewed: readonly KnownDifference[],
): Record<string, number> {
  const before = new Set(reviewed.map((it) => JSON.stringify(it)));
  const found: Record<string, number> = {};
  for (const it of after) {
    if (it.kind === "column" || before.has(JSON.stringify(it))) continue;
    const [table = ""] = /^public\.\w+/.exec(it.name) ?? [];
    const key = `${it.state} ${it.kind} ${table}`;
    found[key] = (found[key] ?? 0) + 1;
  }
  return found;
}

/** Runs the command that a refusal ends with, as it is. */
async function runPrinted(
  { db, folder }: TestProject,
  stderr: string,
): Promise<void> {
  const [command = "false"] =
    /npx supabase@\S+ migration repair .*$/m.exec(stderr) ?? [];
  const { success, stderr: errors } = await new Deno.Command("sh", {
    args: ["-c", command],
    cwd: folder,
    env: {
      SUPABASE_DB_URL: `${db}?sslmode=disable`,
      SUPABASE_TELEMETRY_DISABLED: "1",
    },
    stdin: "null",
  }).output();
  assert(success, new TextDecoder().decode(errors));
}

/** What production has of the small checkout's baseline. */
const TABLE =
  "create table public.people (id integer primary key, name text not null);";

postgresTest(
  "a production whose tables are not the baseline's is refused with every difference, and nothing is marked",
  async () => {
    await using project = await testProject();
    const { sql, envFile, api } = project;
    const root = await checkout(project.folder, {
      ...FILES,
      "migrations/20260101000001_baseline_places.sql":
        "create table if not exists public.places (id integer);\n",
    });
    const known = `--known=${project.folder}/known.json`;
    await sql.unsafe(TABLE.replace("not null", "default 'x'"));
    const untouched = await project.catalog();
    const unread = await project.deploy(
      [`--env-file=${envFile}`, "--yes"],
      root,
    );
    assertEquals(unread.code, 1);
    assertStringIncludes(
      unread.stderr,
      `missing table public.places: row level security off
different column public.people.name
  repository: text not null
  deployed:   text default ('x'::text)
1 missing, 0 extra, 1 different
Correct the baseline's files where they are wrong, or the database, and run this again.`,
    );

    // no review makes up for a table that is missing
    await project.deploy(["--write-known", known], root);
    const { code, stderr } = await project.deploy(
      [`--env-file=${envFile}`, "--yes", known],
      root,
    );
    assertEquals(code, 1);
    assertStringIncludes(
      stderr,
      "missing table public.places: row level security off\n1 missing, 0 extra, 0 different\nCorrect the baseline's",
    );
    assertEquals(await project.catalog(), untouched);
    assertEquals(api.changes(), []);

    // it does for a column that is otherwise: the baseline is marked, and the difference told at the end
    await sql.unsafe("create table public.places (id integer)");
    const done = await project.deploy(
      [`--env-file=${envFile}`, "--yes", known],
      root,
    );
    assertEquals(done.code, 0, done.stderr);
    for (
      const line of [
        "migrations to mark as applied, as the database has what they make: 2\n",
        "reviewed, and still so:\n  columns that are otherwise: 1 (people.name)\n",
        "but for what was reviewed.",
      ]
    ) assertStringIncludes(done.stdout, line);
  },
);

postgresTest(
  "what production has under other names, in another order or beside is not a fault, nor what has to be given",
  async () => {
    await using project = await testProject();
    const { sql, envFile } = project;
    const root = await checkout(project.folder);
    await sql.unsafe(`create table public.people (
        id integer not null, name text not null, nickname text, rank integer not null default 0,
        constraint members_pkey primary key (id));
      create index by_nickname on public.people (nickname);
      create table public.elsewhere (id integer)`).simple();
    const deploy = () =>
      project.deploy([`--env-file=${envFile}`, "--dry-run"], root);
    const clean = await deploy();
    assertEquals(clean.code, 0, clean.stderr);
    assertStringIncludes(
      clean.stdout,
      `reviewed, or harmless: 3
  columns of its own: 2 (people.nickname, people.rank)
  indexes of its own: 1 (people)
`,
    );
    await sql.unsafe(
      "alter table public.people add column team integer not null",
    );
    const refused = await deploy();
    assertEquals(refused.code, 1);
    assertStringIncludes(
      refused.stderr,
      "extra column public.people.team: integer not null\n",
    );
  },
);

postgresTest(
  "policies and grants that production has otherwise are told by kind, and wait for a review",
  async () => {
    await using project = await testProject();
    const { sql } = project;
    const root = await checkout(project.folder);
    await sql.unsafe(
      `${TABLE} create policy own on public.people using (true); grant all on public.people to anon`,
    ).simple();
    const { code, stderr } = await project.deploy(["--yes"], root);
    assertEquals(code, 1);
    assertStringIncludes(
      stderr,
      "policies of its own: 1 (people)\n" +
        "where visitors may do more than is granted here: 1 (people)\nReview",
    );
    const all = await project.deploy(["--yes", "--details"], root);
    assertStringIncludes(
      all.stderr,
      "extra policy public.people.own: for all to public using (true)\nextra grant public.people to anon: ",
    );
  },
);
