import { assert, assertEquals } from "@std/assert";
import { licensesOf } from "../../tasks/release/licenses.ts";

const ZOD = "node_modules/.deno/zod@4.6.7/node_modules/zod";
const BARE = "node_modules/.deno/@scope+bare@1.0.0/node_modules/@scope/bare";

async function withPackages(use: (root: string) => Promise<void>) {
  const root = await Deno.makeTempDir();
  const write = async (folder: string, files: Record<string, string>) => {
    await Deno.mkdir(`${root}/${folder}`, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${root}/${folder}/${name}`, text);
    }
  };
  try {
    const manifest = (name: string, version: string) =>
      JSON.stringify({ name, version, license: "MIT" });
    await write(ZOD, {
      "package.json": manifest("zod", "4.6.7"),
      LICENSE: "Permission is hereby granted\n",
    });
    await write(BARE, { "package.json": manifest("@scope/bare", "1.0.0") });
    await use(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("a release names each package in its bundles once, with its licence", async () => {
  await withPackages(async (root) => {
    const bundleOf = (inputs: Record<string, number>) => ({
      name: "made",
      code: new Uint8Array(),
      digest: "",
      inputs,
    });
    const text = await licensesOf(root, [
      bundleOf({ [`${ZOD}/v4/a.js`]: 1, [`${BARE}/b.js`]: 1 }),
      bundleOf({ [`${ZOD}/v4/c.js`]: 1, "supabase/functions/x/index.ts": 1 }),
    ]);
    assertEquals(text.match(/^\S+ [\d.]+ \(MIT\)$/gm), [
      "@scope/bare 1.0.0 (MIT)",
      "zod 4.6.7 (MIT)",
    ]);
    assert(text.includes("Permission is hereby granted"));
  });
});

Deno.test("what tree shaking left nothing of is not named", async () => {
  await withPackages(async (root) => {
    const inputs = { [`${ZOD}/v4/a.js`]: 0 };
    const bundles = [{
      name: "made",
      code: new Uint8Array(),
      digest: "",
      inputs,
    }];
    assertEquals(await licensesOf(root, bundles), "");
  });
});
