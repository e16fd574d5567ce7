import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { readAliases } from "../../tasks/bundle/import_map.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url)).replace(
  /\/$/,
  "",
);
const HERE = `${ROOT}/drift/package`;
const OUT = `${ROOT}/dist/supabase-drift`;

/** Loaded by Node from the package's dependencies. */
const EXTERNAL = [
  "@electric-sql/pglite",
  "@electric-sql/pglite/*",
  "@supabase/lite",
  "@supabase/lite/*",
  "postgres",
  "typescript",
];

/**
 * Makes the package that npm packs and publishes: one module that Node runs.
 *
 * @returns its folder
 */
export async function buildPackage(out = OUT): Promise<string> {
  const alias = Object.fromEntries(
    Object.entries(await readAliases(`${ROOT}/import_map.json`))
      .filter(([name]) => !EXTERNAL.includes(name)),
  );
  await build({
    absWorkingDir: ROOT,
    entryPoints: ["drift/main.ts"],
    outfile: `${out}/dist/main.js`,
    inject: [`${HERE}/node.ts`],
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    charset: "utf8",
    external: EXTERNAL,
    alias,
    banner: { js: "#!/usr/bin/env node" },
    legalComments: "inline",
    logLevel: "error",
  });
  for (
    const [from, to] of [
      [`${HERE}/package.json`, "package.json"],
      [`${HERE}/README.md`, "README.md"],
      [`${ROOT}/LICENSE`, "LICENSE"],
    ] as const
  ) await Deno.copyFile(from, `${out}/${to}`);
  return out;
}

if (import.meta.main) console.log(await buildPackage());
