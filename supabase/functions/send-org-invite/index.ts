import * as z from "zod/mini";
import { requireUser } from "../_shared/auth.ts";
import { asService } from "../_shared/database.ts";
import { endpoint } from "../_shared/endpoint.ts";
import { siteUrl } from "../_shared/env.ts";
import { refusalOf } from "../_shared/errors.ts";

/** What an inviter is told, by the code that send_org_invite answers. */
const MESSAGES = new Map([
  ["sent", "Invitation sent successfully"],
  ["resent", "Invitation resent successfully"],
]);

const NOT_MAILED =
  "The invitation is valid, but no mail goes to this address. Let the person know in another way.";

/**
 * `POST { organization_id, email, role }` as a platform admin, an admin of the organisation, or a manager
 * where it allows that → `{ success, code, message, emailSent, warning?, formerLinkValid? }`.
 * `emailSent` says that the mail is queued; after a resend the links sent before go on working.
 *
 * The one call is not made as the user, whose id it carries: see send_org_invite.
 */
export default endpoint({
  name: "send-org-invite",
  methods: ["POST"],
  authenticate: requireUser,
  input: z.object({
    organization_id: z.uuid(),
    email: z.pipe(
      z.string().check(z.trim(), z.toLowerCase(), z.maxLength(254)),
      z.email(),
    ),
    role: z.enum(["org_admin", "org_manager", "org_member"]),
  }),
  async handle({ caller, input, now, meter }) {
    const { code, is_mail_queued } = await asService(meter).call(
      "send_org_invite",
      {
        p_inviter_id: caller.id,
        p_organization_id: input.organization_id,
        p_email: input.email,
        p_role: input.role,
        p_site_url: siteUrl(),
        p_now: now.toISOString(),
      },
    );
    if (code === "rate_limited") {
      return refusalOf({ code, retry_after: 3600 });
    }
    const message = MESSAGES.get(code ?? "");
    if (message === undefined) return refusalOf({ code });
    return Response.json({
      success: true,
      code,
      message,
      emailSent: is_mail_queued,
      ...(is_mail_queued ? {} : { warning: NOT_MAILED }),
      ...(code === "resent" ? { formerLinkValid: true } : {}),
    });
  },
});
