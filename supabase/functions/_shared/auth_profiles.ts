import { asService } from "./database.ts";
import { Refusal, refusalOf } from "./errors.ts";
import type { Meter } from "./meter.ts";

/**
 * The second belt under the trigger on auth.users: after Auth has changed a user, these make
 * profiles.email, a username that held the old address, and profiles.is_disabled say what Auth says,
 * and record what belongs to the change. Nothing else writes these columns.
 */

/** An address that Auth has changed. */
export interface ChangedEmail {
  readonly userId: string;
  /** Who changed it: the user, or an admin. */
  readonly actorId: string;
  /** Empty when there was none. */
  readonly oldEmail: string;
  /** The use of the link that confirmed it, as claim_email_change answered. */
  readonly claim?: { readonly requestId: string; readonly claimId: string };
}

/**
 * Records a changed address: profile, other sessions, audit log, notices and the request, in one call.
 *
 * @returns a refusal when another use of the same link came first
 */
export async function recordEmail(
  { userId, actorId, oldEmail, claim }: ChangedEmail,
  now: Date,
  meter: Meter,
): Promise<Refusal | undefined> {
  const code = await asService(meter).call("record_auth_email", {
    p_user_id: userId,
    p_actor_id: actorId,
    p_old_email: oldEmail,
    p_request_id: claim?.requestId,
    p_claim_id: claim?.claimId,
    p_now: now.toISOString(),
  });
  return code === "ok" ? undefined : refusalOf({ code });
}

/** A ban that Auth was asked to set or lift. */
export interface ChangedBan {
  readonly userId: string;
  readonly actorId: string;
  /** Whether Auth did it. */
  readonly changed: boolean;
}

/**
 * Records a ban that was set or lifted, or was not: profile, sessions and audit log, in one call.
 *
 * @returns whether the user is disabled now
 */
export async function recordDisabled(
  { userId, actorId, changed }: ChangedBan,
  now: Date,
  meter: Meter,
): Promise<boolean> {
  return await asService(meter).call("record_auth_ban", {
    p_user_id: userId,
    p_actor_id: actorId,
    p_changed: changed,
    p_now: now.toISOString(),
  });
}
