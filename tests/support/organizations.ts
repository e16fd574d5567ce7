import type { Database } from "../../supabase/functions/_shared/database.types.ts";
import { createPerson, type Person, uniqueEmail } from "./people.ts";
import { type Insert, must, type Someone, unique } from "./rows.ts";
import { api, secretClient } from "./stack.ts";

export type OrgRole = Database["public"]["Enums"]["org_role"];
export type Organization = Someone & { name: string };
export type Invite = Someone & { email: string; token: string };

const db = secretClient();

/** An active organisation, with a subscription to a tier of its own where limits are named. */
export async function givenOrganization(
  { tier, status = "active", ...values }:
    & { tier?: Insert<"org_platform_tiers">; status?: string }
    & Insert<"organizations"> = {},
): Promise<Organization> {
  const organization = must(
    await db.from("organizations").insert({
      name: "Acme & Söhne",
      slug: unique("org"),
      ...values,
    }).select("id, name").single(),
  );
  if (tier) {
    const { id } = must(
      await db.from("org_platform_tiers").insert({
        name: "Tier",
        slug: unique("tier"),
        ...tier,
      }).select("id").single(),
    );
    must(
      await db.from("org_platform_subscriptions").insert({
        organization_id: organization.id,
        tier_id: id,
        status,
      }).select(),
    );
  }
  return organization;
}

/** Makes somebody, by default a new person, an active member. */
export async function givenMember<Who extends Someone = Person>(
  organization: Someone,
  role: OrgRole = "org_member",
  { person, ...values }: { person?: Who } & Insert<"organization_members"> = {},
): Promise<Who | Person> {
  const member = person ?? await createPerson();
  must(
    await db.from("organization_members").insert({
      organization_id: organization.id,
      user_id: member.id,
      role,
      ...values,
    }).select(),
  );
  return member;
}

/** An open invitation, sent as the former function did: whoever writes the token is told it. */
export async function givenInvite(
  organization: Someone,
  { email = uniqueEmail("invitee"), inviter, ...values }:
    & { inviter?: Someone }
    & Insert<"organization_invites"> = {},
): Promise<Invite> {
  const { id, token } = must(
    await db.from("organization_invites").insert({
      organization_id: organization.id,
      email,
      invited_by: (inviter ?? await createPerson()).id,
      ...values,
    }).select("id, token").single(),
  );
  return { id, email, token: token ?? "" };
}

/** The membership of a person, or nothing. */
export async function membershipOf({ id }: Someone) {
  const { data, error } = await db.from("organization_members").select()
    .eq("user_id", id).maybeSingle();
  if (error) throw error;
  return data;
}

/** An invitation as the service role sees it. */
export async function inviteOf({ id }: Someone) {
  return must(
    await db.from("organization_invites").select().eq("id", id).single(),
  );
}

/** Calls a function of ours as a person, with whatever JSON. */
export async function callAs(
  { token }: { token: string },
  name: string,
  body: unknown,
) {
  const response = await fetch(`${api.url}/functions/v1/${name}`, {
    method: "POST",
    headers: {
      apikey: api.publishableKey,
      Authorization: `Bearer ${token}`,
      "Content-Type": "application/json",
    },
    body: JSON.stringify(body),
  });
  const { status, headers } = response;
  return { status, headers, answer: await response.json() };
}

/** accept-org-invite, as a person, by a token. */
export const accept = (person: { token: string }, token: string) =>
  callAs(person, "accept-org-invite", { invite_token: token });

/** send-org-invite, as a person. */
export const send = (
  person: { token: string },
  organization: Someone,
  email: string,
  role: string = "org_member",
) =>
  callAs(person, "send-org-invite", {
    organization_id: organization.id,
    email,
    role,
  });
