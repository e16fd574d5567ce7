import type { Database } from "../database.ts";
import { readUser } from "./user.ts";
import { sessionClaims } from "./session.ts";
import { signToken } from "../tokens.ts";

const LIFETIME_SECONDS = 3600;

/** Whether a sign-up names no e-mail address and no phone number. */
export async function isAnonymousSignUp(request: Request): Promise<boolean> {
  // what is no JSON is lite's to refuse
  const body: unknown = await request.clone().json().catch(() => undefined);
  return typeof body === "object" && body !== null &&
    !("email" in body && body.email) &&
    !("phone" in body && body.phone);
}

/** GoTrue's anonymous sign-in (internal/api/anonymous.go), which lite refuses. */
export async function signInAnonymously(
  database: Database,
  request: Request,
  url: string,
): Promise<Response> {
  const { data }: { data?: unknown } = await request.json();
  const id = crypto.randomUUID();
  const sessionId = crypto.randomUUID();
  const refreshToken = crypto.randomUUID();
  const user = await database.transaction(async (session) => {
    await session.query(
      `insert into auth.users (id, instance_id, aud, role, is_anonymous, raw_app_meta_data,
           raw_user_meta_data, last_sign_in_at, created_at, updated_at)
         values ($1, '00000000-0000-0000-0000-000000000000', 'authenticated', 'authenticated', true,
           '{}', $2::text::jsonb, now(), now(), now())`,
      [id, JSON.stringify(data ?? {})],
    );
    await session.query(
      `insert into auth.sessions (id, user_id, aal, created_at, updated_at)
         values ($1, $2, 'aal1', now(), now())`,
      [sessionId, id],
    );
    await session.query(
      `insert into auth.refresh_tokens (token, user_id, session_id, revoked, created_at, updated_at)
         values ($1, $2, $3, false, now(), now())`,
      [refreshToken, id, sessionId],
    );
    return await readUser(session, id);
  });
  const now = Math.floor(Date.now() / 1000);
  const access_token = signToken({
    sub: id,
    aud: "authenticated",
    role: "authenticated",
    email: "",
    session_id: sessionId,
    iat: now,
    exp: now + LIFETIME_SECONDS,
    ...sessionClaims(user ?? {}, url),
  });
  return Response.json({
    access_token,
    token_type: "bearer",
    expires_in: LIFETIME_SECONDS,
    expires_at: now + LIFETIME_SECONDS,
    refresh_token: refreshToken,
    user,
  });
}
