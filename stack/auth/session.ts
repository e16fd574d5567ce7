import * as z from "zod/mini";
import type { Database } from "../database.ts";
import { readToken, signToken } from "../tokens.ts";
import { readUser } from "./user.ts";

const SessionAnswer = z.looseObject({
  access_token: z.string(),
  user: z.object({ id: z.string() }),
});
const UserAnswer = z.object({ id: z.string(), aud: z.string() });

/**
 * Completes an answer of lite's: the user as GoTrue writes it, and the access token re-signed with a
 * key id, which `@supabase/server` asks for, and with the claims that lite leaves out.
 */
export async function completeAnswer(
  database: Database,
  response: Response,
  url: string,
): Promise<Response> {
  if (!response.ok || !response.headers.get("content-type")?.includes("json")) {
    return response;
  }
  const text = await response.text();
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  const json: unknown = JSON.parse(text || "null");
  const session = SessionAnswer.safeParse(json).data;
  const id = session?.user.id ?? UserAnswer.safeParse(json).data?.id;
  if (!id) return new Response(text, { status: response.status, headers });
  const user = await database.transaction((session) => readUser(session, id));
  const body = session
    ? {
      ...session,
      access_token: resign(session.access_token, user ?? {}, url),
      user,
    }
    : user;
  return new Response(JSON.stringify(body), {
    status: response.status,
    headers,
  });
}

function resign(
  token: string,
  user: Record<string, unknown>,
  url: string,
): string {
  return signToken({ ...readToken(token), ...sessionClaims(user, url) });
}

/** The claims of GoTrue's that follow from the user. */
export function sessionClaims(user: Record<string, unknown>, url: string) {
  const is_anonymous = user.is_anonymous === true;
  const method = is_anonymous ? "anonymous" : "password";
  return {
    iss: `${url}/auth/v1`,
    phone: user.phone ?? "",
    app_metadata: user.app_metadata ?? {},
    user_metadata: user.user_metadata ?? {},
    aal: "aal1",
    amr: [{ method, timestamp: Math.floor(Date.now() / 1000) }],
    is_anonymous,
  };
}
