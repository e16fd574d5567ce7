import { assertEquals, assertStringIncludes } from "@std/assert";
import { postgresTest } from "../support/sql.ts";
import { checkout } from "./checkout.ts";
import { testProject } from "./project.ts";

postgresTest(
  "a deployment that fails half way says what is done, and the same command goes on from there",
  async () => {
    await using project = await testProject();
    const { api, envFile, sql } = project;
    const root = await checkout(project.folder);
    const deploy = () =>
      project.deploy([`--env-file=${envFile}`, "--yes"], root);

    await sql.unsafe("create view public.notes as select 1 as id");
    const inTheWay = await deploy();
    assertEquals(inTheWay.code, 1);
    for (
      const line of [
        "run 3 migrations failed",
        "done: nothing",
        "not done: run 3 migrations, set 5 secrets",
        "run the same command again",
      ]
    ) assertStringIncludes(inTheWay.stderr, line);
    assertEquals(api.changes(), []);
    await sql.unsafe("drop view public.notes");

    api.failing = "POST /secrets";
    const away = await deploy();
    assertEquals(away.code, 1);
    // the two before the one that failed had been run
    assertStringIncludes(
      away.stderr,
      "done: run 1 migrations\nnot done: set 5 secrets, set 2 secrets of the Vault, deploy 1 functions, " +
        "change 1 properties of the configuration",
    );
    assertEquals(api.project.functions, []);
    api.failing = undefined;

    const last = await deploy();
    assertEquals(last.code, 0, last.stderr);
    assertEquals(last.stdout.includes("migrations to run"), false);
    assertEquals(api.project.secrets.size, 5);
    assertEquals(api.project.functions.map(({ slug }) => slug), ["hello"]);
    assertEquals(api.project.config.api.max_rows, 500);

    const catalog = await project.catalog();
    const asked = api.changes().length;
    const again = await deploy();
    assertEquals([again.code, again.stdout], [
      0,
      "functions to replace: 1\n  hello\nDeployed. The database is what the migrations say.\n",
    ]);
    assertEquals(await project.catalog(), catalog);
    assertEquals(api.changes().slice(asked), ["POST /functions/deploy"]);
  },
);

postgresTest(
  "what was done by hand stands against a deployment until it was reviewed",
  async () => {
    const folder = await Deno.makeTempDir({ prefix: "deploy-by-hand-" });
    const root = await checkout(folder);
    await using project = await testProject(`${root}/supabase/migrations`);
    const { envFile, sql } = project;
    const known = `--known=${folder}/known.json`;
    const deploy = (...options: string[]) =>
      project.deploy(
        [`--env-file=${envFile}`, "--dry-run", ...options],
        root,
      );

    await sql.unsafe(`alter table public.people add column nickname text;
      create table public.elsewhere (id integer)`).simple();
    assertStringIncludes(
      (await deploy()).stderr,
      "extra column public.people.nickname: text\n0 missing, 1 extra, 0 different",
    );

    await deploy("--write-known", known);
    const reviewed = await deploy(known);
    assertEquals(reviewed.code, 0, reviewed.stderr);
    // a whole table that no migration knows is another part of the project
    assertStringIncludes(
      reviewed.stdout,
      "to leave, made by no migration: 1\n  tables of its own: 1 (elsewhere)",
    );

    await sql.unsafe(
      `alter table public.people alter column nickname set not null;
       create or replace function public.greet() returns text language sql as $$ select 'sb_secret_by_hand' $$`,
    ).simple();
    const again = await deploy(known);
    for (
      const line of [
        "extra column public.people.nickname: text not null",
        "different function public.greet()",
      ]
    ) assertStringIncludes(again.stderr, line);
    // people write keys into functions: the code is in no log, and in no file to be committed
    await deploy("--write-known", known);
    const file = await Deno.readTextFile(`${folder}/known.json`);
    assertStringIncludes(file, "public.greet()");
    assertEquals((again.stderr + file).includes("sb_secret_by_hand"), false);
    await Deno.remove(folder, { recursive: true });
  },
);
