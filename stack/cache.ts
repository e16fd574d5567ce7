import { CACHE_DIR } from "./paths.ts";

/** How many files of a kind are kept. */
const KEPT = 8;

/**
 * Keeps a file in the cache, whole or not at all, and drops those of its kind that were written or
 * touched longest ago.
 *
 * @param suffix how the names of its kind end, and of no other
 */
export async function keep(
  name: string,
  suffix: string,
  content: ReadableStream<Uint8Array> | string,
): Promise<void> {
  await Deno.mkdir(CACHE_DIR, { recursive: true });
  const partial = await Deno.makeTempFile({
    dir: CACHE_DIR,
    suffix: ".partial",
  });
  if (typeof content === "string") await Deno.writeTextFile(partial, content);
  else await Deno.writeFile(partial, content);
  await Deno.rename(partial, `${CACHE_DIR}/${name}${suffix}`);
  await prune(suffix);
}

async function prune(suffix: string): Promise<void> {
  const found: { path: string; at: number }[] = [];
  for await (const { name } of Deno.readDir(CACHE_DIR)) {
    if (!name.endsWith(suffix)) continue;
    const path = `${CACHE_DIR}/${name}`;
    found.push({ path, at: (await Deno.stat(path)).mtime?.getTime() ?? 0 });
  }
  const old = found.sort((a, b) => b.at - a.at).slice(KEPT);
  // another process may have taken one away already
  await Promise.all(old.map(({ path }) => Deno.remove(path).catch(() => {})));
}
