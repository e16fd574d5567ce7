import { assertEquals, assertStringIncludes } from "@std/assert";
import { TYPES } from "./catalog.ts";
import { inCheckout } from "./checkout.ts";

const PETS =
  "create table public.pets (id int primary key, name text not null);";
const CODE = `import { supabase } from "./client";
await supabase.from("pets").select("id, nme");`;
const FOUND =
  `src/pets.ts:2:41 unknown-column: pets has no column "nme" — did you mean "name"?\n`;

Deno.test("in a folder of a monorepo supabase/ is found above, and below from its root", async () => {
  const files = {
    ".git/HEAD": "ref: refs/heads/main",
    "backend/supabase/migrations/20250101000000_pets.sql": PETS,
    "apps/web/src/pets.ts": CODE,
  };
  await inCheckout(files, async (run) => {
    const { code, stdout } = await run();
    assertEquals([code, stdout], [1, `apps/web/${FOUND}`]);
  });
  const above = {
    ".git/HEAD": "ref: refs/heads/main",
    "supabase/migrations/20250101000000_pets.sql": PETS,
    "apps/web/src/pets.ts": CODE,
  };
  await inCheckout(above, async (run) => {
    const { code, stdout } = await run();
    assertEquals([code, stdout], [1, FOUND]);
  }, "apps/web");
});

Deno.test("without migrations generated types are found, whatever they are called", async () => {
  const types = TYPES.replace("nme: string }", "name: string }");
  await inCheckout({
    "src/integrations/supabase/schema.types.ts": types,
    "src/pets.ts": CODE,
  }, async (run) => {
    const { code, stdout, stderr } = await run();
    assertEquals([code, stdout], [1, FOUND], stderr);
    assertStringIncludes(
      stderr,
      "no supabase/migrations: judged by src/integrations/supabase/schema.types.ts",
    );
  });
});

Deno.test("--migrations names a folder and --config what is exposed; several are said", async () => {
  await inCheckout({
    "one/supabase/migrations/20250101000000_pets.sql": PETS,
    "two/supabase/migrations/20250101000000_pets.sql":
      "create schema api; create table api.pets (id int, nme text);",
    "api.toml": '[api]\nschemas = ["api"]\n',
    "src/pets.ts": CODE.replace("supabase.from", 'supabase.schema("api").from'),
  }, async (run) => {
    const near = await run();
    assertEquals(near.code, 1);
    assertStringIncludes(
      near.stderr,
      "judged by one/supabase, not by two/supabase",
    );
    const named = await run(
      "--migrations",
      "two/supabase/migrations",
      "--config",
      "api.toml",
    );
    assertEquals([named.code, named.stdout], [0, ""], named.stderr);
  });
});

Deno.test("migrations that fail are named, the rest is judged, and --db and --types are offered", async () => {
  await inCheckout({
    "supabase/migrations/20250101000000_pets.sql":
      `${PETS}\ncreate table public.toys (id int references public.gone);`,
    "supabase/migrations/20250102000000_more.sql":
      "alter table public.toys add column colour text;",
    "src/pets.ts": `${CODE}
await supabase.from("toys").select("id, colour");
await supabase.from("balls").select("id");`,
  }, async (run) => {
    const { code, stdout, stderr } = await run();
    assertEquals(code, 1);
    assertEquals(
      stdout,
      `${FOUND}src/pets.ts:4:22 unknown-table: there is no table or view "balls"\n`,
    );
    assertStringIncludes(
      stderr,
      'failed: supabase/migrations/20250101000000_pets.sql:2: 42P01 relation "public.gone" does not exist',
    );
    assertStringIncludes(
      stderr,
      "1 statements failed, and 1 that need them: what they make is not judged. --db <url>, or --types <file>",
    );
  });
});

Deno.test("where nothing is granted, that is one finding", async () => {
  const queries = ["pets", "toys", "owners"].map((table) =>
    `await db.from("${table}").select("id");`
  );
  await inCheckout({
    "supabase/migrations/20261201000000_new.sql": ["pets", "toys", "owners"]
      .map((table) => `create table public.${table} (id int primary key);`)
      .join("\n"),
    "src/pets.ts": `import { createClient } from "@supabase/supabase-js";
const db = createClient(url, process.env.SUPABASE_ANON_KEY);
${queries.join("\n")}`,
  }, async (run) => {
    const { code, stdout } = await run();
    assertEquals(code, 1);
    assertEquals(
      stdout,
      "src/pets.ts:3:16 not-granted: nothing grants a table to anon, authenticated or service_role, which projects made since 2026-10-30 do not by default: 3 uses need it\n",
    );
  });
});
