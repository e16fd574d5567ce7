import { assertEquals } from "@std/assert";
import { anonClient, api, secretClient } from "../support/stack.ts";

/** The clients' timers and sockets do not matter. */
export const SHARED = { sanitizeOps: false, sanitizeResources: false };

/** The id of no user. */
export const NOBODY = "00000000-0000-4000-8000-0000000000ff";
export const PASSWORD = "a long password";

/** The admin API as supabase-js calls it. */
export const admin = () => secretClient().auth.admin;

/** An address that nobody has. */
export function address(): string {
  return `${crypto.randomUUID()}@example.com`;
}

/** A confirmed user. */
export async function createUser(
  attributes: Parameters<ReturnType<typeof admin>["createUser"]>[0] = {},
) {
  const email = address();
  const { data, error } = await admin().createUser({
    email,
    password: PASSWORD,
    email_confirm: true,
    ...attributes,
  });
  assertEquals(error, null);
  if (!data.user) throw new Error("no user");
  return { email, id: data.user.id, user: data.user };
}

/** Signs in, or tries to. */
export async function signIn(email: string, password = PASSWORD) {
  const client = anonClient();
  const { error } = await client.auth.signInWithPassword({ email, password });
  return { client, error };
}

/** Status, code and message, as GoTrue writes them to a client that asks for no API version. */
export async function request(
  method: string,
  path: string,
  init: RequestInit = {},
) {
  const response = await fetch(`${api.url}/auth/v1/admin/${path}`, {
    method,
    headers: {
      apikey: api.secretKey,
      authorization: `Bearer ${api.secretKey}`,
    },
    ...init,
  });
  const body = await response.json();
  return { status: response.status, headers: response.headers, body };
}
