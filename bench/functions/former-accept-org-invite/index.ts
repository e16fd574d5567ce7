import { callerOf } from "../_former/caller.ts";
import { answering, must, serviceClient } from "../_former/client.ts";

/**
 * How accept-org-invite used to work: six calls one after the other, each of which could fail by itself.
 * The column it looked an invitation up by holds hashes elsewhere today and always reads as null, so
 * `invite_token` is the invitation's id here; the consent row is of the table that exists.
 */
export default {
  fetch: (request: Request) => answering(() => accept(request)),
};

async function accept(request: Request): Promise<Response> {
  const client = serviceClient();
  const { invite_token: token } = await request.json();
  const user = await callerOf(client, request);

  const { data: invite } = await client.from("organization_invites")
    .select(
      "id, email, role, organization_id, expires_at, accepted_at, organizations(id, name)",
    )
    .eq("id", token).single();
  if (!invite) throw new Error("Invalid or expired invitation");
  if (invite.accepted_at) throw new Error("Already accepted");
  if (new Date(invite.expires_at) < new Date()) throw new Error("Expired");
  if (invite.email.toLowerCase() !== user.email?.toLowerCase()) {
    throw new Error("This invitation was sent to a different email address");
  }

  const { organization_id } = invite;
  const { data: member } = await client.from("organization_members")
    .select("id").eq("organization_id", organization_id)
    .eq("user_id", user.id).maybeSingle();
  if (member) throw new Error("Already a member");

  const now = new Date().toISOString();
  must(
    await client.from("organization_members").insert({
      organization_id,
      user_id: user.id,
      role: invite.role,
      joined_at: now,
    }),
  );
  must(
    await client.from("organization_sharing_consent").upsert({
      organization_id,
      user_id: user.id,
      share_goals: false,
      share_decisions: false,
      share_tasks: false,
      share_progress: false,
      share_assessments: false,
      consent_given_at: null,
    }, { onConflict: "user_id,organization_id" }),
  );
  must(
    await client.from("organization_invites").update({ accepted_at: now })
      .eq("id", invite.id),
  );
  return Response.json({
    success: true,
    message: `Successfully joined ${invite.organizations.name}`,
    organization: invite.organizations,
    linked_existing_account: false,
  });
}
