import type { User } from "./auth.ts";
import { asService } from "./database.ts";
import { siteUrl } from "./env.ts";
import { Refusal, refusalOf } from "./errors.ts";
import type { Meter } from "./meter.ts";
import { confirmPassword } from "./password.ts";

/** What a user asks for. */
export interface WantedChange {
  readonly newEmail: string;
  /** Without it the sign-in must be at most 10 minutes old. */
  readonly currentPassword?: string | undefined;
}

/** A change of address that waits for the link in the new mailbox. */
export interface OpenChange {
  readonly new_email: string;
  /** ISO 8601. */
  readonly expires_at: string | null;
}

/**
 * Asks for a change of a user's own address: the link goes to the new one, a notice to the old one.
 *
 * @returns what was asked for, or why not
 */
export async function requestEmailChange(
  user: User,
  { newEmail, currentPassword }: WantedChange,
  now: Date,
  meter: Meter,
): Promise<OpenChange | Refusal> {
  if (user.sessionId === null) return new Refusal("unauthorized");
  if (currentPassword !== undefined) {
    const refusal = await confirmPassword(user, currentPassword, now, meter);
    if (refusal) return refusal;
  }
  const request = await asService(meter).call("request_email_change", {
    p_user_id: user.id,
    p_session_id: user.sessionId,
    p_new_email: newEmail,
    p_password_given: currentPassword !== undefined,
    p_link: `${siteUrl()}/verify-email?token=`,
    p_now: now.toISOString(),
  });
  return request.code === "ok"
    ? { new_email: newEmail, expires_at: request.expires_at }
    : refusalOf(request);
}
