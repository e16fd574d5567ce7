import {
  type AdminUserAttributes,
  AuthClient,
  type User as AuthUser,
} from "@supabase/auth-js";
import { publishableKey, secretKey, supabaseUrl } from "./env.ts";
import { CallError, type ErrorCode, Refusal } from "./errors.ts";

export type { AuthUser };

/** How long Auth may take: less than a link stays claimed (private.is_claimed). */
const TIMEOUT_MS = 10_000;

/** What Auth refuses and a caller can expect (https://supabase.com/docs/guides/auth/debugging/error-codes). */
const EXPECTED: Record<string, ErrorCode> = {
  email_exists: "email_in_use",
  user_not_found: "not_found",
  weak_password: "weak_password",
  invalid_credentials: "wrong_password",
  user_banned: "account_disabled",
  over_request_rate_limit: "rate_limited",
  // The password cannot be tried from here: a new sign-in in the browser can.
  captcha_failed: "reauthentication_required",
  email_not_confirmed: "reauthentication_required",
  phone_not_confirmed: "reauthentication_required",
};

/** Thrown when Auth fails; its code is Auth's. */
export class AuthError extends CallError {
  override name = "AuthError";
}

/**
 * Changes a user by the Auth admin API.
 *
 * @returns the user, or a refusal: the address is in use, the password too weak, there is no such user
 * @throws {AuthError} on any other failure
 */
export async function changeAuthUser(
  id: string,
  attributes: AdminUserAttributes,
): Promise<AuthUser | Refusal> {
  const { data, error } = await client(secretKey()).admin.updateUserById(
    id,
    attributes,
  );
  return error ? refusal("updateUserById", error) : data.user;
}

/** A user as Auth knows it, or a refusal with 404. @throws {AuthError} */
export async function readAuthUser(id: string): Promise<AuthUser | Refusal> {
  const { data, error } = await client(secretKey()).admin.getUserById(id);
  return error ? refusal("getUserById", error) : data.user;
}

/**
 * Tries a password by signing in and out again.
 *
 * @returns a refusal when it is not the user's
 * @throws {AuthError} when Auth fails
 */
export async function tryPassword(
  identifier: { readonly email: string } | { readonly phone: string },
  password: string,
): Promise<Refusal | undefined> {
  const auth = client(publishableKey());
  const { error } = await auth.signInWithPassword({ ...identifier, password });
  if (error) return refusal("signInWithPassword", error);
  // Should that fail, a session stays that nobody holds the tokens of.
  await auth.signOut({ scope: "local" });
  return undefined;
}

function refusal(
  call: string,
  error: { readonly code?: string; readonly status?: number },
): Refusal {
  const code = EXPECTED[error.code ?? ""];
  if (!code) throw new AuthError(call, error.code ?? "", error.status ?? 0);
  return new Refusal(
    code,
    undefined,
    code === "rate_limited" ? { "Retry-After": "60" } : {},
  );
}

/** With the headers that supabase-js sends. */
function client(key: string) {
  return new AuthClient({
    url: `${supabaseUrl()}/auth/v1`,
    headers: { apikey: key, Authorization: `Bearer ${key}` },
    persistSession: false,
    autoRefreshToken: false,
    detectSessionInUrl: false,
    fetch: (input, init) =>
      fetch(input, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) }),
  });
}
