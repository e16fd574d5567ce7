import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { postgresTest } from "../support/sql.ts";
import { checkout } from "./checkout.ts";
import { testProject } from "./project.ts";

postgresTest(
  "a required secret that neither the project nor the file has is refused by name",
  async () => {
    await using project = await testProject();
    const { api, envFile, folder } = project;
    const root = await checkout(folder);
    const text = await Deno.readTextFile(envFile);
    await Deno.writeTextFile(
      envFile,
      text.replace(/^STRIPE_WEBHOOK_SECRET.*\n/m, ""),
    );
    const refused = await project.deploy([`--env-file=${envFile}`], root);
    assertEquals(refused.code, 1);
    assertStringIncludes(
      refused.stderr,
      "--env-file:\n  STRIPE_WEBHOOK_SECRET  stripe-webhook knows Stripe by it\n",
    );
    assertEquals(api.changes(), []);
  },
);

postgresTest(
  "a history of migrations that are not here is refused, and the way out is told",
  async () => {
    await using project = await testProject();
    const { sql, folder } = project;
    const root = await checkout(folder);
    await sql.unsafe(`create schema supabase_migrations;
      create table supabase_migrations.schema_migrations (version text primary key);
      insert into supabase_migrations.schema_migrations values ('20250101000000')`)
      .simple();
    const { code, stderr } = await project.deploy(["--yes"], root);
    assertEquals(code, 1);
    assertStringIncludes(
      stderr,
      "migration repair --status reverted 20250101000000",
    );
    // a row whose statements are null, each, has none
    await sql.unsafe(`alter table supabase_migrations.schema_migrations
      add column name text, add column statements text[];
      update supabase_migrations.schema_migrations set name = 'former', statements = array[null]::text[]`)
      .simple();
    const again = await project.deploy(["--yes"], root);
    assertStringIncludes(again.stderr, "not here: 20250101000000 former.");
  },
);

postgresTest(
  "an access token that the project does not know changes nothing",
  async () => {
    await using project = await testProject();
    const { api, envFile, folder } = project;
    const root = await checkout(folder);
    const untouched = await project.catalog();
    api.token = "sbp_0123456789abcdef0123456789abcdef01234567";
    const { code, stderr } = await project.deploy(
      [`--env-file=${envFile}`, "--yes"],
      root,
    );
    assertEquals(code, 1);
    // whichever of the questions that are asked side by side was answered first
    assertMatch(stderr, /status 401|access token is invalid/);
    assertEquals(await project.catalog(), untouched);
    assertEquals(api.changes(), []);
  },
);
