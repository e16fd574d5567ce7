import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { buildSync, formatMessagesSync, type Metafile } from "esbuild";
import { StackError } from "../../stack/errors.ts";
import { DIGEST_DEFINE, withDigest } from "./digest.ts";
import { readAliases } from "./import_map.ts";
import type { Source } from "./sources.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const IMPORT_MAP = `${ROOT}/import_map.json`;

/** A function as one minified ES module that needs nothing but the runtime. */
export interface Bundle {
  readonly name: string;
  readonly code: Uint8Array<ArrayBuffer>;
  /** What every answer of it tells of it, as X-Bundle. */
  readonly digest: string;
  /** What it is made of, in bytes, by paths relative to the repository. */
  readonly inputs: Readonly<Record<string, number>>;
}

/**
 * Bundles functions; the same sources and packages give the same bytes.
 *
 * @throws {StackError} when one does not build, or would load anything at run time that is not the
 * runtime's own
 */
export async function bundle(sources: readonly Source[]): Promise<Bundle[]> {
  const { outputFiles, metafile } = build(
    sources,
    await readAliases(IMPORT_MAP),
  );
  return sources.map(({ name }) => {
    const file = `${name}.js`;
    const output = metafile.outputs[file];
    const text = outputFiles.find(({ path }) => path.endsWith(`/${file}`));
    if (!output || !text) throw new TypeError(`esbuild made no ${file}`);
    refuseImports(name, output.imports, text.text);
    const inputs = Object.entries(output.inputs)
      .map(([path, { bytesInOutput }]) => [path, bytesInOutput] as const);
    return {
      name,
      ...withDigest(text.contents),
      inputs: Object.fromEntries(inputs),
    };
  });
}

/** Writes bundles below a folder, `<name>/index.js`. */
export async function writeBundles(
  folder: string,
  bundles: readonly Bundle[],
): Promise<void> {
  for (const { name, code } of bundles) {
    await Deno.mkdir(`${folder}/${name}`, { recursive: true });
    await Deno.writeFile(`${folder}/${name}/index.js`, code);
  }
}

/** What of a bundle goes over the wire, in bytes. */
export function gzipSize({ code }: Bundle): number {
  return gzipSync(code, { level: 9 }).length;
}

function build(sources: readonly Source[], alias: Record<string, string>) {
  try {
    return buildSync({
      absWorkingDir: ROOT,
      entryPoints: sources.map(({ name, entrypoint }) => ({
        in: entrypoint,
        out: name,
      })),
      outdir: ".",
      write: false,
      metafile: true,
      bundle: true,
      minify: true,
      format: "esm",
      charset: "utf8",
      target: "es2022",
      // as Deno resolves a package; a builtin without `node:` is an error on this platform
      platform: "neutral",
      conditions: ["deno"],
      mainFields: ["module", "main"],
      external: ["node:*"],
      alias,
      define: DIGEST_DEFINE,
      legalComments: "none", // a release names the packages and their licences
      logLevel: "silent",
    });
  } catch (error) {
    throw new StackError(reasonOf(error), { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (
    error instanceof Error && "errors" in error && Array.isArray(error.errors)
  ) {
    return formatMessagesSync(error.errors, { kind: "error" }).join("").trim();
  }
  return error instanceof Error ? error.message : String(error);
}

/** A dynamic import whose name is computed is in no list of imports. */
function refuseImports(
  name: string,
  imports: Metafile["outputs"][string]["imports"],
  code: string,
): void {
  const wrong =
    imports.find(({ path, kind }) =>
      kind !== "import-statement" || !path.startsWith("node:")
    )?.path ?? /\bimport\(.{0,40}/.exec(code)?.[0];
  if (wrong === undefined) return;
  throw new StackError(`${name}: the bundle would load ${wrong} at run time`);
}
