import { assertEquals } from "@std/assert";
import type { Database } from "../../supabase/functions/_shared/database.types.ts";
import { createPerson, type Person } from "../support/people.ts";
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

function assertRefused(
  answer: { error: { code: string } | null; status: number },
  about: unknown,
): void {
  assertEquals([answer.error?.code, answer.status], ["42501", 403], `${about}`);
}

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

Deno.test("a client may answer a session of an own enrolment, say what is wished, and cancel it", async () => {
  const { client, session } = await givenCoaching();
  await assertMay(client, session, { client_response: "rejected" });
  await assertMay(client, session, {
    client_response: "accepted",
    request_message: "Could we meet later?",
    request_notes: "After work",
    preferred_date: LATER,
  });
  await assertMay(client, session, { status: "cancelled" });
});

Deno.test("a client may change nothing else of a session, each column alone", async () => {
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
    const about = JSON.stringify(values);
    const both = { client_response: "accepted" as const, ...values };
    for (const change of [values, both]) {
      assertRefused(
        await table(client).update(change).eq("id", session.id),
        about,
      );
    }
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
    "an upsert that looks like a request",
  );
  const deletion = await table(client).delete().eq("id", id).select();
  assertEquals(must(deletion), []);
  assertEquals(await sessionOf(session), before);
});

/** A request as the web app sends it. */
function request(
  { client, enrolment, freeModule }: Awaited<ReturnType<typeof givenCoaching>>,
) {
  return {
    module_id: freeModule.id,
    enrollment_id: enrolment.id,
    requested_by: client.id,
    status: "requested",
    source: "client_request",
    title: "Coaching",
    preferred_date: LATER,
  } satisfies Session["Insert"];
}

Deno.test("a client may ask for a session of an own enrolment, also with a host", async () => {
  for (const hosted of [false, true]) {
    const coaching = await givenCoaching();
    const values = {
      ...request(coaching),
      instructor_id: hosted ? coaching.coach.id : null,
    };
    const row = must(
      await table(coaching.client).insert(values).select().single(),
    );
    assertEquals({ ...row, ...values }, row);
  }
});

Deno.test("a client may ask for nothing else: not for others, not as the host, not elsewhere", async () => {
  const own = await givenCoaching();
  const other = await givenCoaching();
  const theirs = request(other);
  const values = request(own);
  const forbidden: Record<string, Session["Insert"]> = {
    "another's enrolment": { ...theirs, requested_by: own.client.id },
    "in another's name": { ...values, requested_by: other.client.id },
    "in nobody's name": { ...values, requested_by: null },
    "as the host": { ...values, instructor_id: own.client.id },
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
    "what staff would schedule": {
      ...values,
      status: "scheduled",
      source: "staff",
    },
  };
  for (const [about, row] of Object.entries(forbidden)) {
    assertRefused(await table(own.client).insert(row), about);
  }
  const made = await db.from("module_sessions").select("id")
    .in("module_id", [own.freeModule.id, other.freeModule.id]);
  assertEquals(must(made), []);
});

Deno.test("a coach of the programme may read, move, retitle, complete, make and delete its sessions", async () => {
  const coaching = await givenCoaching();
  const { coach, session, freeModule } = coaching;
  await assertMay(coach, session, {
    title: "First talk",
    session_date: LATER,
    instructor_id: coach.id,
    notes: "Went well",
  });
  await assertMay(coach, session, { status: "completed" });
  await assertMay(coach, session, { module_id: freeModule.id });
  const made = must(
    await table(coach).insert({
      ...request(coaching),
      module_id: session.moduleId,
      requested_by: null,
      status: "scheduled",
      source: "staff",
      instructor_id: coach.id,
    }).select().single(),
  );
  const deletion = await table(coach).delete().eq("id", made.id).select("id");
  assertEquals(must(deletion), [{ id: made.id }]);
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
  assertRefused(await table(coach).insert(request(other)), "insert");
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
        { client_response: "accepted" },
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
      await visitor.insert(request(other)),
      await visitor.delete().eq("id", session.id),
    ]
  ) {
    assertEquals([answer.error?.code, answer.status], ["42501", 401]);
  }
  assertEquals(await sessionOf(session), before);
});
