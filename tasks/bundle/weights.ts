import type { Bundle } from "./build.ts";

/** How much of a bundle a package is. */
export interface Weight {
  /** The package with its version, or the folder of ours. */
  readonly of: string;
  readonly bytes: number;
}

const PACKAGE =
  /\/node_modules\/\.deno\/[^/]+@([^/@]+)\/node_modules\/((?:@[^/]+\/)?[^/]+)\//;

/** What weighs how much, the heaviest first. What esbuild itself adds belongs to nobody. */
export function weigh({ inputs }: Pick<Bundle, "inputs">): Weight[] {
  const weights = new Map<string, number>();
  for (const [path, bytes] of Object.entries(inputs)) {
    const of = ownerOf(path);
    weights.set(of, (weights.get(of) ?? 0) + bytes);
  }
  return Array.from(weights, ([of, bytes]) => ({ of, bytes }))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes || (a.of < b.of ? -1 : 1));
}

/** `zod@4.6.7` of a package's file; the folder of one of ours. */
function ownerOf(path: string): string {
  const [, version, name] = PACKAGE.exec(`/${path}`) ?? [];
  return name === undefined
    ? path.slice(0, path.lastIndexOf("/"))
    : `${name}@${version}`;
}
