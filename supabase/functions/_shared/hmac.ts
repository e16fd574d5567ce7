/**
 * HMAC-SHA256 by WebCrypto, for links and webhooks. `crypto.subtle.verify` compares in constant time;
 * `timingSafeEqual` of node:crypto would add 25 ms to a cold start.
 */
export const HMAC = { name: "HMAC", hash: "SHA-256" };

const HEX_MAC = /^[0-9a-f]{64}$/;
const encoder = new TextEncoder();
const keys = new Map<string, CryptoKey>();

/** The key of a secret, imported once. @throws {TypeError} when the secret is empty */
export async function hmacKey(secret: string): Promise<CryptoKey> {
  const known = keys.get(secret);
  if (known) return known;
  if (!secret) throw new TypeError("the secret is empty");
  const key = await crypto.subtle.importKey(
    "raw",
    encoder.encode(secret),
    HMAC,
    false,
    ["sign", "verify"],
  );
  keys.set(secret, key);
  return key;
}

/** Whether `mac`, in lower-case hex, is what this secret makes of the message. Never throws on a mac. */
export async function verifyHex(
  secret: string,
  mac: string,
  message: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  if (!HEX_MAC.test(mac)) return false;
  return await crypto.subtle.verify(
    HMAC,
    await hmacKey(secret),
    fromHex(mac),
    message,
  );
}

/** The bytes of an even number of hexadecimal digits. */
export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  }
  return bytes;
}
