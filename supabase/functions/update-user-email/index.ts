import * as z from "zod/mini";
import { requireUser } from "../_shared/auth.ts";
import { endpoint } from "../_shared/endpoint.ts";
import { Refusal } from "../_shared/errors.ts";
import { Email, NewPassword, Password, UserId } from "../_shared/fields.ts";
import { changeOther } from "./other.ts";
import { changeOwn } from "./own.ts";

/**
 * `POST { targetUserId?, newEmail?, newPassword?, currentPassword? }` as a signed-in user
 * → `{ success, user }`. An admin changes anybody else at once. Of one's own, a password wants the
 * present one, and an address waits for the link in the new mailbox (`pending_email`).
 */
export default endpoint({
  name: "update-user-email",
  methods: ["POST"],
  authenticate: requireUser,
  input: z.object({
    targetUserId: z.optional(UserId),
    newEmail: z.optional(Email),
    newPassword: z.optional(NewPassword),
    currentPassword: z.optional(Password),
  }),
  async handle({ caller, input: { targetUserId, ...wanted }, now, meter }) {
    if (wanted.newEmail === undefined && wanted.newPassword === undefined) {
      return new Refusal("invalid_request", "No updates provided");
    }
    const changed = targetUserId === undefined || targetUserId === caller.id
      ? await changeOwn(caller, wanted, now, meter)
      : await changeOther(caller, targetUserId, wanted, now, meter);
    if (changed instanceof Refusal) return changed;
    return Response.json({ success: true, ...changed }, {
      headers: { "Cache-Control": "no-store" },
    });
  },
});
