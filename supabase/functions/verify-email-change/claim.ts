import { asService } from "../_shared/database.ts";
import { type Refusal, refusalOf } from "../_shared/errors.ts";
import type { Meter } from "../_shared/meter.ts";

/** The use of a link that is under way. */
export interface Claim {
  readonly requestId: string;
  readonly claimId: string;
  readonly userId: string;
  readonly oldEmail: string;
  readonly newEmail: string;
  /** Whether an earlier use got Auth to change the address, and no further. */
  readonly isChanged: boolean;
}

/**
 * Takes a link into use.
 *
 * @returns the claim, or why the link is refused
 * @throws {TypeError} when the answer is not what the SQL function promises
 */
export async function claimChange(
  token: string,
  now: Date,
  meter: Meter,
): Promise<Claim | Refusal> {
  const claim = await asService(meter).call("claim_email_change", {
    p_token: token,
    p_now: now.toISOString(),
  });
  if (claim.code !== "ok" && claim.code !== "changed") return refusalOf(claim);
  const { request_id, claim_id, user_id, old_email, new_email } = claim;
  if (
    request_id === null || claim_id === null || user_id === null ||
    old_email === null || new_email === null
  ) {
    throw new TypeError("claim_email_change answered half a claim");
  }
  return {
    requestId: request_id,
    claimId: claim_id,
    userId: user_id,
    oldEmail: old_email,
    newEmail: new_email,
    isChanged: claim.code === "changed",
  };
}
