import { readToken, signToken, verifyToken } from "../../stack/tokens.ts";

/** An access token like this one that ran out a minute ago, signed by this project. */
export function expired(token: string): string {
  const exp = Math.floor(Date.now() / 1000) - 60;
  const old = resigned(token, { iat: exp - 3600, exp });
  if (!verifyToken(old, new Date((exp - 1) * 1000))) {
    throw new Error("the token would be refused for its signature");
  }
  return old;
}

/** An access token with other claims under the old signature. */
export function tampered(token: string, claims: object): string {
  const [header, , signature] = token.split(".");
  return [header, encode({ ...readToken(token), ...claims }), signature]
    .join(".");
}

/** An access token that asks not to be verified. */
export function unsigned(token: string): string {
  const [header = ""] = token.split(".");
  const { kid } = readHeader(header);
  return `${encode({ alg: "none", typ: "JWT", kid })}.${
    encode(readToken(token))
  }.`;
}

/** An access token of another project: with the key's name, or with one that is unknown here. */
export async function foreign(token: string, kid?: string): Promise<string> {
  const [header = ""] = token.split(".");
  const content = [
    { alg: "HS256", typ: "JWT", kid: kid ?? readHeader(header).kid },
    readToken(token),
  ].map(encode).join(".");
  const key = await crypto.subtle.importKey(
    "raw",
    new TextEncoder().encode("the secret of quite another project"),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const mac = await crypto.subtle.sign(
    "HMAC",
    key,
    new TextEncoder().encode(content),
  );
  return `${content}.${new Uint8Array(mac).toBase64(BASE64URL)}`;
}

/** An access token with other claims, signed by this project. */
export function resigned(token: string, claims: object): string {
  return signToken({ ...readToken(token), ...claims });
}

const BASE64URL = { alphabet: "base64url", omitPadding: true } as const;

function encode(value: unknown): string {
  return new TextEncoder().encode(JSON.stringify(value)).toBase64(BASE64URL);
}

function readHeader(part: string): { kid?: string } {
  return JSON.parse(
    new TextDecoder().decode(
      Uint8Array.fromBase64(part, { alphabet: "base64url" }),
    ),
  );
}
