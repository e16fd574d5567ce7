// drift-ignore-file not-granted: the refusals are what is tested
import { assertEquals, assertMatch } from "@std/assert";
import { createPerson, type Person } from "../support/people.ts";
import { type Insert, must, unique } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import { assertInvalid, assertRefused } from "./refused.ts";

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

/** A coach's open session, with a client of that coach and somebody else. */
async function givenOpenSession(values: Insert<"sessions"> = {}) {
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
    await sessions(coach).insert({
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

async function statusOf(session_id: string, { id }: Person) {
  const rows = must(
    await db.from("session_participants").select("status")
      .eq("session_id", session_id).eq("user_id", id),
  );
  return rows[0]?.status;
}

const open = async (person: Person, id: string) =>
  must(await person.client.rpc("open_sessions")).filter((it) => it.id === id);

Deno.test("link and notes of a session are for those who are registered; the others see that it is on", async () => {
  const { other, id } = await givenOpenSession({ max_participants: 3 });
  assertEquals(must(await sessions(other).select("*").eq("id", id)), []);
  const [shown] = await open(other, id);
  assertEquals([shown?.title, shown?.places_left], ["Open hour", 3]);
  assertEquals(Object.keys(shown ?? {}).sort(), [
    "description",
    "duration_minutes",
    "id",
    "places_left",
    "registration_deadline",
    "session_date",
    "session_type_id",
    "title",
  ]);
  must(
    await places(other).insert({
      session_id: id,
      user_id: other.id,
      status: "registered",
    }).select(),
  );
  const seen = must(await sessions(other).select("meeting_url").eq("id", id));
  assertEquals(seen, [{ meeting_url: "https://zoom.us/j/1" }]);
  must(
    await places(other).update({ status: "cancelled" })
      .eq("session_id", id).eq("user_id", other.id).select(),
  );
  assertEquals(must(await sessions(other).select("*").eq("id", id)), []);
});

Deno.test("nobody registers for a session that was held, to read its link and notes", async () => {
  const { other, id } = await givenOpenSession({
    session_date: "2026-01-05T10:00:00Z",
  });
  assertRefused(
    await places(other).insert({ session_id: id, user_id: other.id }),
    "held",
  );
  assertEquals(must(await sessions(other).select("*").eq("id", id)), []);
});

Deno.test("who is invited sees the link after registering, not before", async () => {
  const { coach, client, id } = await givenOpenSession({
    allow_self_registration: false,
  });
  must(
    await places(coach).insert({
      session_id: id,
      user_id: client.id,
      status: "invited",
    }).select(),
  );
  assertEquals(must(await sessions(client).select("*").eq("id", id)), []);
  assertEquals((await open(client, id)).length, 1);
  must(
    await places(client).update({ status: "confirmed" })
      .eq("session_id", id).eq("user_id", client.id).select(),
  );
  assertEquals(
    must(await sessions(client).select("id").eq("id", id)).length,
    1,
  );
});

Deno.test("nobody attests the own attendance, takes a role, or comes back when registration is over", async () => {
  const { coach, client, other, type, id } = await givenOpenSession();
  const role = must(
    await db.from("session_type_roles").insert({
      session_type_id: type.id,
      role_name: "Host",
    }).select("id").single(),
  );
  const own = { session_id: id, user_id: other.id, status: "registered" };
  for (
    const values of [
      { status: "attended" },
      { status: "confirmed" },
      { status: "invited" },
      { role_id: role.id },
      { custom_role: "Host" },
      { notes: "Came" },
      { user_id: client.id },
      { attended_at: SOON },
    ]
  ) {
    const row: Insert<"session_participants"> = { ...own, ...values };
    assertRefused(
      await places(other).insert({ ...own, ...row }),
      JSON.stringify(values),
    );
  }
  must(await places(other).insert(own).select());
  const change = (person: Person, values: Insert<"session_participants">) =>
    places(person).update(values).eq("session_id", id)
      .eq("user_id", other.id).select();
  for (
    const values of [
      { status: "attended" },
      { status: "no_show" },
      { attended_at: SOON },
      { role_id: role.id },
      { custom_role: "Host" },
      { notes: "Came" },
      { user_id: client.id },
      { session_id: crypto.randomUUID() },
    ]
  ) {
    assertRefused(await change(other, values), JSON.stringify(values));
  }
  must(await change(coach, { status: "no_show" }));
  for (const status of ["attended", "registered", "cancelled"]) {
    assertRefused(await change(other, { status }), status);
  }
  const deletion = places(other).delete().eq("user_id", other.id);
  assertEquals(must(await deletion.select()), []);
  must(await change(coach, { status: "cancelled" }));
  must(
    await sessions(coach).update({ allow_self_registration: false })
      .eq("id", id).select(),
  );
  assertRefused(await change(other, { status: "registered" }), "closed");
});

Deno.test("a session takes as many as it has places for, by whatever way", async () => {
  const { coach, client, other, id } = await givenOpenSession({
    max_participants: 1,
  });
  const row = ({ id: user_id }: Person, status: string) => ({
    session_id: id,
    user_id,
    status,
  });
  must(await places(other).insert(row(other, "registered")).select());
  assertMatch(
    assertInvalid(await places(client).insert(row(client, "registered")), "2"),
    /full/,
  );
  assertEquals((await open(client, id))[0]?.places_left, 0);
  must(await places(coach).insert(row(client, "invited")).select());
  const confirm = () =>
    places(client).update({ status: "confirmed" }).eq("session_id", id)
      .eq("user_id", client.id).select();
  assertInvalid(await confirm(), "an invitation to a full session");
  must(
    await places(other).update({ status: "cancelled" }).eq("session_id", id)
      .eq("user_id", other.id).select(),
  );
  assertEquals(must(await confirm()).length, 1);
  const { error } = await db.from("session_participants").insert([
    row(coach, "registered"),
  ]);
  assertEquals(error?.code, "23514");
});

Deno.test("the type's number of places counts where the session has none, for several at once too", async () => {
  const { coach, client, other, type, id } = await givenOpenSession();
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
  assertEquals(await statusOf(id, client), undefined);
});

Deno.test("a coach of one participant neither reads, changes nor deletes the session; its creator does", async () => {
  const { coach, client, id } = await givenOpenSession();
  must(
    await places(client).insert({
      session_id: id,
      user_id: client.id,
      status: "registered",
    }).select(),
  );
  const second = await createPerson({ role: "coach" });
  must(
    await db.from("client_coaches").insert({
      coach_id: second.id,
      client_id: client.id,
    }).select(),
  );
  assertEquals(must(await sessions(second).select().eq("id", id)), []);
  for (const person of [second, client]) {
    const retitle = sessions(person).update({ title: "Mine" }).eq("id", id);
    assertEquals(must(await retitle.select()), []);
    const deletion = sessions(person).delete().eq("id", id);
    assertEquals(must(await deletion.select()), []);
    const attend = places(person).update({ status: "attended" })
      .eq("session_id", id).eq("user_id", client.id);
    const { data, error } = await attend.select();
    assertEquals(error?.code ?? data?.length, person === client ? "42501" : 0);
  }
  assertEquals(
    must(await places(second).select().eq("session_id", id)),
    [],
  );
  assertRefused(
    await places(coach).insert({
      session_id: id,
      user_id: second.id,
      status: "registered",
    }),
    "somebody who is no client of the coach",
  );
  must(
    await places(coach).update({ status: "attended", attended_at: SOON })
      .eq("session_id", id).eq("user_id", client.id).select().single(),
  );
  assertEquals(
    must(await sessions(coach).delete().eq("id", id).select()).length,
    1,
  );
});

Deno.test("a host, whose role the creator gives, runs the session, and does not attest the own attendance", async () => {
  const { coach, client, type, id } = await givenOpenSession();
  const role = must(
    await db.from("session_type_roles").insert({
      session_type_id: type.id,
      role_name: "Co-Host",
    }).select("id").single(),
  );
  must(
    await places(coach).insert({
      session_id: id,
      user_id: client.id,
      status: "confirmed",
      role_id: role.id,
    }).select(),
  );
  const retitle = sessions(client).update({ title: "Hosted" }).eq("id", id);
  assertEquals(must(await retitle.select()).length, 1);
  assertRefused(
    await places(client).update({ status: "attended" })
      .eq("session_id", id).eq("user_id", client.id),
    "the own attendance",
  );
  assertEquals(
    must(await sessions(client).delete().eq("id", id).select()),
    [],
  );
});

Deno.test("a session is made by staff, in their own name, and with a link that is allowed", async () => {
  const { coach, client, type } = await givenOpenSession();
  const values = { session_type_id: type.id, title: "Hour" };
  assertRefused(
    await sessions(client).insert({ ...values, created_by: client.id }),
    "a client",
  );
  for (const created_by of [client.id, null]) {
    assertRefused(
      await sessions(coach).insert({ ...values, created_by }),
      "in another's name",
    );
  }
  assertInvalid(
    await sessions(coach).insert({
      ...values,
      created_by: coach.id,
      meeting_url: "https://evil.example",
    }),
    "a link",
  );
});

Deno.test("types of sessions and their roles are the admins'", async () => {
  const { coach, client, type } = await givenOpenSession();
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
