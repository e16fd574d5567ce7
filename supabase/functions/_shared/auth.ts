import { verifyAuth } from "@supabase/server/core";
import { authenticator } from "./access.ts";
import { asUser } from "./database.ts";
import { Refusal } from "./errors.ts";

/** A signed-in user: who, and the verified token to call the database with. */
export interface User {
  readonly id: string;
  readonly token: string;
  /** The session the token was issued in, which may have ended since; null when it names none. */
  readonly sessionId: string | null;
}

/**
 * The signed-in user behind `Authorization: Bearer <access token>`, verified against the project's keys.
 * Whether the account is disabled is for the database to say, at the first call with the token.
 *
 * Refuses with 401 who sends no token, an expired one, one of another project or a key, and a visitor
 * who signed in anonymously.
 */
export const requireUser = authenticator("user", readUser);

/** The same, for a platform admin: 403 for every other user, before anything is read of the request. */
export const requireAdmin = authenticator("admin", async (request, meter) => {
  const user = await readUser(request);
  if (user instanceof Refusal) return user;
  const isAdmin = await asUser(user.token, meter).call("has_role", {
    _user_id: user.id,
    _role: "admin",
  });
  return isAdmin
    ? user
    : new Refusal("forbidden", "Forbidden: Admin access required");
});

/**
 * Lets through who holds the project's secret key, sent as `apikey`: an operator, another backend.
 * Refuses everybody else with 401.
 */
export const requireSecret = authenticator("secret", async (request) => {
  const { error } = await verifyAuth(request, { auth: "secret" });
  if (!error) return undefined;
  if (error.status >= 500) throw error; // keys missing in the environment: ours, not the caller's
  return new Refusal("unauthorized");
});

async function readUser(request: Request): Promise<User | Refusal> {
  const { data, error } = await verifyAuth(request, { auth: "user" });
  if (error) {
    if (error.status >= 500) throw error;
    return new Refusal("unauthorized");
  }
  const { token, jwtClaims: claims } = data;
  // the older keys are tokens of the project too, of other roles; a visitor without an account is nobody
  const isAccount = claims?.role === "authenticated" && !claims.is_anonymous;
  if (!token || !isAccount) return new Refusal("unauthorized");
  const sessionId = claims.session_id;
  return {
    id: claims.sub,
    token,
    sessionId: typeof sessionId === "string" ? sessionId : null,
  };
}
