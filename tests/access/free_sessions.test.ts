// drift-ignore-file not-granted: the refusals are what is tested
import { assertEquals } from "@std/assert";
import { createPerson, type Person } from "../support/people.ts";
import { type Insert, must, unique } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import { assertRefused } from "./refused.ts";

const db = secretClient();
const SOON = "2099-01-05T10:00:00+00:00";

const sessions = ({ client }: Person) => client.from("sessions");
const places = ({ client }: Person) => client.from("session_participants");

async function givenType(values: Insert<"session_types"> = {}) {
  return must(
    await db.from("session_types").insert({ name: unique("type"), ...values })
      .select("id").single(),
  );
}

async function givenPlace(
  session_id: string,
  { id: user_id }: Person,
  values: Insert<"session_participants">,
) {
  must(
    await db.from("session_participants").insert({
      session_id,
      user_id,
      ...values,
    }).select("id").single(),
  );
}

/** A coach's session, with a client of that coach and somebody else. */
async function givenSession(values: Insert<"sessions"> = {}) {
  const [coach, client, other] = [
    await createPerson({ role: "coach" }),
    await createPerson({ role: "client" }),
    await createPerson({ role: "client" }),
  ];
  must(
    await db.from("client_coaches").insert({
      coach_id: coach.id,
      client_id: client.id,
    }).select(),
  );
  const type = await givenType();
  const { id } = must(
    await db.from("sessions").insert({
      session_type_id: type.id,
      title: "Open hour",
      session_date: SOON,
      meeting_url: "https://zoom.us/j/1",
      notes: "Ask Ana about her team",
      status: "scheduled",
      allow_self_registration: true,
      created_by: coach.id,
      ...values,
    }).select("id").single(),
  );
  return { coach, client, other, type, id };
}

Deno.test("link and notes of a session are for those who have a place in it", async () => {
  const { coach, client, other, id } = await givenSession();
  const seen = async (person: Person) =>
    must(await sessions(person).select("meeting_url").eq("id", id)).length;
  assertEquals([await seen(coach), await seen(client)], [1, 0]);
  for (
    const [status, rows] of [
      ["invited", 0],
      ["registered", 1],
      ["confirmed", 1],
      ["cancelled", 0],
    ] as const
  ) {
    const person = await createPerson({ role: "client" });
    await givenPlace(id, person, { status });
    assertEquals(await seen(person), rows, status);
  }
  assertEquals(must(await places(other).select().eq("session_id", id)), []);
});

Deno.test("a coach of one participant does not see the session; its creator and its host see who takes part", async () => {
  const { coach, client, other, type, id } = await givenSession();
  await givenPlace(id, client, { status: "registered" });
  const second = await createPerson({ role: "coach" });
  must(
    await db.from("client_coaches").insert({
      coach_id: second.id,
      client_id: client.id,
    }).select(),
  );
  const role = must(
    await db.from("session_type_roles").insert({
      session_type_id: type.id,
      role_name: "Co-Host",
    }).select("id").single(),
  );
  await givenPlace(id, other, { status: "confirmed", role_id: role.id });
  const seen = async (person: Person) => [
    must(await sessions(person).select("id").eq("id", id)).length,
    must(await places(person).select("id").eq("session_id", id)).length,
  ];
  assertEquals(await seen(second), [0, 0]);
  assertEquals(await seen(client), [1, 1]);
  assertEquals(await seen(coach), [1, 2]);
  assertEquals(await seen(other), [1, 2]);
});

Deno.test("nobody makes, changes or deletes a session or a place in one: no page does", async () => {
  const { coach, client, other, type, id } = await givenSession();
  await givenPlace(id, client, { status: "registered" });
  const admin = await createPerson({ role: "admin" });
  for (const person of [coach, client, other, admin]) {
    const attempts = [
      sessions(person).insert({
        session_type_id: type.id,
        title: "Mine",
        created_by: person.id,
      }),
      sessions(person).update({ meeting_url: "https://evil.example" })
        .eq("id", id),
      sessions(person).delete().eq("id", id),
      places(person).insert({
        session_id: id,
        user_id: person.id,
        status: "registered",
      }),
      places(person).update({ status: "attended", attended_at: SOON })
        .eq("session_id", id),
      places(person).delete().eq("session_id", id),
    ];
    for (const [index, attempt] of attempts.entries()) {
      assertRefused(await attempt, `${person.id} ${index}`);
    }
  }
});

Deno.test("a session takes as many as it has places for, by whatever way", async () => {
  const { client, other, id } = await givenSession({ max_participants: 1 });
  await givenPlace(id, other, { status: "registered" });
  await givenPlace(id, client, { status: "invited" });
  const change = (person: Person, status: string) =>
    db.from("session_participants").update({ status }).eq("session_id", id)
      .eq("user_id", person.id).select();
  assertEquals((await change(client, "confirmed")).error?.code, "23514");
  must(await change(other, "cancelled"));
  assertEquals(must(await change(client, "confirmed")).length, 1);
  assertEquals((await change(other, "registered")).error?.code, "23514");
});

Deno.test("the type's number of places counts where the session has none, for several at once too", async () => {
  const { coach, client, other, type, id } = await givenSession();
  must(
    await db.from("session_types").update({ max_participants: 1 })
      .eq("id", type.id).select(),
  );
  const { error } = await db.from("session_participants").insert(
    [client, other, coach].map(({ id: user_id }) => ({
      session_id: id,
      user_id,
      status: "registered",
    })),
  );
  assertEquals(error?.code, "23514");
  assertEquals(
    must(await db.from("session_participants").select().eq("session_id", id)),
    [],
  );
});

Deno.test("types of sessions and their roles are the admins'", async () => {
  const { coach, client, type } = await givenSession();
  const free = await givenType();
  for (const { client: caller } of [coach, client]) {
    for (const table of ["session_types", "session_type_roles"] as const) {
      const deletion = caller.from(table).delete().neq("id", type.id);
      assertEquals(must(await deletion.select()), []);
      const update = caller.from(table).update({ description: "Mine" })
        .neq("id", type.id);
      assertEquals(must(await update.select()), []);
    }
    assertRefused(
      await caller.from("session_types").insert({ name: unique("mine") }),
      "a type",
    );
    assertRefused(
      await caller.from("session_type_roles").insert({
        session_type_id: type.id,
        role_name: "Host",
      }),
      "a role",
    );
  }
  const { client: admin } = await createPerson({ role: "admin" });
  const made = must(
    await admin.from("session_type_roles").insert({
      session_type_id: free.id,
      role_name: "Scribe",
      description: null,
      max_per_session: 1,
      is_required: false,
      order_index: 0,
    }).select("id").single(),
  );
  must(
    await admin.from("session_type_roles").update({
      session_type_id: free.id,
      role_name: "Scribe of the day",
    }).eq("id", made.id).select().single(),
  );
  must(
    await admin.from("session_types").delete().eq("id", free.id).select()
      .single(),
  );
});
