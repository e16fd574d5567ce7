import { readConfig } from "../../stack/config.ts";
import type { Judged } from "../finding.ts";
import { type Checkout, FUNCTIONS } from "./checkout.ts";
import { mismatch } from "./mismatch.ts";

export const CONFIG = "supabase/config.toml";

/** One function as config.toml and the folders have it. */
export interface ConfiguredFunction {
  readonly name: string;
  /** Relative to the checkout. */
  readonly entrypoint: string;
  readonly importMap: string | undefined;
}

/** The functions with the paths that config.toml, or the default, gives them. */
export async function configured(
  checkout: Checkout,
  functions: ReadonlySet<string>,
): Promise<ConfiguredFunction[]> {
  const blocks = await checkout.has(CONFIG)
    ? (await readConfig(checkout.at(CONFIG))).functions
    : {};
  return [...functions].map((name) => ({
    name,
    entrypoint: inSupabase(
      blocks[name]?.entrypoint ?? `functions/${name}/index.ts`,
    ),
    importMap: blocks[name]?.import_map === undefined
      ? undefined
      : inSupabase(blocks[name].import_map),
  }));
}

/** Where config.toml and the folders of the functions part. */
export async function checkConfig(
  checkout: Checkout,
  functions: ReadonlySet<string>,
): Promise<Judged[]> {
  if (!await checkout.has(CONFIG)) return [];
  const blocks = Object.entries(
    (await readConfig(checkout.at(CONFIG))).functions,
  );
  const text = await checkout.read(CONFIG);
  const at = (name: string) => ({
    file: CONFIG,
    text,
    index: Math.max(text.search(headOf(name)), 0),
  });
  const found: Judged[] = [];
  for (const [name, { entrypoint, import_map: importMap }] of blocks) {
    const entry = inSupabase(entrypoint ?? `functions/${name}/index.ts`);
    if (!await checkout.has(entry)) {
      found.push(mismatch(at(name), name, `function "${name}": no ${entry}`));
    }
    if (importMap !== undefined && !await checkout.has(inSupabase(importMap))) {
      const message = `function "${name}": no import map ${
        inSupabase(importMap)
      }`;
      found.push(mismatch(at(name), importMap, message));
    }
  }
  const known = new Set(blocks.map(([name]) => name));
  // a project that configures none has the defaults for all
  const missing = known.size === 0
    ? []
    : [...functions].filter((it) => !known.has(it));
  return [
    ...found,
    ...missing.map((name) =>
      mismatch(
        { file: CONFIG, text, index: 0 },
        name,
        `${FUNCTIONS}/${name} has no [functions.${name}]`,
      )
    ),
  ];
}

const headOf = (name: string) =>
  new RegExp(`(?<=^\\s*\\[functions\\.)"?${RegExp.escape(name)}"?\\]`, "m");

/** config.toml's paths are relative to its folder. */
function inSupabase(path: string): string {
  const parts: string[] = ["supabase"];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}
