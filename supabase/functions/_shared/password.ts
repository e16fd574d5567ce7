import type { User } from "./auth.ts";
import { tryPassword } from "./auth_admin.ts";
import { asService } from "./database.ts";
import { Refusal, refusalOf } from "./errors.ts";
import type { Meter } from "./meter.ts";

/**
 * Whether this is the signed-in user's password: at most 5 tries in 15 minutes, counted in the database.
 *
 * @returns a refusal when it is not, or when no more may be tried
 */
export async function confirmPassword(
  user: User,
  password: string,
  now: Date,
  meter: Meter,
): Promise<Refusal | undefined> {
  if (user.sessionId === null) return new Refusal("unauthorized");
  const attempt = await asService(meter).call("password_attempt", {
    p_user_id: user.id,
    p_session_id: user.sessionId,
    p_now: now.toISOString(),
  });
  if (attempt.code !== "ok") return refusalOf(attempt);
  if (attempt.email !== null) {
    return await tryPassword({ email: attempt.email }, password);
  }
  if (attempt.phone !== null) {
    return await tryPassword({ phone: attempt.phone }, password);
  }
  return new Refusal("wrong_password"); // an anonymous user has none
}
