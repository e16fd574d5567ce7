import { fileURLToPath } from "node:url";

/** Git-ignored: what `deno task bundle` and `deno task release` make. */
export const DIST_DIR = fileURLToPath(new URL("../../dist", import.meta.url));

/** One bundle a function, `<name>/index.js`. */
export const BUNDLES_DIR = `${DIST_DIR}/functions`;
