import { assertEquals } from "@std/assert";
import { createPerson, type Person } from "../support/people.ts";
import { givenGroup } from "../support/group_rows.ts";
import { givenEnrolment, givenProgramCoach, must } from "../support/rows.ts";
import { anonClient, secretClient } from "../support/stack.ts";

const db = secretClient();

async function sees(reader: Person, other: Person): Promise<boolean> {
  const rows = must(
    await reader.client.from("profiles").select("id").eq("id", other.id),
  );
  return rows.length === 1;
}

/** An enrolment of the client in a programme of the coach. */
async function givenCoaching(coach: Person, client: Person): Promise<void> {
  const { programId } = await givenEnrolment({ client });
  await givenProgramCoach({ program: { id: programId }, coach });
}

Deno.test("a user reads the own profile, an admin everybody's", async () => {
  const [person, admin] = [
    await createPerson(),
    await createPerson({ role: "admin" }),
  ];
  assertEquals(await sees(person, person), true);
  assertEquals(await sees(admin, person), true);
  assertEquals(await sees(person, admin), false);
});

Deno.test("a stranger reads no profile but the own, whatever the stranger's role", async () => {
  const person = await createPerson({ role: "client" });
  await givenEnrolment({ client: person });
  for (const role of [undefined, "client", "coach", "instructor"] as const) {
    const stranger = await createPerson({ role });
    await givenEnrolment({ client: stranger });
    assertEquals(await sees(stranger, person), false, role);
    const all = must(await stranger.client.from("profiles").select("id"));
    assertEquals(all, [{ id: stranger.id }], role);
  }
});

Deno.test("a visitor who is not signed in reads no profile", async () => {
  await createPerson();
  const { data, error, status } = await anonClient().from("profiles")
    .select("id");
  assertEquals([data, error?.code, status], [null, "42501", 401]);
});

Deno.test("coach and client of a programme read each other's profile, and not those of other programmes", async () => {
  const [coach, client, otherClient, otherCoach] = [
    await createPerson({ role: "coach" }),
    await createPerson({ role: "client" }),
    await createPerson({ role: "client" }),
    await createPerson({ role: "coach" }),
  ];
  await givenCoaching(coach, client);
  await givenCoaching(otherCoach, otherClient);
  assertEquals(await sees(coach, client), true);
  assertEquals(await sees(client, coach), true);
  assertEquals(await sees(coach, otherClient), false);
  assertEquals(await sees(client, otherCoach), false);
});

Deno.test("clients of one programme do not read each other's profile", async () => {
  const [one, other] = [await createPerson(), await createPerson()];
  const { programId } = await givenEnrolment({ client: one });
  await givenEnrolment({ client: other, program: { id: programId } });
  assertEquals(await sees(one, other), false);
});

Deno.test("who looks after a client reads the profile only while holding the role", async () => {
  const [person, client] = [
    await createPerson(),
    await createPerson({ role: "client" }),
  ];
  must(
    await db.from("client_coaches")
      .insert({ client_id: client.id, coach_id: person.id }).select(),
  );
  assertEquals(await sees(person, client), false);
  must(
    await db.from("user_roles").insert({ user_id: person.id, role: "coach" })
      .select(),
  );
  assertEquals(await sees(person, client), true);
});

Deno.test("active members of a peer group read each other's profile, and who left or waits does not", async () => {
  const [leader, member, gone, pending] = [
    await createPerson(),
    await createPerson(),
    await createPerson(),
    await createPerson(),
  ];
  await givenGroup({
    members: [
      leader,
      member,
      { id: gone.id, status: "left" },
      { id: pending.id, status: "pending" },
    ],
  });
  assertEquals(await sees(leader, member), true);
  assertEquals(await sees(member, leader), true);
  for (const outside of [gone, pending]) {
    assertEquals(await sees(outside, leader), false);
    assertEquals(await sees(leader, outside), false);
  }
});
