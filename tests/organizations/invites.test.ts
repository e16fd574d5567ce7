import { assert, assertEquals } from "@std/assert";
import {
  accept,
  givenInvite,
  givenMember,
  givenOrganization,
  inviteOf,
} from "../support/organizations.ts";
import {
  createPerson,
  type Person,
  uniqueEmail,
  updateUser,
} from "../support/people.ts";
import { must, type Someone } from "../support/rows.ts";
import { anonClient, type Client } from "../support/stack.ts";

const past = new Date(Date.now() - 1000).toISOString();

Deno.test("an invitation is seen by the invited, by who runs the organisation, and by nobody else", async () => {
  const organization = await givenOrganization();
  const invitee = await createPerson();
  const invite = await givenInvite(organization, {
    email: invitee.email.toUpperCase(),
  });
  const readers = {
    invitee,
    platform: await createPerson({ role: "admin" }),
    admin: await givenMember(organization, "org_admin"),
    manager: await givenMember(organization, "org_manager"),
    member: await givenMember(organization),
    former: await givenMember(organization, "org_admin", { is_active: false }),
    elsewhere: await givenMember(await givenOrganization(), "org_admin"),
    stranger: await createPerson(),
  };
  const seen: Record<string, unknown> = {};
  for (const [name, { client }] of Object.entries(readers)) {
    const rows = must(
      await client.from("organization_invites").select().eq("id", invite.id),
    );
    seen[name] = rows.length;
    for (const row of rows) assertEquals(row.token, null);
  }
  assertEquals(seen, {
    invitee: 1,
    platform: 1,
    admin: 1,
    manager: 1,
    member: 0,
    former: 0,
    elsewhere: 0,
    stranger: 0,
  });
  const { error } = await anonClient().from("organization_invites").select();
  assertEquals(error?.code, "42501");
});

Deno.test("who moves to another address no longer sees the invitations to the former one", async () => {
  const person = await createPerson();
  const { id } = await givenInvite(await givenOrganization(), {
    email: person.email,
  });
  assertEquals((await seenBy(person, id)).length, 1);
  await updateUser(person.id, { email: uniqueEmail(), email_confirm: true });
  assertEquals(await seenBy(person, id), []);
});

Deno.test("no browser writes an invitation; taking one back is for who may send it", async () => {
  const organization = await givenOrganization({
    settings: { allowMemberInvites: true },
  });
  const admin = await givenMember(organization, "org_admin");
  const manager = await givenMember(organization, "org_manager");
  const platform = await createPerson({ role: "admin" });
  const invite = await givenInvite(organization, { role: "org_admin" });
  for (const { id, client } of [admin, manager, platform]) {
    const inserted = await client.from("organization_invites").insert({
      organization_id: organization.id,
      email: uniqueEmail(),
      invited_by: id,
      token: crypto.randomUUID(),
    });
    assertEquals(inserted.error?.code, "42501");
    const updated = await client.from("organization_invites")
      .update({ role: "org_admin" }).eq("id", invite.id);
    assertEquals(updated.error?.code, "42501");
  }
  const remove = async ({ client }: Person) =>
    must(
      await client.from("organization_invites").delete().eq("id", invite.id)
        .select("id"),
    ).length;
  assertEquals(await remove(manager), 0);
  assertEquals(await remove(admin), 1);
});

Deno.test("the invited person declines, by the link, once and for all", async () => {
  const invitee = await createPerson();
  const invite = await givenInvite(await givenOrganization(), {
    email: invitee.email,
  });
  const stranger = await createPerson();
  assertEquals(await decline(stranger.client, invite.token), "wrong_address");
  assertEquals(
    await decline(invitee.client, crypto.randomUUID()),
    "invite_not_found",
  );
  assertEquals((await inviteOf(invite)).is_open, true);

  for (let time = 1; time <= 2; time++) {
    const answer = must(
      await invitee.client.rpc("decline_org_invite", { p_token: invite.token }),
    );
    assertEquals(answer, { success: true, code: "declined", error: null });
  }
  assert((await inviteOf(invite)).declined_at !== null);
  assertEquals(
    (await accept(invitee, invite.token)).answer.code,
    "invite_declined",
  );
});

Deno.test("an expired invitation can be declined, one that was used or withdrawn cannot", async () => {
  const invitee = await createPerson();
  for (
    const [values, code] of [
      [{ expires_at: past }, "declined"],
      [{ accepted_at: past }, "invite_used"],
      [{ withdrawn_at: past }, "invite_withdrawn"],
    ] as const
  ) {
    const invite = await givenInvite(await givenOrganization(), {
      email: invitee.email,
      ...values,
    });
    const answer = must(
      await invitee.client.rpc("decline_org_invite", { p_token: invite.token }),
    );
    assertEquals([answer.code, answer.success], [code, code === "declined"]);
    assertEquals(answer.error === null, code === "declined");
  }
});

Deno.test("whoever may send an invitation withdraws it, and its link is dead", async () => {
  const organization = await givenOrganization({
    settings: { allowMemberInvites: true },
  });
  const withdrawers = {
    admin: await givenMember(organization, "org_admin"),
    manager: await givenMember(organization, "org_manager"),
    platform: await createPerson({ role: "admin" }),
    member: await givenMember(organization),
    elsewhere: await givenMember(await givenOrganization(), "org_admin"),
    stranger: await createPerson(),
  };
  const seen: Record<string, unknown[]> = {};
  for (const [name, { client }] of Object.entries(withdrawers)) {
    seen[name] = [];
    for (const role of ["org_admin", "org_member"] as const) {
      const invite = await givenInvite(organization, { role });
      const { code, success } = must(
        await client.rpc("withdraw_org_invite", { p_id: invite.id }),
      );
      seen[name].push(code);
      assertEquals((await inviteOf(invite)).withdrawn_at !== null, success);
    }
  }
  const withdrawn = ["withdrawn", "withdrawn"];
  const hidden = ["invite_not_found", "invite_not_found"];
  assertEquals(seen, {
    admin: withdrawn,
    manager: ["forbidden", "withdrawn"],
    platform: withdrawn,
    member: hidden,
    elsewhere: hidden,
    stranger: hidden,
  });

  const invitee = await createPerson();
  const invite = await givenInvite(organization, { email: invitee.email });
  const { client } = withdrawers.admin;
  for (let time = 1; time <= 2; time++) {
    assertEquals(await withdraw(client, invite), "withdrawn");
  }
  assertEquals(
    (await accept(invitee, invite.token)).answer.code,
    "invite_withdrawn",
  );
});

Deno.test("what is accepted or declined cannot be withdrawn", async () => {
  const organization = await givenOrganization();
  const { client } = await givenMember(organization, "org_admin");
  for (
    const [values, code] of [
      [{ accepted_at: past }, "invite_used"],
      [{ declined_at: past }, "invite_declined"],
    ] as const
  ) {
    assertEquals(
      await withdraw(client, await givenInvite(organization, values)),
      code,
    );
  }
});

Deno.test("visitors neither accept, decline nor withdraw", async () => {
  const visitor = anonClient();
  const token = crypto.randomUUID();
  for (
    const { error } of [
      await visitor.rpc("accept_org_invite", { p_token: token }),
      await visitor.rpc("decline_org_invite", { p_token: token }),
      await visitor.rpc("withdraw_org_invite", { p_id: token }),
    ]
  ) assertEquals(error?.code, "42501");
});

async function seenBy({ client }: Person, id: string) {
  return must(
    await client.from("organization_invites").select("id").eq("id", id),
  );
}

async function decline(client: Client, token: string) {
  return must(await client.rpc("decline_org_invite", { p_token: token })).code;
}

async function withdraw(client: Client, { id }: Someone) {
  return must(await client.rpc("withdraw_org_invite", { p_id: id })).code;
}
