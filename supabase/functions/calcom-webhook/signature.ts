import { verifyHex } from "../_shared/hmac.ts";

/**
 * Whether one of the secrets signed the body: `X-Cal-Signature-256` is the lower-case hex HMAC-SHA256 of
 * it as it came. A webhook without a secret says `no-secret-provided`, which is no signature.
 * Every secret is tried, so that the time taken does not tell which one it was.
 */
export async function isSigned(
  body: Uint8Array<ArrayBuffer>,
  signature: string | null,
  secrets: readonly string[],
): Promise<boolean> {
  const matches = await Promise.all(
    secrets.map((secret) => verifyHex(secret, signature ?? "", body)),
  );
  return matches.includes(true);
}
