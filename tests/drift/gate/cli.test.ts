import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { TYPES } from "./catalog.ts";
import { type Gate, inCheckout as inFolder } from "./checkout.ts";

const WRONG = `
import { createClient } from "@supabase/supabase-js";
const db = createClient(process.env.URL, process.env.KEY);
const { data, error } = await db.from("profiles").select("id, nme");
if (error) throw error;
`;

/** A Node checkout with generated types. */
function inCheckout(
  files: Record<string, string>,
  work: (run: Gate, folder: string) => Promise<void>,
): Promise<void> {
  return inFolder({ "types.ts": TYPES, ...files }, work);
}

Deno.test("the gate runs in any checkout: 1 and the findings, fixed, then 0", async () => {
  await inCheckout({ "src/load.js": WRONG }, async (run, folder) => {
    const first = await run("--types", "types.ts", "src");
    assertEquals(
      [first.code, first.stdout],
      [
        1,
        'src/load.js:4:63 unknown-column: profiles has no column "nme" — did you mean "name"?\n',
      ],
    );
    const json = await run("--types", "types.ts", "--format", "json", ".");
    assertEquals(JSON.parse(json.stdout).length, 1);
    const fixed = await run("--types", "types.ts", "--fix", "src");
    assertEquals([fixed.code, fixed.stdout], [0, ""]);
    assertStringIncludes(fixed.stderr, "fixed: 1 in 1 files");
    assertStringIncludes(
      await Deno.readTextFile(`${folder}/src/load.js`),
      `"id, nme:name"`,
    );
  });
});

Deno.test("--fix makes the renames of the project's file, or of another, and nothing a second time", async () => {
  const code = WRONG.replace("nme", "full_name");
  const renames = '{ "profiles.full_name": "name" }';
  await inCheckout({
    "src/load.js": `\uFEFF${code}`,
    "drift.renames.json": renames,
  }, async (run, folder) => {
    const fixed = await run("--types", "types.ts", "--fix", "src");
    assertEquals([fixed.code, fixed.stdout], [0, ""]);
    assertEquals(
      await Deno.readTextFile(`${folder}/src/load.js`),
      `\uFEFF${code.replace("full_name", "full_name:name")}`,
    );
    const again = await run("--types", "types.ts", "--fix", "src");
    assertStringIncludes(again.stderr, "fixed: 0 in 0 files");
  });
  await inCheckout({
    "src/load.js": code,
    "team/renames.json": renames,
    "broken.json": '{ "profiles.full_name": 1 }',
  }, async (run) => {
    const options = ["--types", "types.ts", "--fix", "src", "--renames"];
    for (
      const [file, reason] of [
        ["nowhere.json", "no such file: nowhere.json"],
        ["broken.json", "broken.json is no file of renames"],
      ] as const
    ) {
      const { code, stderr } = await run(...options, file);
      assertEquals(code, 2);
      assertStringIncludes(stderr, reason);
    }
    assertEquals((await run(...options, "team/renames.json")).code, 0);
  });
});

Deno.test("without --db and --types, the checkout's own migrations say what is there", async () => {
  await inCheckout({
    "supabase/migrations/20260101000000_pets.sql":
      "create table public.pets (id int primary key, name text not null);",
    "supabase/functions/a/index.ts":
      `supabase.from("pets").insert({ id: 1 }); supabase.from("plans").select();`,
  }, async (run) => {
    const { code, stdout, stderr } = await run();
    assertEquals(code, 1, stderr);
    assertStringIncludes(stdout, "index.ts:1:30 missing-required");
    assertStringIncludes(stdout, "index.ts:1:57 unknown-table");
  });
  const bare = { "types.ts": "", "tests/a.ts": "export {};" };
  await inCheckout(bare, async (run) => {
    const { code, stderr } = await run();
    assertEquals(code, 2);
    assertStringIncludes(
      stderr,
      "no supabase/migrations and no generated types here: --db, --types or --migrations",
    );
  });
});

Deno.test("dependencies, hidden folders, output and generated types are passed over", async () => {
  await inCheckout({
    "src/a.ts": "export {};",
    "node_modules/x/index.js": WRONG,
    ".next/a.js": WRONG,
    "dist/a.js": WRONG,
    "src/a.d.ts": WRONG,
  }, async (run) => {
    const { code, stderr } = await run("--types", "types.ts", ".");
    assertEquals(code, 0);
    assertStringIncludes(stderr, "1 files");
  });
});

Deno.test("a baseline lets what is known pass", async () => {
  await inCheckout({ "src/load.js": WRONG }, async (run) => {
    const options = ["--types", "types.ts", "--baseline", "known.json", "src"];
    assertEquals((await run(...options)).code, 2);
    assertEquals((await run(...options, "--write-baseline")).code, 0);
    const known = await run(...options);
    assertEquals([known.code, known.stdout], [0, ""]);
    assertStringIncludes(known.stderr, "1 known");
  });
});

Deno.test("advice and what is not judged are told when asked for", async () => {
  const code = `${WRONG.replace("nme", "name")}
await db.from(table).select().throwOnError();`;
  await inCheckout({ "src/load.ts": code }, async (run) => {
    assertEquals((await run("--types", "types.ts", "src")).code, 0);
    const advised = await run("--types", "types.ts", "--advice", "src");
    assertEquals(advised.code, 1);
    assertStringIncludes(advised.stdout, "untyped-client");
    const listed = await run("--types", "types.ts", "--unjudged", "src");
    assertStringIncludes(listed.stderr, "src/load.ts:7:15 not judged");
  });
});

Deno.test("what cannot run says why and ends with 2", async () => {
  const files = { "src/a.ts": "export {};", "docs/a.md": "none" };
  await inCheckout(files, async (run) => {
    const refused: Readonly<Record<string, string[]>> = {
      "no such file or folder: nowhere": ["--types", "types.ts", "nowhere"],
      "no TypeScript or JavaScript": ["--types", "types.ts", "docs"],
      "exclude each other": ["--types", "types.ts", "--db", "postgres://x/y"],
      "--db wants a URL": ["--db", "nonsense", "src"],
      "--format is one of": ["--format", "xml", "src"],
      "--help lists the options": ["--nonsense"],
    };
    for (const [reason, args] of Object.entries(refused)) {
      const { code, stdout, stderr } = await run(...args);
      assertEquals([code, stdout], [2, ""], args.join(" "));
      assertStringIncludes(stderr, reason);
    }
    const { code } = await run("--types", "missing.ts", "src");
    assertEquals(code, 2);
    const help = await run("--help");
    assert(help.code === 0 && help.stdout.startsWith("Finds where"));
  });
});

Deno.test("what is not read is said: links, bundles, text that is not UTF-8", async () => {
  const bundle = `const x = "${"a".repeat(1_000_001)}";`;
  await inCheckout(
    { "src/load.js": WRONG, "src/bundle.js": bundle },
    async (run, folder) => {
      await Deno.writeFile(
        `${folder}/src/latin.ts`,
        new Uint8Array([0x2f, 0x2f, 0xe9]),
      );
      await Deno.symlink(`${folder}/src/load.js`, `${folder}/src/link.js`);
      const { code, stderr } = await run("--types", "types.ts", "src");
      assertEquals(code, 1);
      assertStringIncludes(stderr, "not read: src/bundle.js: larger than 1 MB");
      assertStringIncludes(stderr, "not read: src/latin.ts: not UTF-8");
      assertStringIncludes(stderr, "not read: src/link.js: a link");
    },
  );
});
