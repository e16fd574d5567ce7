import { assertEquals } from "@std/assert";
import {
  createPerson,
  type NewPerson,
  type Person,
} from "../support/people.ts";
import { givenGroup } from "../support/group_rows.ts";
import {
  givenEnrolment,
  givenModule,
  givenProgram,
  givenProgramCoach,
  must,
} from "../support/rows.ts";
import { anonClient, secretClient } from "../support/stack.ts";

const db = secretClient();

/** Which columns of another's profile somebody gets, by the table and by the function. */
async function sees(reader: Person, other: Person) {
  const rows = must(
    await reader.client.from("profiles").select().eq("id", other.id),
  );
  const people = must(
    await reader.client.rpc("people", { p_ids: [other.id] }),
  );
  const filled = people.flatMap((person) =>
    Object.entries(person).filter(([, value]) => value !== null)
      .map(([column]) => column)
  );
  return { profile: rows.length === 1, columns: filled.sort().join(" ") };
}

const NOTHING = { profile: false, columns: "" };
const NAME = { profile: false, columns: "avatar_url id name" };
const GUIDE = { profile: false, columns: "avatar_url id name scheduling_url" };
const CLIENT = {
  profile: false,
  columns: "avatar_url email id name scheduling_url username",
};

/** Somebody whose profile is filled in. */
async function givenPerson(
  values: NewPerson = {},
): Promise<Person> {
  const person = await createPerson(values);
  must(
    await db.from("profiles").update({
      avatar_url: "https://example.com/ana.png",
      scheduling_url: "https://cal.example/ana",
      future_vision: "A school",
      constraints: "Two small children",
      desired_target_role: "Head",
      real_email: "private@example.com",
      calendar_token: crypto.randomUUID(),
    }).eq("id", person.id).select(),
  );
  return person;
}

/** An enrolment of the client in a programme of the coach. */
async function givenCoaching(coach: Person, client: Person): Promise<void> {
  const { programId } = await givenEnrolment({ client });
  await givenProgramCoach({ program: { id: programId }, coach });
}

Deno.test("a user reads the own profile, an admin everybody's", async () => {
  const [person, admin] = [
    await givenPerson(),
    await givenPerson({ role: "admin" }),
  ];
  for (const reader of [person, admin]) {
    assertEquals(await sees(reader, person), { ...CLIENT, profile: true });
  }
  assertEquals(await sees(person, admin), NOTHING);
});

Deno.test("a stranger reads nothing of anybody, whatever the stranger's role", async () => {
  const person = await givenPerson({ role: "client" });
  await givenEnrolment({ client: person });
  for (const role of [undefined, "client", "coach", "instructor"] as const) {
    const stranger = await givenPerson({ role });
    await givenEnrolment({ client: stranger });
    assertEquals(await sees(stranger, person), NOTHING, role);
    const all = must(await stranger.client.from("profiles").select("id"));
    assertEquals(all, [{ id: stranger.id }], role);
  }
});

Deno.test("a visitor who is not signed in reads no profile and nobody's name", async () => {
  const { id } = await createPerson();
  const { data, error, status } = await anonClient().from("profiles")
    .select("id");
  assertEquals([data, error?.code, status], [null, "42501", 401]);
  const asked = await anonClient().rpc("people", { p_ids: [id] });
  assertEquals([asked.data, asked.status], [null, 401]);
});

Deno.test("a coach knows clients by address, and they the coach by name, and nobody of other programmes", async () => {
  const [coach, client, otherClient, otherCoach] = [
    await givenPerson({ role: "coach" }),
    await givenPerson({ role: "client" }),
    await givenPerson({ role: "client" }),
    await givenPerson({ role: "coach" }),
  ];
  await givenCoaching(coach, client);
  await givenCoaching(otherCoach, otherClient);
  assertEquals(await sees(coach, client), CLIENT);
  assertEquals(await sees(client, coach), GUIDE);
  assertEquals(await sees(coach, otherClient), NOTHING);
  assertEquals(await sees(client, otherCoach), NOTHING);
  assertEquals(await sees(coach, otherCoach), NOTHING);
});

Deno.test("clients of one programme do not know each other by it", async () => {
  const [one, other] = [await givenPerson(), await givenPerson()];
  const { programId } = await givenEnrolment({ client: one });
  await givenEnrolment({ client: other, program: { id: programId } });
  assertEquals(await sees(one, other), NOTHING);
});

Deno.test("who looks after a client knows the client only while holding the role", async () => {
  const [person, client] = [
    await givenPerson(),
    await givenPerson({ role: "client" }),
  ];
  must(
    await db.from("client_coaches")
      .insert({ client_id: client.id, coach_id: person.id }).select(),
  );
  assertEquals(await sees(person, client), NOTHING);
  must(
    await db.from("user_roles").insert({ user_id: person.id, role: "coach" })
      .select(),
  );
  assertEquals(await sees(person, client), CLIENT);
  assertEquals(await sees(client, person), GUIDE);
});

Deno.test("active members of a peer group know each other by name, and who left or waits does not", async () => {
  const [leader, member, gone, pending] = [
    await givenPerson(),
    await givenPerson(),
    await givenPerson(),
    await givenPerson(),
  ];
  await givenGroup({
    members: [
      leader,
      member,
      { id: gone.id, status: "left" },
      { id: pending.id, status: "pending" },
    ],
  });
  assertEquals(await sees(leader, member), NAME);
  assertEquals(await sees(member, leader), NAME);
  for (const outside of [gone, pending]) {
    assertEquals(await sees(outside, leader), NOTHING);
    assertEquals(await sees(leader, outside), NOTHING);
  }
});

Deno.test("staff of one programme know each other by name", async () => {
  const [coach, colleague] = [
    await givenPerson({ role: "coach" }),
    await givenPerson({ role: "instructor" }),
  ];
  const program = await givenProgram();
  const module = await givenModule({ program });
  await givenProgramCoach({ program, coach });
  must(
    await db.from("module_instructors")
      .insert({ module_id: module.id, instructor_id: colleague.id }).select(),
  );
  assertEquals(await sees(coach, colleague), NAME);
  assertEquals(await sees(colleague, coach), NAME);
});

Deno.test("managers know the active members of their organization by name, and members nobody", async () => {
  const [manager, member, former] = [
    await givenPerson(),
    await givenPerson(),
    await givenPerson(),
  ];
  const organization = must(
    await db.from("organizations").insert({
      name: "Example",
      slug: crypto.randomUUID(),
    }).select("id").single(),
  );
  must(
    await db.from("organization_members").insert([
      { user_id: manager.id, role: "org_manager" as const, is_active: true },
      { user_id: member.id, role: "org_member" as const, is_active: true },
      { user_id: former.id, role: "org_member" as const, is_active: false },
    ].map((row) => ({ ...row, organization_id: organization.id }))).select(),
  );
  assertEquals(await sees(manager, member), NAME);
  assertEquals(await sees(manager, former), NOTHING);
  assertEquals(await sees(member, manager), NOTHING);
});

Deno.test("names are asked for many at a time, and come once each", async () => {
  const [coach, client] = [
    await createPerson({ role: "coach" }),
    await createPerson({ role: "client", name: "Ion Pop" }),
  ];
  await givenCoaching(coach, client);
  const answer = await coach.client.rpc("people", {
    p_ids: [client.id, client.id, coach.id, crypto.randomUUID()],
  }).select("id, name").order("name");
  assertEquals(must(answer), [
    { id: coach.id, name: "Ana Pop" },
    { id: client.id, name: "Ion Pop" },
  ]);
});
