import { assert, assertEquals } from "@std/assert";
import type { TablesUpdate } from "../../../supabase/functions/_shared/database.types.ts";
import {
  calendarOf,
  dateOf,
  inDays,
  onlyEventOf,
} from "../../support/calendar.ts";
import { createPerson } from "../../support/people.ts";
import { givenGroup, givenGroupSession } from "../../support/group_rows.ts";
import {
  givenCoachingSession,
  givenCohort,
  givenCohortSession,
  givenEnrolment,
  givenModuleSession,
  must,
} from "../../support/rows.ts";
import { sample, secretClient } from "../../support/stack.ts";

const db = secretClient();

Deno.test("an event carries what the session says", async () => {
  const client = await createPerson();
  const coach = await createPerson({ name: "Carol" });
  const startsAt = inDays(5);
  const { id } = await givenCoachingSession({
    client,
    coach,
    startsAt,
    title: "Kick-off",
    duration_minutes: 45,
    description: "Bring questions; and, maybe, answers",
    location: "Room 1\nsecond floor",
    meeting_url: "https://meet.example.com/a?b=1,2;c=3",
  });
  const event = await onlyEventOf(client, "?alarm=15");
  assertEquals(event.uid, `module-session-${id}@innotruehub`);
  assertEquals(event.summary, "Kick-off with Carol");
  assertEquals(event.start, startsAt.toISOString());
  assertEquals(
    event.end,
    new Date(startsAt.getTime() + 45 * 60_000).toISOString(),
  );
  assertEquals(event.status, "CONFIRMED");
  assertEquals(event.location, "Room 1 second floor");
  assertEquals(event.url, "https://meet.example.com/a?b=1%2C2%3Bc=3");
  assert(event.description?.startsWith("Bring questions; and, maybe, answers"));
  assertEquals(event.alarms, ["-PT15M"]);
  assertEquals(event.sequence, 0);
});

Deno.test("SEQUENCE rises with time, place and status, and with nothing else", async () => {
  const client = await createPerson();
  const { id } = await givenCoachingSession({ client, startsAt: inDays(5) });
  const change = async (values: TablesUpdate<"module_sessions">) => {
    must(
      await db.from("module_sessions").update(values).eq("id", id).select(),
    );
    return (await onlyEventOf(client)).sequence;
  };
  assertEquals(await change({ title: "Another title" }), 0);
  assertEquals(await change({ notes: "note", description: "words" }), 0);
  assertEquals(await change({ session_date: inDays(6).toISOString() }), 1);
  assertEquals(await change({ location: "Room 2" }), 2);
  assertEquals(await change({ meeting_url: "https://meet.example.com" }), 3);
  assertEquals(await change({ duration_minutes: 90 }), 4);
  assertEquals(await change({ status: "confirmed" }), 5);
  assertEquals(await change({ status: "confirmed" }), 5);
  assertEquals(await change({ calendar_sequence: 0 }), 5);
});

Deno.test("a moved session keeps its UID, and LAST-MODIFIED moves", async () => {
  const client = await createPerson();
  const { id } = await givenCoachingSession({ client, startsAt: inDays(5) });
  const before = await onlyEventOf(client);
  must(
    await db.from("module_sessions").update({
      session_date: inDays(7).toISOString(),
    }).eq("id", id).select(),
  );
  const after = await onlyEventOf(client);
  assertEquals(after.uid, before.uid);
  assertEquals(after.start, inDays(7).toISOString());
  assert((after.modified ?? "") >= (before.modified ?? "z"));
  assertEquals(after.stamp, after.modified);
});

Deno.test("every status becomes what calendars know, and drafts stay hidden", async () => {
  const client = await createPerson();
  const statuses = {
    draft: null,
    requested: "TENTATIVE",
    scheduled: "CONFIRMED",
    confirmed: "CONFIRMED",
    in_progress: "CONFIRMED",
    completed: "CONFIRMED",
    rescheduled: "CONFIRMED",
    cancelled: "CANCELLED",
  };
  for (const status of Object.keys(statuses)) {
    await givenCoachingSession({
      client,
      startsAt: inDays(2),
      title: status,
      status,
    });
  }
  const { events } = await calendarOf(client);
  assertEquals(
    Object.fromEntries(events.map(({ summary, status }) => [summary, status])),
    Object.fromEntries(
      Object.entries(statuses).filter(([, status]) => status !== null),
    ),
  );
});

Deno.test("a session the client rejected is gone for the client and tentative for the host", async () => {
  const [client, coach] = await Promise.all([createPerson(), createPerson()]);
  await givenCoachingSession({
    client,
    coach,
    startsAt: inDays(2),
    client_response: "rejected",
  });
  assertEquals((await calendarOf(client)).events, []);
  assertEquals((await onlyEventOf(coach)).status, "TENTATIVE");
});

Deno.test("a cancelled session stays for 30 days as CANCELLED", async () => {
  const client = await createPerson();
  const { id } = await givenCoachingSession({
    client,
    startsAt: inDays(90),
  });
  must(
    await db.from("module_sessions").update({ status: "cancelled" })
      .eq("id", id).select(),
  );
  assertEquals((await onlyEventOf(client)).status, "CANCELLED");
  assertEquals((await onlyEventOf(client)).sequence, 1);

  const feedAt = async (now: Date) =>
    must(
      await db.rpc("calendar_feed", {
        p_user_id: client.id,
        p_version: 1,
        p_now: now.toISOString(),
      }),
    ).events;
  assertEquals(countOf(await feedAt(inDays(29))), 1);
  assertEquals(countOf(await feedAt(inDays(31))), 0);
});

Deno.test("the feed reaches from 30 days back to 18 months ahead", async () => {
  const client = await createPerson();
  for (const days of [-31, -29, 0, 530, 560]) {
    await givenCoachingSession({
      client,
      startsAt: inDays(days, -1),
      title: String(days),
    });
  }
  const { events } = await calendarOf(client);
  assertEquals(events.map(({ summary }) => summary), ["-29", "0", "530"]);
});

Deno.test("?only chooses by the part the user has in a session", async () => {
  const person = await createPerson();
  await givenCoachingSession({
    client: person,
    startsAt: inDays(1),
    title: "coaching",
  });
  await givenCoachingSession({
    client: await createPerson({ name: "Bo" }),
    coach: person,
    startsAt: inDays(2),
    title: "hosting",
  });
  await givenModuleSession({
    startsAt: inDays(3),
    participants: [person],
    title: "workshop",
  });
  await givenGroupSession({
    group: await givenGroup({ members: [person] }),
    startsAt: inDays(4),
    title: "circle",
  });
  const cohort = await givenCohort();
  await givenEnrolment({ client: person, cohort });
  await givenCohortSession({
    cohort,
    date: dateOf(inDays(5)),
    from: "10:00",
    title: "call",
  });

  const titles = async (query: string) =>
    (await calendarOf(person, query)).events
      .map(({ summary }) => summary.split(" ")[0]);
  assertEquals(await titles(""), [
    "coaching",
    "hosting",
    "workshop",
    "circle",
    "call",
  ]);
  assertEquals(await titles("?only=coaching"), ["coaching"]);
  assertEquals(await titles("?only=group"), ["workshop", "circle"]);
  assertEquals(await titles("?only=cohort"), ["call"]);
  assertEquals(await titles("?only=hosting"), ["hosting"]);
  assertEquals(await titles("?only=cohort,coaching"), ["coaching", "call"]);
});

Deno.test("one session is one event, however many ways lead to it", async () => {
  const person = await createPerson();
  const { id } = await givenCoachingSession({
    client: person,
    coach: person,
    startsAt: inDays(1),
  });
  must(
    await db.from("module_session_participants").insert({
      session_id: id,
      user_id: person.id,
      response_status: "accepted",
    }).select(),
  );
  const cohort = await givenCohort({ lead: person });
  await givenEnrolment({ client: person, cohort });
  await givenCohortSession({
    cohort,
    date: dateOf(inDays(2)),
    from: "10:00",
    instructor: person,
  });
  assertEquals((await calendarOf(person)).events.length, 2);
});

Deno.test("a cohort that is cancelled cancels its events, with a higher SEQUENCE", async () => {
  const lead = await createPerson();
  const cohort = await givenCohort({ lead });
  await givenCohortSession({ cohort, date: dateOf(inDays(9)), from: "10:00" });
  assertEquals((await onlyEventOf(lead)).status, "CONFIRMED");
  must(
    await db.from("program_cohorts").update({ status: "cancelled" })
      .eq("id", cohort.id).select(),
  );
  const { status, sequence } = await onlyEventOf(lead);
  assertEquals({ status, sequence }, { status: "CANCELLED", sequence: 1 });
});

Deno.test("a peer-group session made by Cal.com, its date cut to the day, stands at its start time", async () => {
  const person = await createPerson();
  const start = inDays(3);
  const end = new Date(start.getTime() + 75 * 60_000);
  await givenGroupSession({
    group: await givenGroup({ members: [person] }),
    startsAt: new Date(`${dateOf(start)}T00:00:00Z`),
    start_time: start.toISOString(),
    end_time: end.toISOString(),
  });
  const event = await onlyEventOf(person);
  assertEquals(event.start, start.toISOString());
  assertEquals(event.end, end.toISOString());
});

const MANY = sample(1_100, 5_000); // PostgREST cuts off at 1,000

Deno.test(`a user with ${MANY} sessions gets all of them`, async () => {
  const coach = await createPerson();
  const { moduleId, programId } = await givenModuleSession({
    host: coach,
    startsAt: inDays(1),
  });
  const rows = Array.from({ length: MANY - 1 }, (_, index) => ({
    module_id: moduleId,
    program_id: programId,
    instructor_id: coach.id,
    session_type: "group",
    title: `Session ${index}`,
    session_date: inDays(-20).toISOString(), // past: nobody is told
  }));
  const { error } = await db.from("module_sessions").insert(rows);
  if (error) throw error;
  assertEquals((await calendarOf(coach)).events.length, MANY);
});

function countOf(events: unknown): number {
  if (!Array.isArray(events)) throw new TypeError("no events");
  return events.length;
}
