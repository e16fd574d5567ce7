import { siteUrl } from "../../../supabase/functions/_shared/env.ts";
import { callerOf, isAdmin } from "../_former/caller.ts";
import {
  answering,
  must,
  rowsOf,
  type ServiceClient,
  serviceClient,
} from "../_former/client.ts";
import { sendMail } from "../_former/mail.ts";

/**
 * How send-org-invite used to invite a new address: who calls, the membership, the role, the
 * organisation, an invitation that is there already, the new one, the template, and the mail, which the
 * inviter waited for. That is seven queries; which of the first were made at once is not known, and those
 * that need nothing of one another are here.
 *
 * Left out: the logo's query, of a table that does not exist here, and half a second that every answer
 * took at least.
 */
export default {
  fetch: (request: Request) => answering(() => invite(request)),
};

async function invite(request: Request): Promise<Response> {
  const { organization_id, email, role } = await request.json();
  const client = serviceClient();
  const { id } = await callerOf(client, request);
  const [members, isPlatformAdmin, organization] = await Promise.all([
    client.from("organization_members").select("role")
      .eq("organization_id", organization_id).eq("user_id", id)
      .eq("is_active", true),
    isAdmin(client, id),
    client.from("organizations").select("name, settings")
      .eq("id", organization_id).single(),
  ]);
  const mayInvite = isPlatformAdmin ||
    rowsOf(members).some((member) => member.role === "org_admin");
  if (!mayInvite) throw new Error("Not authorized to invite");
  const { name } = must(organization);

  const present = await client.from("organization_invites")
    .select("id, accepted_at").eq("organization_id", organization_id)
    .ilike("email", email);
  if (rowsOf(present).length > 0) throw new Error("Already invited");
  const token = crypto.randomUUID();
  must(
    await client.from("organization_invites").insert({
      organization_id,
      email: email.toLowerCase(),
      role,
      token,
      invited_by: id,
      expires_at: new Date(Date.now() + 7 * 86_400_000).toISOString(),
    }),
  );
  await mail(client, email, {
    organizationName: name,
    roleDisplay: role,
    inviteLink: `${siteUrl()}/accept-invite?token=${token}`,
    currentYear: String(new Date().getFullYear()),
  });
  return Response.json({
    success: true,
    message: "Invitation sent successfully",
    emailSent: true,
  });
}

async function mail(
  client: ServiceClient,
  to: string,
  values: Record<string, string>,
): Promise<void> {
  const { subject, html_content } = must(
    await client.from("email_templates").select("subject, html_content")
      .eq("template_key", "org_invite").single(),
  );
  const filled = (text: string) =>
    Object.entries(values).reduce(
      (part, [name, value]) => part.replaceAll(`{{${name}}}`, value),
      text,
    );
  await sendMail({ to, subject: filled(subject), html: filled(html_content) });
}
