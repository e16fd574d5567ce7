import { createHash } from "node:crypto";

/** What stands in a bundle for its digest while that is not known. */
const PLACE = "sha256:0000000000000000";

/** What esbuild writes for `BUNDLE_DIGEST` (`functions/_shared/bundle.ts`). */
export const DIGEST_DEFINE = { BUNDLE_DIGEST: JSON.stringify(PLACE) };

/** Of a bundle that `withDigest` made; an empty one where it does not tell its digest. */
export interface Digested {
  readonly code: Uint8Array<ArrayBuffer>;
  /** The first 16 hexadecimal digits of the SHA-256 of the code, taken while the place is empty. */
  readonly digest: string;
}

/** Writes a bundle's digest into it, so that the function that runs can tell what it was made of. */
export function withDigest(code: Uint8Array): Digested {
  const hash = createHash("sha256").update(code).digest("hex").slice(0, 16);
  const digest = `sha256:${hash}`;
  const text = new TextDecoder().decode(code).replaceAll(PLACE, digest);
  return { code: new TextEncoder().encode(text), digest };
}
