import { assertEquals } from "@std/assert";
import {
  accept,
  givenInvite,
  givenMember,
  givenOrganization,
  membershipOf,
  type Organization,
  send,
} from "../support/organizations.ts";
import { createPerson, uniqueEmail } from "../support/people.ts";
import { givenPlan, type Someone } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";

const db = secretClient();

Deno.test("a pending invitation holds its seat: it is accepted at the limit, and nothing is sent beyond it", async () => {
  const organization = await givenOrganization({ tier: { max_members: 2 } });
  const admin = await givenMember(organization, "org_admin");
  const person = await createPerson();
  const invite = await givenInvite(organization, { email: person.email });

  assertEquals(await sent(admin, organization, uniqueEmail()), [
    402,
    "seats_full",
  ]);
  assertEquals(await sent(admin, organization, person.email), [200, "resent"]);
  // nobody else takes it
  assertEquals(await insertMember(organization, await createPerson()), "23514");
  assertEquals(await accepted(person, invite.token), [200, "accepted"]);
  assertEquals(await sent(admin, organization, uniqueEmail()), [
    402,
    "seats_full",
  ]);
});

Deno.test("an invitation that is over holds no seat", async () => {
  const past = new Date(Date.now() - 1000).toISOString();
  for (
    const over of [
      { expires_at: past },
      { withdrawn_at: past },
      { declined_at: past },
      { accepted_at: past },
    ]
  ) {
    const organization = await givenOrganization({ tier: { max_members: 2 } });
    const admin = await givenMember(organization, "org_admin");
    await givenInvite(organization, over);
    assertEquals(await sent(admin, organization, uniqueEmail()), [200, "sent"]);
  }
});

Deno.test("an invited person who becomes a member in another way takes one seat, and not two", async () => {
  const organization = await givenOrganization({ tier: { max_members: 2 } });
  const person = await createPerson();
  await givenInvite(organization, { email: person.email });
  assertEquals(await insertMember(organization, person), undefined);
  assertEquals(
    await insertMember(organization, await createPerson()),
    undefined,
  );
});

Deno.test("an expired invitation is sent again only while there is a seat", async () => {
  const organization = await givenOrganization({ tier: { max_members: 1 } });
  const admin = await givenMember(organization, "org_admin");
  const invite = await givenInvite(organization, {
    expires_at: new Date(Date.now() - 1000).toISOString(),
  });
  assertEquals(await sent(admin, organization, invite.email), [
    402,
    "seats_full",
  ]);
});

Deno.test("of three invitees and two seats the third is told why, until there is one", async () => {
  const organization = await givenOrganization({ tier: { max_members: 2 } });
  const people = [];
  for (let index = 0; index < 3; index++) {
    const person = await createPerson();
    const { token } = await givenInvite(organization, { email: person.email });
    people.push({ person, invite: token });
  }
  const codes = [];
  for (const { person, invite } of people) {
    codes.push(await accepted(person, invite));
  }
  assertEquals(codes, [[200, "accepted"], [200, "accepted"], [
    402,
    "seats_full",
  ]]);

  const [first, , third] = people;
  if (!first || !third) throw new Error("unreachable");
  await updateMember(first.person, { is_active: false });
  assertEquals(await accepted(third.person, third.invite), [200, "accepted"]);
  // and the one who left does not come back by any way
  assertEquals(await updateMember(first.person, { is_active: true }), "23514");
});

Deno.test("no limit and none are told apart", async () => {
  const outcomes: Record<string, unknown> = {};
  for (
    const [name, tier] of [
      ["no tier", undefined],
      ["null", { max_members: null }],
      ["0", { max_members: 0 }],
    ] as const
  ) {
    const organization = await givenOrganization(tier ? { tier } : {});
    const person = await createPerson();
    const { token } = await givenInvite(organization, { email: person.email });
    outcomes[name] = (await accepted(person, token))[1];
  }
  assertEquals(outcomes, {
    "no tier": "accepted",
    null: "accepted",
    "0": "seats_full",
  });
});

Deno.test("cancelling does not lift the limit of members, and ends sponsoring", async () => {
  const seen: Record<string, unknown> = {};
  for (
    const status of ["active", "trialing", "past_due", "pending", "canceled"]
  ) {
    const organization = await givenOrganization({
      tier: { max_members: 1, max_sponsored_seats: 1 },
      status,
    });
    const member = await givenMember(organization);
    seen[status] = [
      await insertMember(organization, await createPerson()),
      await updateMember(member, {
        sponsored_plan_id: (await givenPlan()).id,
      }),
    ];
  }
  assertEquals(seen, {
    active: ["23514", undefined],
    trialing: ["23514", undefined],
    past_due: ["23514", undefined],
    pending: ["23514", "23514"],
    canceled: ["23514", "23514"],
  });
});

Deno.test("sponsored seats are counted, whoever takes them", async () => {
  const plan = (await givenPlan()).id;
  const organization = await givenOrganization({
    tier: { max_sponsored_seats: 1 },
  });
  const admin = await givenMember(organization, "org_admin");
  const first = await givenMember(organization);
  const second = await givenMember(organization);
  const sponsor = async (member: Someone) =>
    (await admin.client.from("organization_members")
      .update({ sponsored_plan_id: plan }).eq("user_id", member.id)).error
      ?.code;

  assertEquals(await seats(organization), [0, 1, true]);
  assertEquals(await sponsor(first), undefined);
  assertEquals(await seats(organization), [1, 1, false]);
  assertEquals(await sponsor(second), "23514");
  // another plan for the same person takes no other seat
  assertEquals(
    await updateMember(first, { sponsored_plan_id: (await givenPlan()).id }),
    undefined,
  );
  await updateMember(first, { is_active: false });
  assertEquals(await sponsor(second), undefined);
  // the plan comes back with the person, so the person waits for a seat of that kind
  const { token } = await givenInvite(organization, { email: first.email });
  assertEquals(await accepted(first, token), [402, "seats_full"]);
  assertEquals(await sent(admin, organization, first.email), [
    402,
    "seats_full",
  ]);
  await updateMember(second, { sponsored_plan_id: null });
  assertEquals(await accepted(first, token), [200, "reactivated"]);
  assertEquals((await membershipOf(first))?.is_active, true);
});

Deno.test("the seat functions say null for no limit and 0 for none, to those who may see it", async () => {
  const unlimited = await givenOrganization({
    tier: { max_sponsored_seats: null },
  });
  assertEquals(await seats(unlimited), [0, null, true]);
  const none = await givenOrganization({ tier: { max_sponsored_seats: 0 } });
  assertEquals(await seats(none), [0, 0, false]);
  assertEquals(await seats(await givenOrganization()), [0, 0, false]);

  const stranger = await createPerson();
  assertEquals(await seats(unlimited, stranger.client), [0, 0, false]);
  const manager = await givenMember(unlimited, "org_manager");
  assertEquals(await seats(unlimited, manager.client), [0, null, true]);
});

Deno.test("writing a member who is one already takes no seat", async () => {
  const organization = await givenOrganization({ tier: { max_members: 1 } });
  const member = await givenMember(organization);
  const { error } = await db.from("organization_members").upsert({
    organization_id: organization.id,
    user_id: member.id,
    title: "CFO",
  }, { onConflict: "user_id" });
  assertEquals(error, null);
  assertEquals(await updateMember(member, { role: "org_admin" }), undefined);
});

async function sent(
  inviter: { token: string },
  organization: Someone,
  email: string,
) {
  const { status, answer } = await send(inviter, organization, email);
  return [status, answer.code];
}

async function accepted(person: { token: string }, token: string) {
  const { status, answer } = await accept(person, token);
  return [status, answer.code];
}

/** As the service role. Returns the code of the error. */
async function insertMember(organization: Organization, person: Someone) {
  const { error } = await db.from("organization_members").insert({
    organization_id: organization.id,
    user_id: person.id,
  });
  return error?.code;
}

/** As the service role. Returns the code of the error. */
async function updateMember(
  person: Someone,
  values: {
    is_active?: boolean;
    sponsored_plan_id?: string | null;
    role?: "org_admin";
  },
) {
  const { error } = await db.from("organization_members").update(values)
    .eq("user_id", person.id);
  return error?.code;
}

/** Sponsored seats taken, their number, and whether one is left. */
async function seats({ id }: Someone, client = db) {
  const answers = await Promise.all([
    client.rpc("get_org_sponsored_seat_count", { p_organization_id: id }),
    client.rpc("get_org_max_sponsored_seats", { p_organization_id: id }),
    client.rpc("can_assign_sponsored_seat", { p_organization_id: id }),
  ]);
  return answers.map(({ data, error }) => {
    if (error) throw error;
    return data;
  });
}
