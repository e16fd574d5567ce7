/** Where a function is bundled, the digest of its bundle; `tasks/bundle/digest.ts` puts it in. */
declare const BUNDLE_DIGEST: string | undefined;

/** The digest of the bundle that runs, as every answer's X-Bundle header has it; nothing where the source runs. */
export const BUNDLE: string | undefined = typeof BUNDLE_DIGEST === "undefined"
  ? undefined
  : BUNDLE_DIGEST;
