import type { Source } from "./code/chain.ts";
import { DriftFailure } from "./failure.ts";

const CODE = /\.(?:[cm]?[jt]s|[jt]sx|vue|svelte|astro)$/;
/** Code that nobody writes: declarations, bundles, and the types generated from a database. */
const GENERATED =
  /\.d\.[cm]?ts$|\.min\.[cm]?js$|(?:^|[/.])(?:database|supabase)[.-]types?\.ts$/;
export const SKIPPED: ReadonlySet<string> = new Set([
  "node_modules",
  "dist",
  "build",
  "out",
  "coverage",
  "vendor",
]);
/** Longer than anybody writes by hand: a bundle. */
const MAX_BYTES = 1_000_000;

/** Looked at when no path is given, as far as they are there; everything where none is. */
export const DEFAULT_PATHS: readonly string[] = [
  "src",
  "app",
  "apps",
  "packages",
  "pages",
  "components",
  "composables",
  "hooks",
  "lib",
  "server",
  "services",
  "utils",
  "supabase/functions",
  "tests",
  "test",
  "e2e",
];

/**
 * Reads the code in files and folders. Hidden folders, dependencies, build output and generated types
 * are passed over; a file that is named itself is not. What else is not read is said, with the reason:
 * links, files too large to be written by hand, text that is not UTF-8.
 * With `generated` generated types are read as well.
 *
 * @throws {DriftFailure} when a path is not there or nothing under the paths is code
 */
export async function readSources(
  paths: readonly string[],
  say: (file: string, reason: string) => void = () => {},
  { generated = false } = {},
): Promise<Source[]> {
  const files = new Set<string>();
  for (const path of paths.length > 0 ? paths : await defaultPaths()) {
    for await (const file of walk(path, say, generated)) files.add(file);
  }
  const sources: Source[] = [];
  for (const file of [...files].sort()) {
    const text = textOf(await Deno.readFile(file));
    if (text === undefined) say(named(file), "not UTF-8");
    else if (generated || !isGeneratedTypes(text)) {
      sources.push({ file: named(file), text });
    }
  }
  if (sources.length === 0) {
    throw new DriftFailure(
      `no TypeScript or JavaScript in ${
        paths.length > 0 ? paths.join(", ") : "this folder"
      }`,
    );
  }
  return sources;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      bytes,
    );
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** As findings name it: with forward slashes, without a leading `./`. */
function named(path: string): string {
  return path.replaceAll("\\", "/").replace(/^(?:\.\/)+/, "");
}

/** Those of the default paths that are there, or else the folder itself. */
export async function defaultPaths(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of DEFAULT_PATHS) {
    if (await statOf(path)) found.push(path);
  }
  return found.length > 0 ? found : ["."];
}

type Say = (file: string, reason: string) => void;

async function* walk(
  path: string,
  say: Say,
  generated: boolean,
): AsyncGenerator<string> {
  const stat = await statOf(path);
  if (!stat) throw new DriftFailure(`no such file or folder: ${path}`);
  if (stat.isFile) yield path;
  else yield* within(path.replace(/\/+$/, ""), say, generated);
}

async function* within(
  folder: string,
  say: Say,
  generated: boolean,
): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const { name, isDirectory, isFile, isSymlink } = entry;
    const path = folder === "." ? name : `${folder}/${name}`;
    const isSkipped = SKIPPED.has(name) || name.startsWith(".");
    if (isDirectory && !isSkipped) yield* within(path, say, generated);
    else if (
      isSymlink && !isSkipped && (CODE.test(name) || !name.includes("."))
    ) {
      say(named(path), "a link");
    } else if (
      isFile && CODE.test(name) && (generated || !GENERATED.test(path))
    ) {
      const { size } = await Deno.stat(path);
      if (size <= MAX_BYTES) yield path;
      else say(named(path), `larger than ${MAX_BYTES / 1_000_000} MB`);
    }
  }
}

/** What `supabase gen types` writes, whatever the file is called. */
export function isGeneratedTypes(text: string): boolean {
  return /^\s*export type Json =/m.test(text.slice(0, 2_000)) &&
    /^\s+Tables: \{/m.test(text);
}

/** What is at a path; undefined where nothing is. */
export async function statOf(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
