import { assertEquals, assertStringIncludes } from "@std/assert";
import { execFileSync } from "node:child_process";
import { inCheckout } from "../gate/checkout.ts";

const FIRST = `
create table public.pets (id int primary key, name text, nick text);
create function public.feed(p_pet int) returns int language sql as $$ select p_pet $$;`;
const SECOND = `
alter table public.pets drop column nick;
alter table public.pets add column owner_id int not null;
create table public.owners (id int primary key);
drop function public.feed(int);
create function public.feed(p_pet int, p_food text) returns int language sql as $$ select p_pet $$;`;
const HEAD = `import { supabase } from "./client";\n`;

Deno.test("a rollout says what stops with the migration, and what needs it", async () => {
  await inCheckout({
    "supabase/migrations/20250101000000_first.sql": FIRST,
    "src/pets.ts": HEAD + `
await supabase.from("pets").select("id, nick");
await supabase.from("pets").select("id, nothing");
await supabase.from("pets").insert({ id: 1, name: "x" });
await supabase.rpc("feed", { p_pet: 1 });`,
    "src/same.ts": HEAD + `await supabase.from("pets").select("id");`,
  }, async (run, folder) => {
    const git = (...args: string[]) =>
      execFileSync("git", [
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b",
        ...args,
      ], {
        cwd: folder,
        stdio: "pipe",
      });
    git("init", "-q");
    git("add", ".");
    git("commit", "-qm", "one");
    const same = await run("--rollout", "HEAD");
    assertEquals(
      [same.code, same.stdout],
      [0, "code and database may go in either order\n"],
      same.stderr,
    );
    await Deno.writeTextFile(
      `${folder}/supabase/migrations/20250201000000_second.sql`,
      SECOND,
    );
    await Deno.writeTextFile(
      `${folder}/src/pets.ts`,
      HEAD + `
await supabase.from("pets").select("id, owner_id, nothing");
await supabase.from("owners").select("id");
await supabase.rpc("feed", { p_pet: 1, p_food: "x" });`,
    );
    const { code, stdout, stderr } = await run("--rollout", "HEAD");
    assertEquals(code, 1, stderr);
    assertEquals(stdout.trim().split("\n"), [
      'src/pets.ts:3:41 unknown-column: stops with the new database: pets has no column "nick"',
      "src/pets.ts:5:36 missing-required: stops with the new database: pets.owner_id is required: it cannot be null and has no default",
      'src/pets.ts:6:21 missing-argument: stops with the new database: feed() is called without "p_food", which has no default',
      'src/pets.ts:3:41 unknown-column: needs the new database first: pets has no column "owner_id"',
      'src/pets.ts:4:22 unknown-table: needs the new database first: there is no table or view "owners"',
      'src/pets.ts:5:40 unknown-argument: needs the new database first: feed() has no argument "p_food"',
    ]);
    const wrong = await run("--rollout", "nonsense");
    assertEquals(wrong.code, 2);
    assertStringIncludes(wrong.stderr, "nonsense is no folder and no revision");
  });
});
