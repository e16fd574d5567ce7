import * as z from "zod/mini";
import { changeAuthEmail } from "../_shared/auth_email.ts";
import { recordEmail } from "../_shared/auth_profiles.ts";
import { asService } from "../_shared/database.ts";
import { endpoint } from "../_shared/endpoint.ts";
import { Refusal } from "../_shared/errors.ts";
import { claimChange } from "./claim.ts";

const MISSING = "Verification token is required";

/**
 * `POST { token }`, by whoever followed the link → `{ success, message, new_email }`.
 * Claims the link, changes the address with Auth, records it. Of two uses at once one wins; one that
 * breaks off is finished by the next.
 */
export default endpoint({
  name: "verify-email-change",
  methods: ["POST"],
  input: z.object({
    token: z.string(MISSING).check(z.minLength(1, MISSING), z.maxLength(200)),
  }),
  async handle({ input, now, meter }) {
    const claim = await claimChange(input.token, now, meter);
    if (claim instanceof Refusal) return claim;

    if (!claim.isChanged) {
      const user = await changeAuthEmail(
        claim.userId,
        claim.newEmail,
        {},
        meter,
      );
      if (user instanceof Refusal) {
        await asService(meter).call("release_email_change", {
          p_request_id: claim.requestId,
          p_claim_id: claim.claimId,
        });
        return user;
      }
    }
    const refusal = await recordEmail(
      {
        userId: claim.userId,
        actorId: claim.userId,
        oldEmail: claim.oldEmail,
        claim,
      },
      now,
      meter,
    );
    return refusal ?? Response.json({
      success: true,
      message: "Email address verified",
      new_email: claim.newEmail,
    });
  },
});
