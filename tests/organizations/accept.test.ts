import { assert, assertEquals } from "@std/assert";
import {
  accept,
  callAs,
  givenInvite,
  givenMember,
  givenOrganization,
  inviteOf,
  membershipOf,
  type Organization,
} from "../support/organizations.ts";
import {
  createPerson,
  disable,
  uniqueEmail,
  updateUser,
} from "../support/people.ts";
import { must, type Someone } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";

const db = secretClient();
const HOUR = 3_600_000;
const SHARES = [
  "share_goals",
  "share_decisions",
  "share_tasks",
  "share_progress",
  "share_assessments",
  "share_development_items",
  "share_assignments",
] as const;

Deno.test("accepting makes a member by the invitation's role, shares nothing, and closes the invitation", async () => {
  const organization = await givenOrganization();
  const inviter = await createPerson();
  const person = await createPerson();
  const invite = await givenInvite(organization, {
    email: person.email,
    role: "org_manager",
    inviter,
  });

  const { status, answer } = await callAs(person, "accept-org-invite", {
    invite_token: invite.token,
    link_existing_account: true,
  });
  assertEquals(status, 200);
  assertEquals(answer, {
    success: true,
    code: "accepted",
    message: `Welcome to ${organization.name}`,
    organization: { id: organization.id, name: organization.name },
    linked_existing_account: true,
  });

  const membership = await membershipOf(person);
  const sent = await inviteOf(invite);
  assertEquals(membership?.organization_id, organization.id);
  assertEquals(membership?.role, "org_manager");
  assertEquals(membership?.is_active, true);
  assertEquals(membership?.invited_by, inviter.id);
  assertEquals(membership?.invited_at, sent.created_at);
  assert(sent.accepted_at !== null);

  const consent = await consentOf(person, organization);
  assertEquals(SHARES.map((share) => consent[share]), SHARES.map(() => false));
  assertEquals(consent.consent_given_at, null);
});

Deno.test("the address is compared without case, and a token too", async () => {
  const organization = await givenOrganization();
  const person = await createPerson();
  const invite = await givenInvite(organization, {
    email: person.email.toUpperCase(),
  });
  const { answer } = await accept(person, invite.token.toUpperCase());
  assertEquals([answer.code, answer.linked_existing_account], [
    "accepted",
    false,
  ]);
});

Deno.test("a member already is answered 200, by the same link and by another", async () => {
  const organization = await givenOrganization({ tier: { max_members: 1 } });
  const person = await createPerson();
  const first = await givenInvite(organization, { email: person.email });
  await accept(person, first.token);
  const before = await inviteOf(first);
  const second = await givenInvite(organization, { email: person.email });

  for (const { token } of [first, second]) {
    const { status, answer } = await accept(person, token);
    assertEquals(status, 200);
    assertEquals(answer, {
      success: true,
      code: "already_member",
      message: "You are already a member of this organization",
      organization: { id: organization.id, name: organization.name },
      linked_existing_account: false,
    });
  }
  assertEquals((await inviteOf(first)).accepted_at, before.accepted_at);
  assertEquals((await inviteOf(second)).is_open, false);
});

Deno.test("a former member is active again, by the new invitation, and keeps the consent given", async () => {
  const organization = await givenOrganization();
  const inviter = await createPerson();
  const person = await createPerson();
  await givenMember(organization, "org_admin", {
    person,
    is_active: false,
    title: "CEO",
  });
  must(
    await db.from("organization_sharing_consent").insert({
      user_id: person.id,
      organization_id: organization.id,
      share_goals: true,
      consent_given_at: "2026-01-01T00:00:00+00:00",
    }).select(),
  );
  const invite = await givenInvite(organization, {
    email: person.email,
    inviter,
  });

  const { answer } = await accept(person, invite.token);
  assertEquals(answer.code, "reactivated");
  const membership = await membershipOf(person);
  assertEquals(
    [membership?.is_active, membership?.role, membership?.invited_by],
    [true, "org_member", inviter.id],
  );
  assertEquals(membership?.title, "CEO");
  const consent = await consentOf(person, organization);
  assertEquals([consent.share_goals, consent.consent_given_at], [
    true,
    "2026-01-01T00:00:00+00:00",
  ]);
});

Deno.test("a member of another organisation is refused, a former one as well, and the invitation stays open", async () => {
  for (const is_active of [true, false]) {
    const person = await createPerson();
    await givenMember(await givenOrganization(), "org_member", {
      person,
      is_active,
    });
    await assertRefused(person, 409, "other_organization");
  }
});

Deno.test("nobody accepts for another address", async () => {
  const invite = await givenInvite(await givenOrganization());
  const stranger = await createPerson();
  const { status, answer } = await accept(stranger, invite.token);
  assertEquals([status, answer.code], [403, "wrong_address"]);
  assert(!JSON.stringify(answer).includes(invite.email));
  assertEquals(await membershipOf(stranger), null);
  assertEquals((await inviteOf(invite)).is_open, true);
});

Deno.test("the address is the account's of today, whatever an older token says", async () => {
  const person = await createPerson();
  const former = person.email;
  await updateUser(person.id, {
    email: uniqueEmail("moved"),
    email_confirm: true,
  });
  await assertRefused({ ...person, email: former }, 403, "wrong_address");
});

Deno.test("a disabled person is refused with a token that still runs", async () => {
  const person = await createPerson();
  const invite = await givenInvite(await givenOrganization(), {
    email: person.email,
  });
  await disable(person);
  const { status, answer } = await accept(person, invite.token);
  assertEquals([status, answer.code], [403, "account_disabled"]);
  assertEquals(await membershipOf(person), null);
});

Deno.test("an invitation that is over says why", async () => {
  const past = new Date(Date.now() - HOUR).toISOString();
  for (
    const [values, code] of [
      [{ expires_at: past }, "invite_expired"],
      [{ accepted_at: past }, "invite_used"],
      [{ withdrawn_at: past }, "invite_withdrawn"],
      [{ declined_at: past }, "invite_declined"],
    ] as const
  ) {
    const person = await createPerson();
    const organization = await givenOrganization();
    const invite = await givenInvite(organization, {
      email: person.email,
      ...values,
    });
    const { status, answer } = await accept(person, invite.token);
    assertEquals([status, answer.code], [410, code]);
    assertEquals(Object.keys(answer).sort(), ["code", "error"]);
    assertEquals(await membershipOf(person), null);
  }
});

Deno.test("nobody joins an organisation that is not active", async () => {
  const person = await createPerson();
  await assertRefused(person, 409, "organization_inactive", {
    is_active: false,
  });
});

Deno.test("a token that opens nothing is 404, one that cannot be one is 400", async () => {
  const person = await createPerson();
  for (const token of [crypto.randomUUID(), "0123456789", "x".repeat(100)]) {
    const { status, answer } = await accept(person, token);
    assertEquals([status, answer.code], [404, "invite_not_found"], token);
  }
  for (
    const token of [
      "",
      "short",
      "x".repeat(101),
      "under_score_1",
      "é".repeat(10),
      null,
      1234567890,
    ]
  ) {
    const { status, answer } = await callAs(person, "accept-org-invite", {
      invite_token: token,
    });
    assertEquals([status, answer.code], [400, "invalid_request"]);
    assert(answer.error.startsWith("invite_token: "), answer.error);
  }
});

Deno.test("accept-org-invite is for people who are signed in", async () => {
  const { status, answer } = await accept(
    { token: "nonsense" },
    crypto.randomUUID(),
  );
  assertEquals([status, answer.code], [401, "unauthorized"]);
});

/** An invitation of this person is refused, and stays open. */
async function assertRefused(
  person: Someone & { email: string; token: string },
  status: number,
  code: string,
  values: Parameters<typeof givenOrganization>[0] = {},
): Promise<void> {
  const before = await membershipOf(person);
  const organization = await givenOrganization(values);
  const invite = await givenInvite(organization, { email: person.email });
  const refused = await accept(person, invite.token);
  assertEquals([refused.status, refused.answer.code], [status, code]);
  assertEquals(await membershipOf(person), before);
  assertEquals((await inviteOf(invite)).is_open, true);
  const consents = must(
    await db.from("organization_sharing_consent").select()
      .eq("organization_id", organization.id),
  );
  assertEquals(consents, []);
}

async function consentOf(person: Someone, organization: Organization) {
  return must(
    await db.from("organization_sharing_consent").select()
      .eq("user_id", person.id).eq("organization_id", organization.id)
      .single(),
  );
}
