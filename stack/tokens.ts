import { createHmac, timingSafeEqual } from "node:crypto";
import { Buffer } from "node:buffer";
import { JWT_SECRET } from "./keys.ts";

/** Names the signing key. `@supabase/server` refuses tokens without one; lite writes none. */
const KEY_ID = "local-hs256";

/** The claims of a token. */
export type Claims = Record<string, unknown>;

/** The signing key as a JWK set. It is a shared secret, so publishing it is for local use only. */
export const JWKS = {
  keys: [{
    kty: "oct",
    k: Buffer.from(JWT_SECRET).toString("base64url"),
    alg: "HS256",
    kid: KEY_ID,
    use: "sig",
  }],
};

/** Signs claims as a user's access token. */
export function signToken(claims: Claims): string {
  const signed = `${encode({ alg: "HS256", kid: KEY_ID, typ: "JWT" })}.${
    encode(claims)
  }`;
  return `${signed}.${signature(signed)}`;
}

/** The claims of a token, whoever signed it. */
export function readToken(token: string): Claims | undefined {
  try {
    const claims: unknown = JSON.parse(
      Buffer.from(token.split(".")[1] ?? "", "base64url").toString(),
    );
    return typeof claims === "object" && claims !== null
      ? { ...claims }
      : undefined;
  } catch {
    return undefined;
  }
}

/** The claims of a token that this stack signed and that has not expired. */
export function verifyToken(
  token: string,
  now: Date = new Date(),
): Claims | undefined {
  const [header = "", payload = "", mac = ""] = token.split(".");
  const expected = Buffer.from(signature(`${header}.${payload}`));
  const given = Buffer.from(mac);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return undefined;
  }
  const claims = readToken(token);
  return typeof claims?.exp === "number" && claims.exp * 1000 > now.getTime()
    ? claims
    : undefined;
}

function signature(text: string): string {
  return createHmac("sha256", JWT_SECRET).update(text).digest("base64url");
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
