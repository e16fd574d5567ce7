// drift-ignore-file not-granted: the refusals are what is tested
import { assertEquals, assertMatch } from "@std/assert";
import { givenGroup } from "../support/group_rows.ts";
import { createPerson, type Person } from "../support/people.ts";
import { type Insert, must } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import { assertInvalid, assertRefused } from "./refused.ts";

const db = secretClient();
const HOUR = 3_600_000;

const sessions = ({ client }: Person) => client.from("group_sessions");
const participants = ({ client }: Person) =>
  client.from("group_session_participants");

/** A peer group with its leader, two members and one who has left, and somebody of another group. */
async function givenGroups() {
  const [leader, member, other, former, stranger] = [
    await createPerson({ role: "client" }),
    await createPerson({ role: "client" }),
    await createPerson({ role: "client" }),
    await createPerson({ role: "client" }),
    await createPerson({ role: "client" }),
  ];
  const group = await givenGroup({
    members: [leader, member, other, { ...former, status: "left" }],
  });
  return {
    leader,
    member,
    other,
    former,
    stranger,
    group,
    elsewhere: await givenGroup({ members: [stranger] }),
  };
}

/** A session as the group's page adds it. */
function session(
  { group, by, hours = 24 }: {
    group: { id: string };
    by: Person;
    hours?: number;
  },
) {
  return {
    group_id: group.id,
    title: "Peer Session",
    description: "What went well",
    session_date: new Date(Date.now() + hours * HOUR).toISOString(),
    duration_minutes: 60,
    location: "https://meet.google.com/abc-defg-hij",
    booked_by: by.id,
    status: "scheduled",
    is_recurring: false,
    recurrence_pattern: null,
    recurrence_end_date: null,
    timezone: "Europe/Bucharest",
  } satisfies Insert<"group_sessions">;
}

async function added(by: Person, group: { id: string }) {
  const answer = await sessions(by).insert(session({ group, by }))
    .select("id").single();
  return must(answer);
}

async function sessionOf({ id }: { id: string }) {
  return must(await db.from("group_sessions").select().eq("id", id).single());
}

Deno.test("a member adds a session and its series, edits what is the member's own, and deletes nothing", async () => {
  const { member, group } = await givenGroups();
  const { id } = await added(member, group);
  const children = [48, 72].map((hours) => ({
    ...session({ group, by: member, hours }),
    parent_session_id: id,
  }));
  const made = await sessions(member).insert(children).select("id");
  assertEquals(must(made).length, 2);
  const changed = await sessions(member).update({
    title: "Later",
    description: null,
    duration_minutes: 90,
    location: "Room 2.04",
    session_date: new Date(Date.now() + 30 * HOUR).toISOString(),
  }).or(`id.eq.${id},parent_session_id.eq.${id}`).select("title");
  assertEquals(must(changed).map(({ title }) => title), Array(3).fill("Later"));
  assertEquals(
    must(await sessions(member).delete().eq("id", id).select()),
    [],
  );
});

Deno.test("a member touches no session that somebody else booked, and nobody its status, group or booker", async () => {
  const { leader, member, other, former, stranger, group, elsewhere } =
    await givenGroups();
  const own = await added(member, group);
  const theirs = await added(leader, group);
  const before = await sessionOf(theirs);
  for (const person of [member, other, former, stranger]) {
    for (
      const values of [
        { title: "Mine" },
        { location: "Room 1" },
        { session_date: new Date().toISOString() },
      ]
    ) {
      const update = sessions(person).update(values).eq("id", theirs.id);
      assertEquals(must(await update.select()), [], JSON.stringify(values));
    }
    const deletion = sessions(person).delete().eq("id", theirs.id);
    assertEquals(must(await deletion.select()), []);
  }
  assertEquals(await sessionOf(theirs), before);
  for (
    const values of [
      { status: "cancelled" },
      { status: "completed" },
      { booked_by: other.id },
      { group_id: elsewhere.id },
      { meeting_link: "https://meet.google.com/abc-defg-hij" },
      { calcom_booking_uid: "somebody-elses" },
      { calendly_event_uri: "x" },
      { booking_source: "calcom" },
      { calendar_sequence: 9 },
      { start_time: new Date().toISOString() },
      { created_at: "2020-01-01T00:00:00Z" },
    ]
  ) {
    for (const [person, { id }] of [[member, own], [leader, theirs]] as const) {
      assertRefused(
        await sessions(person).update(values).eq("id", id),
        JSON.stringify(values),
      );
    }
  }
});

Deno.test("a leader edits and deletes every session of the group, and none of another", async () => {
  const { leader, member, stranger, group, elsewhere } = await givenGroups();
  const own = await added(member, group);
  const theirs = await added(stranger, elsewhere);
  const edit = (id: string) =>
    sessions(leader).update({ title: "Led" }).eq("id", id).select();
  assertEquals(must(await edit(own.id)).length, 1);
  assertEquals(must(await edit(theirs.id)), []);
  const remove = (id: string) => sessions(leader).delete().eq("id", id);
  assertEquals(must(await remove(theirs.id).select()), []);
  assertEquals(must(await remove(own.id).select()).length, 1);
});

Deno.test("nobody adds a session in another's name, to another's group, or as the server does", async () => {
  const { leader, member, former, stranger, group, elsewhere } =
    await givenGroups();
  const values = session({ group, by: member });
  const theirs = await added(stranger, elsewhere);
  const led = await added(leader, group);
  const forbidden: Record<string, Insert<"group_sessions">> = {
    "booked by the leader": { booked_by: leader.id },
    "booked by nobody": { booked_by: null },
    "to another group": { group_id: elsewhere.id },
    "of another group's series": { parent_session_id: theirs.id },
    "of another's series": { parent_session_id: led.id },
    "requested": { status: "requested" },
    "completed": { status: "completed" },
    "with a link of its own": {
      meeting_link: "https://meet.google.com/abc-defg-hij",
    },
    "as Cal.com": { calcom_booking_uid: "somebody-elses" },
    "earlier": { created_at: "2020-01-01T00:00:00Z" },
  };
  for (const [about, change] of Object.entries(forbidden)) {
    assertRefused(
      await sessions(member).insert({ ...values, ...change }),
      about,
    );
  }
  for (const person of [former, stranger]) {
    assertRefused(
      await sessions(person).insert({ ...values, booked_by: person.id }),
      "no member",
    );
  }
  must(
    await db.from("groups").update({ status: "archived" }).eq("id", group.id)
      .select(),
  );
  assertRefused(await sessions(member).insert(values), "a group that ended");
});

Deno.test("a link in a session's place leads to a meeting service", async () => {
  const { member, group } = await givenGroups();
  const values = session({ group, by: member });
  for (
    const location of [
      "https://evil.example/zoom",
      "https://zoom.us@evil.example/",
      "Here: evil.example/zoom.us",
    ]
  ) {
    assertMatch(
      assertInvalid(
        await sessions(member).insert({ ...values, location }),
        location,
      ),
      /the link in "location"/,
    );
  }
});

Deno.test("a year of weekly sessions can be added, 61 in a day cannot, and 2,000 at once least of all", async () => {
  const { member, group } = await givenGroups();
  const series = (count: number) =>
    Array.from(
      { length: count },
      (_, week) => session({ group, by: member, hours: 168 * (week + 1) }),
    );
  assertMatch(
    assertInvalid(await sessions(member).insert(series(2_000)), "2,000"),
    /60 sessions a day/,
  );
  assertEquals((await sessions(member).insert(series(53))).error, null);
  assertInvalid(await sessions(member).insert(series(8)), "61 in a day");
  must(
    await db.from("group_sessions").update({
      created_at: "2026-01-01T00:00:00Z",
    }).eq("group_id", group.id).select("id"),
  );
  assertEquals((await sessions(member).insert(series(60))).error, null);
  must(
    await db.from("group_sessions").update({
      created_at: "2026-01-01T00:00:00Z",
    }).eq("group_id", group.id).select("id"),
  );
  assertInvalid(await sessions(member).insert(series(8)), "121 to come");
  assertEquals((await sessions(member).insert(series(7))).error, null);
});

Deno.test("who adds a session asks the active members of its group, and answers for nobody else", async () => {
  const { leader, member, other, former, stranger, group, elsewhere } =
    await givenGroups();
  const { id: session_id } = await added(member, group);
  const ask = (
    { id: user_id }: Person,
    values: Insert<"group_session_participants"> = {},
  ) => ({ session_id, group_id: group.id, user_id, ...values });
  for (
    const [about, by, row] of [
      ["one who has left", member, ask(former)],
      ["a stranger", member, ask(stranger)],
      ["an answer of another", member, {
        ...ask(other, { response_status: "accepted" }),
      }],
      ["in another group", member, ask(other, { group_id: elsewhere.id })],
      ["oneself, by another member", other, ask(other)],
      ["a member, by another member", other, ask(leader)],
      ["oneself, by a stranger", stranger, ask(stranger)],
      [
        "oneself, as of the own group",
        stranger,
        ask(stranger, { group_id: elsewhere.id }),
      ],
    ] as const
  ) {
    assertRefused(await participants(by).insert(row), about);
  }
  // as the page does it, twice
  const rows = [
    ask(member, {
      response_status: "accepted",
      responded_at: new Date().toISOString(),
    }),
    ...[leader, other].map((person) =>
      ask(person, { response_status: "pending" })
    ),
  ].map((row) => ({ responded_at: null, ...row }));
  for (let time = 0; time < 2; time++) {
    const { error } = await participants(member).upsert(rows, {
      onConflict: "session_id,user_id",
      ignoreDuplicates: true,
    });
    assertEquals(error, null);
  }
  const asked = await db.from("group_session_participants").select("user_id")
    .eq("session_id", session_id);
  assertEquals(must(asked).length, 3);
});

Deno.test("everybody answers for oneself only, and with an answer only", async () => {
  const { member, other, group } = await givenGroups();
  const { id: session_id } = await added(member, group);
  must(
    await participants(member).insert({
      session_id,
      group_id: group.id,
      user_id: other.id,
      response_status: "pending",
    }).select(),
  );
  const answer = {
    response_status: "accepted",
    responded_at: new Date().toISOString(),
  };
  const update = (person: Person) =>
    participants(person).update(answer).eq("session_id", session_id)
      .eq("user_id", other.id).select();
  assertEquals(must(await update(member)), []);
  assertEquals(must(await update(other)).length, 1);
  for (
    const values of [{ user_id: member.id }, {
      session_id: crypto.randomUUID(),
    }]
  ) {
    assertRefused(
      await participants(other).update(values).eq("user_id", other.id),
      JSON.stringify(values),
    );
  }
  assertInvalid(
    await participants(other).update({ responded_at: "infinity" })
      .eq("user_id", other.id),
    "for ever",
  );
});

Deno.test("an admin adds to any group, cancels, and deletes", async () => {
  const { group } = await givenGroups();
  const admin = await createPerson({ role: "admin" });
  const { id } = await added(admin, group);
  const cancelled = await sessions(admin).update({ status: "cancelled" })
    .eq("id", id).select();
  assertEquals(must(cancelled).length, 1);
  assertEquals(
    must(await sessions(admin).delete().in("id", [id]).select()).length,
    1,
  );
});
