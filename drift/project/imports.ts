import * as path from "node:path/posix";
import * as z from "zod/mini";
import ts from "typescript";
import type { Judged } from "../finding.ts";
import type { Checkout } from "./checkout.ts";
import type { ConfiguredFunction } from "./config.ts";
import { mismatch } from "./mismatch.ts";

const ImportMap = z.object({
  imports: z.prefault(z.record(z.string(), z.string()), {}),
});
const ELSEWHERE = /^(?:npm|jsr|node|https?|data|blob|file):/;

/** Every import of a function, and of what it imports, is a file that is there or a name in its import map. */
export async function checkImports(
  checkout: Checkout,
  functions: readonly ConfiguredFunction[],
): Promise<Judged[]> {
  const found = new Map<string, Judged>();
  for (const one of functions) {
    const map = await importsOf(checkout, one);
    if (!map) continue;
    for await (const wrong of follow(checkout, one.entrypoint, map)) {
      found.set(JSON.stringify([wrong.file, wrong.line, wrong.name]), wrong);
    }
  }
  return [...found.values()];
}

interface FoundMap {
  readonly file: string;
  readonly names: readonly string[];
}

/** As config.toml says, else the function's own or the shared one; undefined where there is none. */
async function importsOf(
  checkout: Checkout,
  { importMap, entrypoint }: ConfiguredFunction,
): Promise<FoundMap | undefined> {
  const folder = path.dirname(entrypoint);
  const candidates = importMap === undefined
    ? ["deno.json", "deno.jsonc", "import_map.json"].map((it) =>
      `${folder}/${it}`
    )
      .concat(
        "supabase/functions/import_map.json",
        "supabase/functions/deno.json",
      )
    : [importMap];
  for (const file of candidates) {
    if (!await checkout.has(file)) continue;
    const { config } = ts.parseConfigFileTextToJson(
      file,
      await checkout.read(file),
    );
    return { file, names: Object.keys(ImportMap.parse(config ?? {}).imports) };
  }
  return undefined;
}

async function* follow(
  checkout: Checkout,
  entrypoint: string,
  map: FoundMap,
): AsyncGenerator<Judged> {
  const seen = new Set<string>([entrypoint]);
  for (const file of seen) {
    if (!/\.[cm]?[jt]sx?$/.test(file) || !await checkout.has(file)) continue;
    const text = await checkout.read(file);
    for (
      const { fileName: name, pos } of ts.preProcessFile(text).importedFiles
    ) {
      const at = { file, text, index: pos + 1 }; // behind the quote
      if (name.startsWith(".")) {
        const target = path.join(path.dirname(file), name);
        if (await checkout.has(target)) seen.add(target);
        else yield mismatch(at, name, `${name} is not there`);
      } else if (!ELSEWHERE.test(name) && !isIn(map.names, name)) {
        yield mismatch(at, name, `${map.file} has no "${name}"`);
      }
    }
  }
}

/** A name that ends in a slash stands for all behind it. */
function isIn(names: readonly string[], name: string): boolean {
  return names.some((it) =>
    it === name || (it.endsWith("/") && name.startsWith(it))
  );
}
