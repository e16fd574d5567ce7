import * as path from "node:path";
import { isGeneratedTypes, SKIPPED, statOf } from "../paths.ts";

/** What a checkout has, found from the folder that the gate is started in. */
export interface Discovery {
  /** The folder with config.toml, migrations and functions, and others of the kind that were passed over. */
  readonly supabase: string | undefined;
  readonly others: readonly string[];
  /** The largest file of generated types. */
  readonly types: string | undefined;
}

/** How many folders below the start are looked into for `supabase`. */
const DEEP = 6;

/** Looks around: here, then up to the checkout's root, then below. */
export async function discover(start = "."): Promise<Discovery> {
  const root = await rootOf(start);
  const above = await upwards(start, root);
  const below = above === undefined ? await within(start, isSupabase) : [];
  const [supabase = above, ...others] = below.toSorted(nearestFirst);
  return { supabase, others, types: await largestTypes(start, supabase) };
}

/** The folder with `.git` that the start is in, or the start. */
async function rootOf(start: string): Promise<string> {
  for (let at = path.resolve(start);; at = path.dirname(at)) {
    if (await statOf(path.join(at, ".git"))) return at;
    if (at === path.dirname(at)) return path.resolve(start);
  }
}

async function upwards(
  start: string,
  root: string,
): Promise<string | undefined> {
  for (let at = start;; at = path.join(at, "..")) {
    const folder = path.join(at, "supabase");
    if (await isSupabase(folder)) return folder;
    if (path.resolve(at) === root) return undefined;
  }
}

async function isSupabase(folder: string): Promise<boolean> {
  if (path.basename(folder) !== "supabase") return false;
  for (const name of ["config.toml", "migrations"]) {
    if (await statOf(path.join(folder, name))) return true;
  }
  return false;
}

async function within(
  start: string,
  isWanted: (folder: string) => Promise<boolean>,
): Promise<string[]> {
  const found: string[] = [];
  for await (const folder of foldersIn(start, DEEP)) {
    if (await isWanted(folder)) found.push(folder);
  }
  return found;
}

async function* foldersIn(start: string, deep: number): AsyncGenerator<string> {
  if (deep === 0) return;
  for await (const { name, isDirectory } of Deno.readDir(start)) {
    if (!isDirectory || SKIPPED.has(name) || name.startsWith(".")) continue;
    const folder = path.join(start, name);
    yield folder;
    yield* foldersIn(folder, deep - 1);
  }
}

function nearestFirst(one: string, other: string): number {
  const depth = (folder: string) => folder.split(path.sep).length;
  return depth(one) - depth(other) || (one < other ? -1 : 1);
}

/** Names under which generated types are kept. */
const TYPES = /(?:types?|database|supabase|schema)[\w.-]*\.tsx?$/i;

async function largestTypes(
  start: string,
  supabase: string | undefined,
): Promise<string | undefined> {
  const root = supabase === undefined ? undefined : path.dirname(supabase);
  let found: { file: string; size: number } | undefined;
  for (const at of new Set([start, ...root === undefined ? [] : [root]])) {
    for (
      const folder of [
        at,
        ...await within(at, () => Promise.resolve(true)),
      ]
    ) {
      for await (const { name, isFile } of Deno.readDir(folder)) {
        if (!isFile || !TYPES.test(name)) continue;
        const file = path.join(folder, name);
        const { size } = await Deno.stat(file);
        if (size < 200 || found && size <= found.size) continue;
        if (isGeneratedTypes(await Deno.readTextFile(file))) {
          found = { file, size };
        }
      }
    }
  }
  return found?.file;
}
