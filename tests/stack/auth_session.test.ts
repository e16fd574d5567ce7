import { assert, assertEquals } from "@std/assert";
import { anonClient, api } from "../support/stack.ts";

const SHARED = { sanitizeOps: false, sanitizeResources: false };

async function signedUp() {
  const client = anonClient();
  const { data, error } = await client.auth.signUp({
    email: `${crypto.randomUUID()}@example.com`,
    password: "a long password",
    options: { data: { name: "Ana" } },
  });
  assertEquals(error, null);
  if (!data.session || !data.user) throw new Error("no session");
  return { client, session: data.session, user: data.user };
}

/** The claims of a token, verified as a resource server does: with the published key it names. */
async function verifiedClaims(token: string): Promise<Record<string, unknown>> {
  const [header = "", payload = "", mac = ""] = token.split(".");
  const bytes = (text: string) =>
    Uint8Array.fromBase64(text, { alphabet: "base64url" });
  const json = (text: string) =>
    JSON.parse(new TextDecoder().decode(bytes(text)));
  const response = await fetch(`${api.url}/auth/v1/.well-known/jwks.json`);
  const { keys }: { keys: (JsonWebKey & { kid?: string })[] } = await response
    .json();
  const jwk = keys.find(({ kid }) => kid && kid === json(header).kid);
  if (!jwk) throw new Error(`no key for ${header}`);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey(
    "jwk",
    { ...jwk, use: undefined },
    algorithm,
    false,
    ["verify"],
  );
  const signed = new TextEncoder().encode(`${header}.${payload}`);
  assert(await crypto.subtle.verify("HMAC", key, bytes(mac), signed));
  return json(payload);
}

Deno.test(
  "a user's token verifies with the published key it names, and carries GoTrue's claims",
  SHARED,
  async () => {
    const { session, user } = await signedUp();
    const { iat, exp, amr, session_id, ...claims } = await verifiedClaims(
      session.access_token,
    );
    assert(Number(exp) > Number(iat) && session_id && Array.isArray(amr));
    assertEquals(claims, {
      iss: `${api.url}/auth/v1`,
      sub: user.id,
      aud: "authenticated",
      role: "authenticated",
      email: user.email,
      phone: "",
      app_metadata: user.app_metadata,
      user_metadata: user.user_metadata,
      aal: "aal1",
      is_anonymous: false,
    });
  },
);

Deno.test("a session can be refreshed, read, and ended", SHARED, async () => {
  const { client, user } = await signedUp();
  const refreshed = await client.auth.refreshSession();
  assertEquals([refreshed.error, refreshed.data.user?.id], [null, user.id]);
  const read = await client.auth.getUser();
  assertEquals([read.error, read.data.user?.user_metadata.name], [null, "Ana"]);
  assertEquals((await client.auth.signOut()).error, null);
  assertEquals((await client.auth.getSession()).data.session, null);
});

Deno.test("a user changes the own metadata and password", SHARED, async () => {
  const { client, user } = await signedUp();
  const { data, error } = await client.auth.updateUser({
    password: "another password",
    data: { name: "Ion" },
  });
  assertEquals([error, data.user?.user_metadata.name], [null, "Ion"]);
  const again = await anonClient().auth.signInWithPassword({
    email: user.email ?? "",
    password: "another password",
  });
  assertEquals(again.error, null);
});

Deno.test(
  "a wrong password and a stranger are refused alike",
  SHARED,
  async () => {
    const { user } = await signedUp();
    for (const email of [user.email ?? "", "stranger@example.com"]) {
      const { error } = await anonClient().auth.signInWithPassword({
        email,
        password: "wrong one",
      });
      assertEquals([error?.status, error?.code], [400, "invalid_credentials"]);
    }
  },
);

Deno.test(
  "signing up with an address that is taken is refused",
  SHARED,
  async () => {
    const { user } = await signedUp();
    const { error } = await anonClient().auth.signUp({
      email: user.email ?? "",
      password: "a long password",
    });
    assertEquals([error?.status, error?.code], [422, "user_already_exists"]);
  },
);

Deno.test(
  "anonymous sign-in is refused while config.toml does not enable it",
  SHARED,
  async () => {
    const { error } = await anonClient().auth.signInAnonymously();
    assertEquals([error?.status, error?.code], [
      422,
      "anonymous_provider_disabled",
    ]);
  },
);
