import { assertEquals, assertStringIncludes } from "@std/assert";
import { readMigrations } from "../../stack/migrations.ts";
import { MIGRATIONS_DIR } from "../../stack/paths.ts";
import { isBaseline } from "../../tasks/deploy/history.ts";
import { PRODUCTION } from "../database/migrations_production.ts";
import { postgresTest } from "../support/sql.ts";
import { checkout, FILES } from "./checkout.ts";
import { testProject } from "./project.ts";

postgresTest(
  "on the production database the baseline alone is marked as applied, once what is its own was reviewed",
  async () => {
    const folder = await Deno.makeTempDir({ prefix: "deploy-baseline-" });
    const migrations = await readMigrations(MIGRATIONS_DIR);
    const baseline = migrations.filter(isBaseline);
    for (const { file, sql } of baseline) {
      await Deno.writeTextFile(`${folder}/${file}`, sql);
    }
    await using project = await testProject(folder);
    await Deno.remove(folder, { recursive: true });
    const { api, envFile, sql } = project;
    // its tables, people and habits, none of our functions, and no history
    await sql.unsafe(PRODUCTION).simple();
    await sql.unsafe("drop schema supabase_migrations cascade");
    const known = `--known=${project.folder}/known.json`;
    const untouched = await project.catalog();

    const written = await project.deploy(["--write-known", known]);
    assertEquals(written.code, 0, written.stderr);
    assertEquals(await project.catalog(), untouched);
    assertEquals(api.changes(), []);

    const done = await project.deploy([
      `--env-file=${envFile}`,
      "--yes",
      known,
    ]);
    for (
      const line of [
        `migrations to mark as applied, as the database has what they make: ${baseline.length}\n`,
        `migrations to run: ${migrations.length - baseline.length}\n`,
        "  extra policy: 3\n",
        // made by a fix beside a table of the same name, which was not there to be reviewed
        "different column public.admin_audit_logs.id",
        "Deployed. The database is otherwise than the migrations say, as listed",
      ]
    ) assertStringIncludes(done.stdout, line);
    assertEquals(done.code, 1, done.stderr);
    const [row] = await sql.unsafe(
      `select (select count(*)::int from supabase_migrations.schema_migrations) as applied,
         (select count(*)::int from public.profiles where email is not null) as people,
         has_table_privilege('anon', 'public.goals', 'select') as is_open_to_visitors`,
    );
    // the fixes ran on its people, and took back what Supabase used to grant
    assertEquals(row, {
      applied: migrations.length,
      people: 5,
      is_open_to_visitors: false,
    });
  },
);

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
    await project.deploy(["--write-known", known], root);

    const { code, stderr } = await project.deploy(
      [`--env-file=${envFile}`, "--yes", known],
      root,
    );
    assertEquals(code, 1);
    assertStringIncludes(
      stderr,
      `missing table public.places: row level security off
different column public.people.name
  repository: text not null
  deployed:   text default ('x'::text)
1 missing, 0 extra, 1 different
Correct the baseline's files where they are wrong, or the database, and run this again.`,
    );
    assertEquals(await project.catalog(), untouched);
    assertEquals(api.changes(), []);
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
    assertStringIncludes(stderr, "extra policy: 1\nextra grant: 1\nReview");
  },
);
