import { assertEquals } from "@std/assert";
import {
  givenInvite,
  givenMember,
  givenOrganization,
  inviteOf,
  type OrgRole,
  send,
} from "../support/organizations.ts";
import { createPerson, uniqueEmail } from "../support/people.ts";
import { anonClient, api } from "../support/stack.ts";

Deno.test("who may invite whom", async () => {
  const closed = await givenOrganization();
  const open = await givenOrganization({
    settings: { allowMemberInvites: true },
  });
  const inviters = {
    platform: await createPerson({ role: "admin" }),
    stranger: await createPerson(),
    former: await givenMember(open, "org_admin", { is_active: false }),
    admin: await givenMember(open, "org_admin"),
    manager: await givenMember(open, "org_manager"),
    member: await givenMember(open),
    closedManager: await givenMember(closed, "org_manager"),
  };
  const roles: OrgRole[] = ["org_admin", "org_manager", "org_member"];
  const seen: Record<string, unknown[]> = {};
  for (const [name, inviter] of Object.entries(inviters)) {
    const organization = name === "closedManager" ? closed : open;
    seen[name] = [];
    for (const role of roles) {
      const { status, answer } = await send(
        inviter,
        organization,
        uniqueEmail(),
        role,
      );
      seen[name].push(status === 200 ? "sent" : answer.code);
    }
  }
  const sent = ["sent", "sent", "sent"];
  const forbidden = ["forbidden", "forbidden", "forbidden"];
  assertEquals(seen, {
    platform: sent,
    stranger: forbidden,
    former: forbidden,
    admin: sent,
    manager: ["role_not_allowed", "sent", "sent"],
    member: forbidden,
    closedManager: forbidden,
  });
});

Deno.test("a manager cannot turn an admin's invitation into another", async () => {
  const organization = await givenOrganization({
    settings: { allowMemberInvites: true },
  });
  const manager = await givenMember(organization, "org_manager");
  const invite = await givenInvite(organization, { role: "org_admin" });
  const { status, answer } = await send(manager, organization, invite.email);
  assertEquals([status, answer.code], [403, "role_not_allowed"]);
  assertEquals((await inviteOf(invite)).role, "org_admin");
});

Deno.test("nobody but the functions calls send_org_invite, which takes the address of the link", async () => {
  const admin = await createPerson({ role: "admin" });
  for (const client of [admin.client, anonClient()]) {
    // drift-ignore not-granted: the refusal is what is tested
    const { error } = await client.rpc("send_org_invite", {
      p_inviter_id: admin.id,
      p_organization_id: crypto.randomUUID(),
      p_email: uniqueEmail(),
      p_role: "org_member",
      p_site_url: api.url,
    });
    assertEquals(error?.code, "42501");
  }
});
