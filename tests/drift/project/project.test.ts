import { assertEquals } from "@std/assert";
import { Checkout } from "../../../drift/project/checkout.ts";
import { checkProject } from "../../../drift/project/mod.ts";

const PROJECT: Record<string, string> = {
  "supabase/config.toml": `[functions.first]
import_map = "../import_map.json"

[functions.second]
import_map = "../import_map.json"
`,
  "import_map.json":
    `{ "imports": { "zod": "npm:zod@4.0.0", "@std/": "npm:std/" } }`,
  "supabase/functions/_shared/a.ts":
    `import "@std/assert"; import "npm:x@1"; import "node:fs";`,
  "supabase/functions/first/index.ts":
    `import "zod"; import "../_shared/a.ts";`,
  "supabase/functions/second/index.ts": `export {};`,
  "README.md": `# Project

## Functions

| function      | caller |
| ------------- | ------ |
| \`POST first\`  | you    |
| \`GET second/<x>\` | me  |
`,
};

/** The findings in the project, with these files changed or (null) taken away. */
async function findingsIn(
  changes: Record<string, string | null>,
): Promise<string[]> {
  const root = await Deno.makeTempDir({ prefix: "drift-project-" });
  try {
    for (const [path, text] of Object.entries({ ...PROJECT, ...changes })) {
      if (text === null) continue;
      const file = `${root}/${path}`;
      await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), {
        recursive: true,
      });
      await Deno.writeTextFile(file, text);
    }
    return (await checkProject(new Checkout(root))).map((it) =>
      `${it.file}:${it.line}:${it.column} ${it.rule}: ${it.message}`
    );
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("a project whose files agree has no finding", async () => {
  assertEquals(await findingsIn({}), []);
});

Deno.test("a checkout without config, README or functions has none either", async () => {
  assertEquals(
    await findingsIn({ "supabase/config.toml": null, "README.md": null }),
    [],
  );
  assertEquals(
    await findingsIn(
      Object.fromEntries(Object.keys(PROJECT).map((path) => [path, null])),
    ),
    [],
  );
});

Deno.test("a configured function without its file is found at its block, in the README too", async () => {
  assertEquals(
    await findingsIn({ "supabase/functions/second/index.ts": null }),
    [
      'supabase/config.toml:4:12 config: function "second": no supabase/functions/second/index.ts',
      'README.md:8:8 config: the table lists "second", which is no function',
    ],
  );
});

Deno.test("a folder that is neither configured nor listed is found", async () => {
  assertEquals(await findingsIn({ "supabase/functions/third/index.ts": "" }), [
    "supabase/config.toml:1:1 config: supabase/functions/third has no [functions.third]",
    'README.md:7:9 config: the table of functions leaves out "third"',
  ]);
});

Deno.test("an import map that is not there is found", async () => {
  assertEquals(await findingsIn({ "import_map.json": null }), [
    'supabase/config.toml:1:12 config: function "first": no import map import_map.json',
    'supabase/config.toml:4:12 config: function "second": no import map import_map.json',
  ]);
});

Deno.test("imports that no map names, or that lead to no file, are found once, where they stand", async () => {
  assertEquals(
    await findingsIn({
      "supabase/functions/_shared/a.ts": `import "hono";\nimport "./gone.ts";`,
      "supabase/functions/second/index.ts": `import "../_shared/a.ts";`,
    }),
    [
      'supabase/functions/_shared/a.ts:1:9 config: import_map.json has no "hono"',
      "supabase/functions/_shared/a.ts:2:9 config: ./gone.ts is not there",
    ],
  );
});
