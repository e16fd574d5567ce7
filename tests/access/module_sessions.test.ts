// drift-ignore-file not-granted: the refusals are what is tested
import { assertEquals } from "@std/assert";
import type { Database } from "../../supabase/functions/_shared/database.types.ts";
import { createPerson, type Person } from "../support/people.ts";
import { assertInvalid, assertRefused } from "./refused.ts";
import {
  givenCoachingSession,
  givenEnrolment,
  givenModule,
  givenProgramCoach,
  must,
} from "../support/rows.ts";
import { anonClient, secretClient } from "../support/stack.ts";

type Session = Database["public"]["Tables"]["module_sessions"];

const db = secretClient();
const SOON = new Date("2099-01-05T10:00:00Z");
const LATER = "2099-02-05T10:00:00+00:00";

/** A client's 1:1 session in a programme with a coach, hosted by somebody else. */
async function givenCoaching() {
  const [client, coach, host] = [
    await createPerson({ role: "client" }),
    await createPerson({ role: "coach" }),
    await createPerson({ role: "instructor" }),
  ];
  const enrolment = await givenEnrolment({ client });
  const program = { id: enrolment.programId };
  await givenProgramCoach({ program, coach });
  const session = await givenCoachingSession({
    client,
    coach: host,
    startsAt: SOON,
    enrolment,
  });
  const freeModule = await givenModule({ program });
  return { client, coach, host, enrolment, program, session, freeModule };
}

const table = ({ client }: Person) => client.from("module_sessions");

async function sessionOf({ id }: { id: string }) {
  return must(await db.from("module_sessions").select().eq("id", id).single());
}

/** Tries to change a session: refused, or of no effect. */
async function assertUnchanged(
  person: Person,
  session: { id: string },
  values: Session["Update"],
): Promise<void> {
  const about = JSON.stringify(values);
  const { data, error } = await table(person).update(values)
    .eq("id", session.id).select();
  if (error) assertEquals(error.code, "42501", about);
  else assertEquals(data, [], about);
}

/** Changes a session and expects what was asked for, and the updated row to be visible. */
async function assertMay(
  person: Person,
  session: { id: string },
  values: Session["Update"],
): Promise<void> {
  const before = await sessionOf(session);
  const after = must(
    await table(person).update(values).eq("id", session.id).select().single(),
  );
  const { updated_at, calendar_sequence, calendar_changed_at } = after;
  assertEquals(after, {
    ...before,
    ...values,
    updated_at,
    calendar_sequence,
    calendar_changed_at,
  });
}

Deno.test("a client changes nothing of a session, each column alone", async () => {
  const { client, coach, session, program, freeModule } = await givenCoaching();
  const elsewhere = await givenEnrolment({ client });
  const before = await sessionOf(session);
  const forbidden: Session["Update"][] = [
    { session_date: LATER },
    { duration_minutes: 240 },
    { timezone: "Asia/Tokyo" },
    { location: "Beach" },
    { meeting_url: "https://evil.example" },
    { title: "Mine" },
    { description: "Mine" },
    { notes: "Mine" },
    { client_response: "rejected" },
    { request_message: "Could we meet later?" },
    { request_notes: "After work" },
    { preferred_date: LATER },
    { status: "cancelled" },
    { booking_source: "calcom" },
    { instructor_id: client.id },
    { instructor_id: coach.id },
    { instructor_id: null },
    { booked_by: client.id },
    { requested_by: client.id },
    { enrollment_id: elsewhere.id },
    { module_id: freeModule.id },
    { program_id: program.id },
    { session_type: "group", program_id: program.id },
    { status: "completed" },
    { status: "confirmed" },
    { status: "requested" },
    { source: "client_external" },
    { calcom_booking_id: "1" },
    { calcom_booking_uid: "somebody-elses" },
    { calendar_sequence: 99 },
    { created_at: "2020-01-01T00:00:00Z" },
  ];
  for (const values of forbidden) {
    await assertUnchanged(client, session, values);
  }
  const { id, module_id, enrollment_id } = before;
  assertRefused(
    await table(client).upsert({
      id,
      module_id,
      enrollment_id,
      requested_by: client.id,
      status: "requested",
      title: "Mine",
    }),
    "an upsert that looks like an insert",
  );
  const deletion = await table(client).delete().eq("id", id).select();
  assertEquals(must(deletion), []);
  assertEquals(await sessionOf(session), before);
});

/** An outside booking as the web app notes it down. */
function booking(
  { client, enrolment, freeModule }: Awaited<ReturnType<typeof givenCoaching>>,
) {
  return {
    module_id: freeModule.id,
    enrollment_id: enrolment.id,
    title: "Coaching",
    duration_minutes: 60,
    session_type: "individual",
    status: "scheduled",
    source: "client_external",
    requested_by: client.id,
    requested_at: "2026-03-01T10:00:00+00:00",
    request_notes: "Booked by phone",
    session_date: LATER,
    meeting_url: "https://us02web.zoom.us/j/123456789?pwd=abc",
    client_response: "accepted",
    timezone: "Europe/Bucharest",
  } satisfies Session["Insert"];
}

/** A session as staff's form sends it. */
function schedule(
  { enrolment, freeModule }: Awaited<ReturnType<typeof givenCoaching>>,
  host: Person,
) {
  return {
    module_id: freeModule.id,
    session_type: "individual",
    enrollment_id: enrolment.id,
    program_id: null,
    title: "Coaching",
    description: "Bring your notes",
    session_date: LATER,
    duration_minutes: 60,
    location: "Room 2.04, 3rd floor",
    meeting_url: "https://meet.google.com/abc-defg-hij",
    status: "scheduled",
    instructor_id: host.id,
    notes: "Ask about the goal",
    is_recurring: false,
    timezone: "Europe/Bucharest",
  } satisfies Session["Insert"];
}

Deno.test("a client may note down an outside booking of an own enrolment, and nobody is told", async () => {
  const coaching = await givenCoaching();
  const values = booking(coaching);
  const row = must(
    await table(coaching.client).insert(values).select().single(),
  );
  assertEquals({ ...row, ...values }, row);
  const mails = await db.from("email_queue").select("id")
    .eq("actor_id", coaching.client.id);
  assertEquals(must(mails), []);
});

Deno.test("a client inserts nothing else: no host, no other status, not for others, not elsewhere", async () => {
  const own = await givenCoaching();
  const other = await givenCoaching();
  const theirs = booking(other);
  const values = booking(own);
  const forbidden: Record<string, Session["Insert"]> = {
    "another's enrolment": { ...theirs, requested_by: own.client.id },
    "in another's name": { ...values, requested_by: other.client.id },
    "in nobody's name": { ...values, requested_by: null },
    "as the host": { ...values, instructor_id: own.client.id },
    "with a coach of the programme as the host": {
      ...values,
      instructor_id: own.coach.id,
    },
    "with a stranger as the host": {
      ...values,
      instructor_id: other.client.id,
    },
    "booked by somebody": { ...values, booked_by: other.client.id },
    "a request": { ...values, status: "requested", source: "client_request" },
    "confirmed": { ...values, status: "confirmed" },
    "completed": { ...values, status: "completed" },
    "without an answer": { ...values, client_response: null },
    "without a date": { ...values, session_date: null },
    "with notes": { ...values, notes: "Mine" },
    "with a description": { ...values, description: "Mine" },
    "with a place": { ...values, location: "Beach" },
    "of a series": { ...values, parent_session_id: own.session.id },
    "recurring": { ...values, is_recurring: true },
    "as Cal.com": { ...values, calcom_booking_uid: "somebody-elses" },
    "of Cal.com": { ...values, booking_source: "calcom" },
    "earlier": { ...values, created_at: "2020-01-01T00:00:00Z" },
    "with a sequence": { ...values, calendar_sequence: 99 },
    "a module of another programme": {
      ...values,
      module_id: theirs.module_id,
    },
    "another programme": { ...values, program_id: other.program.id },
    "a group, without an enrolment": {
      ...values,
      session_type: "group",
      program_id: own.program.id,
      enrollment_id: null,
    },
    "what staff would schedule": schedule(own, own.client),
  };
  for (const [about, row] of Object.entries(forbidden)) {
    assertRefused(await table(own.client).insert(row), about);
  }
  const made = await db.from("module_sessions").select("id")
    .in("module_id", [own.freeModule.id, other.freeModule.id]);
  assertEquals(must(made), []);
});

Deno.test("a coach of the programme may read, move, retitle, take over, complete, make and delete its sessions", async () => {
  const coaching = await givenCoaching();
  const { coach, session, freeModule } = coaching;
  await assertMay(coach, session, {
    title: "First talk",
    session_date: LATER,
    instructor_id: coach.id,
    notes: "Went well",
  });
  await assertMay(coach, session, { status: "completed" });
  assertRefused(
    await table(coach).update({ module_id: freeModule.id }).eq(
      "id",
      session.id,
    ),
    "another module",
  );
  const parent = must(
    await table(coach).insert({
      ...schedule(coaching, coach),
      module_id: session.moduleId,
      is_recurring: true,
      recurrence_pattern: "weekly",
      recurrence_end_date: "2099-06-01",
      recurrence_count: 2,
    }).select("id").single(),
  );
  must(
    await table(coach).insert({
      ...schedule(coaching, coach),
      status: "completed",
      parent_session_id: parent.id,
    }).select(),
  );
  const deletion = await table(coach).delete()
    .eq("parent_session_id", parent.id).select("id");
  assertEquals(must(deletion).length, 1);
});

Deno.test("a coach makes nobody else the host, forges no booking of a client, and signs for nobody", async () => {
  const coaching = await givenCoaching();
  const other = await givenCoaching();
  const { coach, client, host, session } = coaching;
  const values = schedule(coaching, coach);
  const forbidden: Record<string, Session["Insert"]> = {
    "a client as the host": { ...values, instructor_id: client.id },
    "another coach as the host": { ...values, instructor_id: host.id },
    "a stranger as the host": { ...values, instructor_id: other.coach.id },
    "a client's booking": booking(coaching),
    "asked for by the client": { ...values, requested_by: client.id },
    "accepted by the client": { ...values, client_response: "accepted" },
    "booked by the client": { ...values, booked_by: client.id },
    "of another's series": { ...values, parent_session_id: other.session.id },
    "of another programme": schedule(other, coach),
    "another's enrolment": { ...values, enrollment_id: other.enrolment.id },
    "as Cal.com": { ...values, calcom_booking_uid: "somebody-elses" },
  };
  for (const [about, row] of Object.entries(forbidden)) {
    assertRefused(await table(coach).insert(row), about);
  }
  for (const instructor_id of [client.id, other.coach.id]) {
    for (const person of [coach, host]) {
      assertRefused(
        await table(person).update({ instructor_id }).eq("id", session.id),
        "a host",
      );
    }
  }
  for (
    const change of [
      { requested_by: client.id },
      { client_response: "accepted" },
      { source: "client_external" },
      { booked_by: coach.id },
      { calcom_booking_uid: "somebody-elses" },
      { calendar_sequence: 99 },
    ]
  ) {
    assertRefused(
      await table(coach).update(change).eq("id", session.id),
      JSON.stringify(change),
    );
  }
});

Deno.test("a link leads to a meeting service, and a time is one that a calendar can show", async () => {
  const coaching = await givenCoaching();
  const { host, session } = coaching;
  for (
    const values of [
      { meeting_url: "https://zoom.us.evil.example/j/1" },
      { meeting_url: "http://zoom.us/j/1" },
      { location: "Join at https://evil.example" },
      { session_date: "infinity" },
      { session_date: "1999-12-31T00:00:00Z" },
      { session_date: "2999-01-05T10:00:00Z" },
      { duration_minutes: 0 },
      { duration_minutes: 44_641 },
      { title: "x".repeat(301) },
      { notes: "x".repeat(5001) },
    ]
  ) {
    assertInvalid(
      await table(host).update(values).eq("id", session.id),
      JSON.stringify(values).slice(0, 80),
    );
  }
  assertInvalid(
    await table(coaching.client).insert({
      ...booking(coaching),
      meeting_url: "https://evil.example/zoom.us",
    }),
    "a client's link",
  );
});

Deno.test("neither a coach of the programme nor the host may carry a session into another programme", async () => {
  const { coach, host, session } = await givenCoaching();
  const other = await givenCoaching();
  const before = await sessionOf(session);
  for (const person of [coach, host]) {
    for (
      const values of [
        { module_id: other.freeModule.id },
        { enrollment_id: other.enrolment.id },
        { program_id: other.program.id },
        { module_id: other.freeModule.id, enrollment_id: other.enrolment.id },
      ]
    ) {
      assertRefused(
        await table(person).update(values).eq("id", session.id),
        JSON.stringify(values),
      );
    }
  }
  assertRefused(await table(coach).insert(schedule(other, coach)), "insert");
  assertEquals(await sessionOf(session), before);
  await assertMay(host, session, { title: "First talk", status: "completed" });
});

Deno.test("a stranger sees and changes nothing of a session", async () => {
  const { session } = await givenCoaching();
  const other = await givenCoaching();
  const before = await sessionOf(session);
  for (const stranger of [other.client, other.coach, other.host]) {
    const seen = await table(stranger).select().eq("id", session.id);
    assertEquals(must(seen), []);
    for (
      const values of [
        { title: "Mine" },
        { status: "cancelled" },
        { instructor_id: stranger.id },
      ]
    ) {
      const update = table(stranger).update(values).eq("id", session.id);
      assertEquals(must(await update.select()), []);
    }
    const deletion = await table(stranger).delete().eq("id", session.id);
    assertEquals(deletion.error, null);
  }
  const visitor = anonClient().from("module_sessions");
  for (
    const answer of [
      await visitor.select().eq("id", session.id),
      await visitor.update({ status: "cancelled" }).eq("id", session.id),
      await visitor.insert(booking(other)),
      await visitor.delete().eq("id", session.id),
    ]
  ) {
    assertEquals([answer.error?.code, answer.status], ["42501", 401]);
  }
  assertEquals(await sessionOf(session), before);
});
