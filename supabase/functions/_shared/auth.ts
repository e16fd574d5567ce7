import { verifyAuth } from "@supabase/server/core";
import { Refusal } from "./errors.ts";

/** A signed-in user: who, and the verified token to call the database with. */
export interface User {
  readonly id: string;
  readonly token: string;
}

/**
 * The signed-in user behind `Authorization: Bearer <access token>`, verified against the project's keys.
 *
 * @returns the user, or a refusal with 401: no token, an expired one, one of another project
 */
export async function requireUser(request: Request): Promise<User | Refusal> {
  const { data, error } = await verifyAuth(request, { auth: "user" });
  if (error) {
    if (error.status >= 500) throw error; // keys missing in the environment: ours, not the caller's
    return new Refusal("unauthorized");
  }
  if (!data.userClaims || !data.token) return new Refusal("unauthorized");
  return { id: data.userClaims.id, token: data.token };
}

/**
 * Lets through who holds the project's secret key, sent as `apikey`: an operator, another backend.
 *
 * @returns a refusal with 401 for anybody else
 */
export async function requireSecret(
  request: Request,
): Promise<undefined | Refusal> {
  const { error } = await verifyAuth(request, { auth: "secret" });
  if (!error) return undefined;
  if (error.status >= 500) throw error;
  return new Refusal("unauthorized");
}
