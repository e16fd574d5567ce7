import { assertEquals } from "@std/assert";
import { createPerson, type Person } from "../support/people.ts";
import {
  givenCoachingSession,
  givenEnrolment,
  givenModule,
  givenModuleSession,
  givenProgramCoach,
  must,
} from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import { assertDone, assertRefused, assertUntouched } from "./teaching.ts";

const db = secretClient();
const SOON = new Date("2099-01-05T10:00:00Z");
const LATER = "2099-02-05T10:00:00+00:00";

const table = ({ client }: Person) => client.from("module_sessions");

/** A client's session with one coach of a program that has two. */
async function givenColleagues() {
  const [client, host, colleague] = [
    await createPerson({ role: "client" }),
    await createPerson({ role: "coach" }),
    await createPerson({ role: "coach" }),
  ];
  const enrolment = await givenEnrolment({ client });
  const program = { id: enrolment.programId };
  for (const coach of [host, colleague]) {
    await givenProgramCoach({ program, coach });
  }
  const session = await givenCoachingSession({
    client,
    coach: host,
    startsAt: SOON,
    enrolment,
  });
  return { client, host, colleague, enrolment, program, session };
}

/** What ModuleSessionManager sends when a session is edited: every column, whatever was changed. */
async function formOf({ id }: { id: string }, host: Person) {
  const session = must(
    await db.from("module_sessions").select(
      "module_id, session_type, enrollment_id, program_id, title, description, session_date, duration_minutes, " +
        "location, meeting_url, status, notes, timezone",
    ).eq("id", id).single(),
  ) as unknown as Record<string, unknown>;
  return { ...session, instructor_id: host.id };
}

Deno.test("a colleague's session is changed by taking it over, and by nothing else", async () => {
  const { host, colleague, session } = await givenColleagues();
  for (
    const values of [
      { meeting_url: "https://zoom.us/j/666" },
      { session_date: LATER },
      { status: "cancelled" },
      { notes: "Mine" },
      { instructor_id: null },
      { instructor_id: null, title: "Mine" },
    ]
  ) {
    assertRefused(
      await table(colleague).update(values).eq("id", session.id),
      JSON.stringify(values),
    );
    assertRefused(
      await table(colleague).update(values).eq("instructor_id", host.id),
      "all of the colleague's",
    );
  }
  assertUntouched(
    await table(colleague).delete().eq("id", session.id).select(),
    "a colleague's",
  );
  const before = must(
    await db.from("module_sessions").select().eq("id", session.id).single(),
  );
  assertEquals(
    [before.instructor_id, before.status, before.calendar_sequence],
    [host.id, "scheduled", 0],
  );
  assertDone(
    await table(colleague).update({
      ...await formOf(session, colleague),
      session_date: LATER,
    }).eq("id", session.id).select(),
    "ModuleSessionManager",
  );
  assertRefused(
    await table(host).update({ session_date: LATER }).eq("id", session.id),
    "who was the host",
  );
  assertDone(
    await table(colleague).delete().eq("id", session.id).select(),
    "the host",
  );
});

Deno.test("a session without a host is the module's staff's to change, and to delete", async () => {
  const { colleague, program } = await givenColleagues();
  const module = await givenModule({ program });
  const { id } = await givenModuleSession({ startsAt: SOON, module });
  assertDone(
    await table(colleague).update({ title: "Workshop" }).eq("id", id).select(),
    "an edit",
  );
  assertDone(
    await table(colleague).delete().eq("id", id).select(),
    "a deletion",
  );
});

Deno.test("nobody moves a session to another person, module or kind, its host neither", async () => {
  const { client, host, colleague, enrolment, program, session } =
    await givenColleagues();
  const peer = await givenEnrolment({
    client: await createPerson({ role: "client" }),
    program,
  });
  const module = await givenModule({ program });
  for (const person of [host, colleague]) {
    for (
      const values of [
        { enrollment_id: peer.id },
        { module_id: module.id },
        { session_type: "group", program_id: program.id },
        { enrollment_id: null, session_type: "group", program_id: program.id },
      ]
    ) {
      assertRefused(
        await table(person).update({ ...values, instructor_id: person.id })
          .eq("id", session.id),
        JSON.stringify(values),
      );
    }
  }
  // accepting a request, as the page does: for whom it is, the request says
  const request = await givenModuleSession({
    startsAt: null,
    module,
    status: "requested",
    requested_by: client.id,
  });
  const accept = (enrollment_id: string) =>
    table(host).update({
      status: "scheduled",
      enrollment_id,
      instructor_id: host.id,
      session_date: LATER,
    }).eq("id", request.id).select();
  assertRefused(await accept(peer.id), "somebody else");
  assertDone(await accept(enrolment.id), "whoever asked");
});

Deno.test("with a series nobody deletes what a colleague has taken over of it", async () => {
  const { host, colleague, program } = await givenColleagues();
  const module = await givenModule({ program });
  const first = await givenModuleSession({ startsAt: SOON, host, module });
  const second = await givenModuleSession({
    startsAt: SOON,
    host: colleague,
    module,
    parent_session_id: first.id,
  });
  const remove = (person: Person, { id }: { id: string }) =>
    table(person).delete().eq("id", id).select();
  assertUntouched(await remove(host, first), "both");
  assertRefused(
    await table(colleague).insert({
      module_id: module.id,
      program_id: program.id,
      session_type: "group",
      title: "One more",
      instructor_id: colleague.id,
      parent_session_id: first.id,
    }),
    "of another's series",
  );
  assertDone(await remove(colleague, second), "one's own");
  assertDone(await remove(host, first), "one's own");
});

Deno.test("who takes part in a colleague's session, its host says", async () => {
  const { client, host, colleague, enrolment, program } =
    await givenColleagues();
  const module = await givenModule({ program });
  const { id } = await givenModuleSession({ startsAt: SOON, host, module });
  const row = {
    session_id: id,
    user_id: client.id,
    enrollment_id: enrolment.id,
  };
  const people = ({ client }: Person) =>
    client.from("module_session_participants");
  assertRefused(await people(colleague).insert(row), "a colleague");
  must(await people(host).insert(row).select());
  assertUntouched(
    await people(colleague).delete().eq("session_id", id).select(),
    "a colleague",
  );
  assertEquals(
    must(await people(colleague).select("user_id").eq("session_id", id)),
    [{ user_id: client.id }],
  );
});
