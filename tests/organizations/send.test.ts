import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  callAs,
  givenInvite,
  givenMember,
  givenOrganization,
  inviteOf,
  membershipOf,
  send,
} from "../support/organizations.ts";
import { createPerson, disable, uniqueEmail } from "../support/people.ts";
import { must, only, type Someone } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";

const db = secretClient();
const DAY = 86_400_000;

Deno.test("an admin of the organisation invites somebody, by mail, for seven days", async () => {
  const organization = await givenOrganization();
  const admin = await givenMember(organization, "org_admin");
  const email = uniqueEmail("o'brien_");
  const { status, answer } = await send(
    admin,
    organization,
    ` ${email.toUpperCase()} `,
    "org_manager",
  );
  assertEquals(status, 200);
  assertEquals(answer, {
    success: true,
    code: "sent",
    message: "Invitation sent successfully",
    emailSent: true,
  });

  const invite = only(await invitesTo(organization, email));
  assertEquals(
    [invite.email, invite.role, invite.invited_by, invite.is_open],
    [email, "org_manager", admin.id, true],
  );
  const days = (Date.parse(invite.expires_at) - Date.now()) / DAY;
  assert(Math.abs(days - 7) < 0.01, String(days));

  const mail = only(await mailsTo(email));
  assertEquals([mail.template_key, mail.status], ["org_invite", "pending"]);
  assertEquals(mail.template_data, {
    organizationName: organization.name,
    roleDisplay: "Manager",
    currentYear: String(new Date().getUTCFullYear()),
  });
});

Deno.test("a resend keeps the invitation and its former link, takes the new role, and prolongs it", async () => {
  const organization = await givenOrganization();
  const admin = await givenMember(organization, "org_admin");
  const person = await createPerson();
  const invite = await givenInvite(organization, {
    email: person.email.toUpperCase(), // as production may hold it
    expires_at: new Date(Date.now() - DAY).toISOString(),
  });
  const { answer } = await send(admin, organization, person.email, "org_admin");
  assertEquals(answer, {
    success: true,
    code: "resent",
    message: "Invitation resent successfully",
    emailSent: true,
    formerLinkValid: true,
  });
  const { role, invited_by } = await inviteOf(invite);
  assertEquals([role, invited_by], ["org_admin", admin.id]);
  assertEquals((await mailsTo(person.email)).length, 1);

  const { data } = await person.client.functions.invoke("accept-org-invite", {
    body: { invite_token: invite.token },
  });
  assertEquals(data.code, "accepted");
  assertEquals((await membershipOf(person))?.role, "org_admin");
});

Deno.test("an address is itself and no pattern", async () => {
  const organization = await givenOrganization();
  const admin = await givenMember(organization, "org_admin");
  const id = crypto.randomUUID().slice(0, 8);
  const other = await givenInvite(organization, {
    email: `anaXpop.${id}@example.com`,
  });
  const { answer } = await send(
    admin,
    organization,
    `ana_pop.${id}@example.com`,
    "org_manager",
  );
  assertEquals(answer.code, "sent");
  assertEquals((await inviteOf(other)).role, "org_member");
});

Deno.test("sending refuses what acceptance would", async () => {
  const organization = await givenOrganization();
  const admin = await givenMember(organization, "org_admin");

  const member = await givenMember(organization);
  await assertRefused(admin, organization, member.email, "already_member");

  const elsewhere = await givenMember(await givenOrganization());
  const disabled = await createPerson();
  await disable(disabled);
  const sentences = [];
  for (const { email } of [elsewhere, disabled]) {
    sentences.push(
      await assertRefused(admin, organization, email, "invitee_unavailable"),
    );
  }
  assertEquals(sentences[0], sentences[1]); // which of the two stays unsaid

  must(
    await db.from("organizations").update({ is_active: false })
      .eq("id", organization.id).select(),
  );
  await assertRefused(
    admin,
    organization,
    uniqueEmail(),
    "organization_inactive",
  );
});

Deno.test("a former member can be invited again, also after an invitation that was accepted", async () => {
  const organization = await givenOrganization();
  const admin = await givenMember(organization, "org_admin");
  const former = await givenMember(organization, "org_member", {
    is_active: false,
  });
  await givenInvite(organization, {
    email: former.email,
    accepted_at: new Date().toISOString(),
  });
  const { answer } = await send(admin, organization, former.email);
  assertEquals(answer.code, "sent");
});

Deno.test("sending says so when no mail goes out", async () => {
  const organization = await givenOrganization();
  const admin = await givenMember(organization, "org_admin");
  const person = await createPerson();
  must(
    await db.from("client_profiles").upsert(
      { user_id: person.id, status: "inactive" },
      { onConflict: "user_id" },
    ).select(),
  );
  const { status, answer } = await send(admin, organization, person.email);
  assertEquals([status, answer.emailSent], [200, false]);
  assertMatch(answer.warning, /no mail goes to this address/);
  assertEquals(await mailsTo(person.email), []);
});

Deno.test("the sixth invitation to one address within an hour is refused", async () => {
  const organization = await givenOrganization();
  const admin = await givenMember(organization, "org_admin");
  const email = uniqueEmail();
  for (let sending = 1; sending <= 5; sending++) {
    assertEquals((await send(admin, organization, email)).status, 200);
  }
  const { status, answer, headers } = await send(admin, organization, email);
  assertEquals([status, answer.code], [429, "rate_limited"]);
  assertEquals(headers.get("Retry-After"), "3600");
  assertEquals((await mailsTo(email)).length, 5);
  // of another organisation, and to another address, it is none of that
  assertEquals((await send(admin, organization, uniqueEmail())).status, 200);
});

Deno.test("send-org-invite names the field that is wrong", async () => {
  const admin = await createPerson({ role: "admin" });
  const { id } = await givenOrganization();
  const good = {
    organization_id: id,
    email: uniqueEmail(),
    role: "org_member",
  };
  for (
    const [field, value] of [
      ["organization_id", "1"],
      ["organization_id", undefined],
      ["email", "nobody"],
      ["email", "a@b@example.com"],
      ["email", `${"x".repeat(250)}@example.com`],
      ["role", "admin"],
      ["role", null],
    ] as const
  ) {
    const { status, answer } = await callAs(admin, "send-org-invite", {
      ...good,
      [field]: value,
    });
    assertEquals([status, answer.code], [400, "invalid_request"]);
    assert(answer.error.startsWith(`${field}: `), answer.error);
  }
  const unknown = await send(
    admin,
    { id: crypto.randomUUID() },
    uniqueEmail(),
  );
  assertEquals([unknown.status, unknown.answer.code], [404, "not_found"]);
});

Deno.test("send-org-invite is for people who are signed in and not disabled", async () => {
  const organization = await givenOrganization();
  const admin = await givenMember(organization, "org_admin");
  await disable(admin);
  const disabled = await send(admin, organization, uniqueEmail());
  assertEquals([disabled.status, disabled.answer.code], [
    403,
    "account_disabled",
  ]);
  const nobody = await send({ token: "nonsense" }, organization, "a@b.example");
  assertEquals([nobody.status, nobody.answer.code], [401, "unauthorized"]);
});

async function assertRefused(
  inviter: { token: string },
  organization: Someone,
  email: string,
  code: string,
): Promise<string> {
  const { status, answer } = await send(inviter, organization, email);
  assertEquals([status, answer.code], [409, code]);
  assertEquals(await invitesTo(organization, email), []);
  assertEquals(await mailsTo(email), []);
  return answer.error;
}

async function invitesTo({ id }: Someone, email: string) {
  return must(
    await db.from("organization_invites").select()
      .eq("organization_id", id).eq("email", email),
  );
}

async function mailsTo(email: string) {
  return must(
    await db.from("email_queue").select().eq("recipient_email", email),
  );
}
