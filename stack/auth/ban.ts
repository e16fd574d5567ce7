import * as z from "zod/mini";
import type { Database } from "../database.ts";
import { AuthError } from "./errors.ts";

const Grant = z.object({
  email: z.optional(z.string()),
  refresh_token: z.optional(z.string()),
});

/**
 * GoTrue refuses a banned user both grants before it looks at the password (internal/api/token.go);
 * lite stores `banned_until` and never reads it.
 */
export async function refuseBanned(
  database: Database,
  request: Request,
): Promise<Response | undefined> {
  // what is no JSON is lite's to refuse
  const grant = Grant.safeParse(
    await request.clone().json().catch(() => undefined),
  );
  if (!grant.success) return undefined;
  const { email, refresh_token } = grant.data;
  const [banned] = await database.transaction((session) =>
    session.query(
      `select from auth.users u
         where u.banned_until > now() and (
           lower(u.email) = lower($1)
           or u.id::text in (select t.user_id::text from auth.refresh_tokens t where t.token = $2))`,
      [email ?? null, refresh_token ?? null],
    )
  );
  if (!banned) return undefined;
  const message = refresh_token
    ? "Invalid Refresh Token: User Banned"
    : "User is banned";
  return new AuthError(400, "user_banned", message).response();
}
