import * as z from "zod/mini";
import { requireUser } from "../_shared/auth.ts";
import { requestEmailChange } from "../_shared/email_change.ts";
import { endpoint } from "../_shared/endpoint.ts";
import { Refusal } from "../_shared/errors.ts";
import { Email, Password } from "../_shared/fields.ts";

/**
 * `POST { newEmail, currentPassword? }` as a signed-in user → `{ success, message, new_email, expires_at }`.
 * Without the password the sign-in must be recent. Nothing changes until the link is followed.
 */
export default endpoint({
  name: "request-email-change",
  methods: ["POST"],
  authenticate: requireUser,
  input: z.object({
    newEmail: Email,
    currentPassword: z.optional(Password),
  }),
  async handle({ caller, input, now, meter }) {
    const change = await requestEmailChange(caller, input, now, meter);
    if (change instanceof Refusal) return change;
    return Response.json({
      success: true,
      message: "Please follow the link that was sent to the new address.",
      ...change,
    });
  },
});
