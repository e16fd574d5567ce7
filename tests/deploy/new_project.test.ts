import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readMigrations } from "../../stack/migrations.ts";
import { MIGRATIONS_DIR } from "../../stack/paths.ts";
import { FUNCTIONS } from "../../supabase/functions/_shared/access.ts";
import { postgresTest } from "../support/sql.ts";
import { bundlesOf } from "../../tasks/deploy/bundles.ts";
import { command, REF, ROOT, testProject } from "./project.ts";

postgresTest(
  "a new project is given everything, after a plan that changes nothing, and no value is printed",
  async () => {
    await using project = await testProject(undefined, {
      defaultGrants: true,
    });
    const { api, envFile, secrets, sql } = project;
    const migrations = await readMigrations(MIGRATIONS_DIR);
    const untouched = await project.catalog();

    // no terminal to ask at: the plan is printed, and nothing done
    const planned = await command(project, `--env-file=${envFile}`);
    assertEquals(planned.code, 1);
    assertStringIncludes(planned.stderr, "no terminal to ask at: --yes");
    for (
      const line of [
        `migrations to run: ${migrations.length}`,
        "secrets to add: 5\n  CALENDAR_HMAC_SECRET",
        "Vault secrets to set: 2",
        "auth.minimum_password_length: 6 -> 8",
      ]
    ) assertStringIncludes(planned.stdout, line);
    assert(!planned.stdout.includes("mark as applied"));
    assertEquals(await project.catalog(), untouched);
    assertEquals(api.changes(), []);

    const done = await command(project, `--env-file=${envFile}`, "--yes");
    assertEquals(done.code, 0, done.stderr);
    assertStringIncludes(
      done.stdout,
      "The database is what the migrations say.",
    );
    const history = await sql.unsafe(
      "select version from supabase_migrations.schema_migrations order by version",
    );
    assertEquals(
      history.map(({ version }) => version),
      migrations.map(({ version }) => version),
    );
    assertEquals(Object.fromEntries(api.project.secrets), secrets);
    assertEquals(
      api.project.functions.map(({ slug }) => slug).sort(),
      Object.keys(FUNCTIONS).sort(),
    );
    assert(api.project.functions.every((it) => !it.verify_jwt));
    // each is the bundle that was measured, and nothing else
    for (const { name, code } of await bundlesOf(ROOT)) {
      assertEquals(
        [...api.project.sources.get(name) ?? []],
        [[`functions/${name}/index.js`, new TextDecoder().decode(code)]],
      );
    }
    assertEquals(api.project.config.auth.password_min_length, 8);
    const vault = await sql.unsafe("select name, secret from vault.secrets");
    assertEquals(
      Object.fromEntries(vault.map(({ name, secret }) => [name, secret])),
      {
        supabase_url: `https://${REF}.supabase.co`,
        supabase_secret_key: api.project.secretKey,
      },
    );

    const printed = [planned, done].map((it) => it.stdout + it.stderr).join("");
    const values = [
      ...Object.values(secrets),
      api.token,
      api.project.secretKey,
    ];
    for (const value of values) {
      assert(!printed.includes(value), "a value was printed");
    }
  },
);
