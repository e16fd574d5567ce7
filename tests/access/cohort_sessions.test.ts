// drift-ignore-file not-granted: the refusals are what is tested
import { assert, assertEquals } from "@std/assert";
import { createPerson, type Person } from "../support/people.ts";
import {
  givenCohort,
  givenCohortSession,
  givenEnrolment,
  givenProgramCoach,
  type Insert,
  must,
} from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import { assertInvalid, assertRefused } from "./refused.ts";

const db = secretClient();
const NOW = "2026-03-01T10:00:00+00:00";

const sessions = ({ client }: Person) => client.from("cohort_sessions");
const attendance = ({ client }: Person) =>
  client.from("cohort_session_attendance");

/** A cohort's session, a coach of its program, and a client in the cohort. */
async function givenCohortWithSession() {
  const [coach, client] = [
    await createPerson({ role: "coach" }),
    await createPerson({ role: "client" }),
  ];
  const cohort = await givenCohort();
  await givenProgramCoach({ program: { id: cohort.programId }, coach });
  return {
    coach,
    client,
    cohort,
    enrolment: await givenEnrolment({ client, cohort }),
    session: await givenCohortSession({ cohort, date: "2099-01-05" }),
  };
}

Deno.test("a coach of the program adds recap and recording to a cohort's session, and changes nothing else", async () => {
  const { coach, client, cohort, session } = await givenCohortWithSession();
  const other = await givenCohortWithSession();
  const recap = { recap: "We met", recording_url: "https://loom.example/1" };
  const edit = (person: Person, values: Insert<"cohort_sessions">) =>
    sessions(person).update(values).eq("id", session.id).select();
  assertEquals(must(await edit(coach, recap)).length, 1);
  for (const stranger of [client, other.coach]) {
    assertEquals(must(await edit(stranger, recap)), []);
  }
  for (
    const values of [
      { title: "Mine" },
      { description: "Mine" },
      { meeting_link: "https://meet.google.com/abc-defg-hij" },
      { location: "Beach" },
      { session_date: "2099-01-06" },
      { start_time: "10:00" },
      { end_time: "11:00" },
      { timezone: "Asia/Tokyo" },
      { instructor_id: coach.id },
      { notes: "Mine" },
      { order_index: 9 },
      { cohort_id: other.cohort.id },
      { calendar_sequence: 9 },
      { created_at: NOW },
    ]
  ) {
    assertRefused(await edit(coach, values), JSON.stringify(values));
  }
  for (const recording_url of ["javascript:alert(1)", "http://loom.example"]) {
    assertInvalid(await edit(coach, { recording_url }), recording_url);
  }
  assertRefused(
    await sessions(coach).insert({
      cohort_id: cohort.id,
      title: "Mine",
      session_date: "2099-01-05",
    }),
    "a session",
  );
});

Deno.test("an admin's page goes on making and changing a cohort's sessions", async () => {
  const { cohort, coach } = await givenCohortWithSession();
  const admin = await createPerson({ role: "admin" });
  const values = {
    cohort_id: cohort.id,
    title: "Kick-off",
    description: null,
    session_date: "2099-02-01",
    start_time: "23:00",
    end_time: "00:30",
    location: null,
    meeting_link: "https://video.example/room",
    module_id: null,
    instructor_id: coach.id,
    notes: null,
    recap: null,
    recording_url: null,
    order_index: 1,
    timezone: "Europe/Bucharest",
  };
  const { id } = must(
    await sessions(admin).insert(values).select("id").single(),
  );
  for (const change of [values, { order_index: 2 }, { meeting_link: null }]) {
    must(await sessions(admin).update(change).eq("id", id).select().single());
  }
  must(await sessions(admin).delete().eq("id", id).select().single());
});

Deno.test("who runs a cohort marks who attended, in the own name, of whoever is in it", async () => {
  const { coach, client, enrolment, session } = await givenCohortWithSession();
  const other = await givenCohortWithSession();
  const row = {
    session_id: session.id,
    enrollment_id: enrolment.id,
    status: "present",
    marked_by: coach.id,
    marked_at: NOW,
  };
  const mark = (person: Person, values: Insert<"cohort_session_attendance">) =>
    attendance(person).upsert({ ...row, ...values }, {
      onConflict: "session_id,enrollment_id",
    });
  // twice, as the page does when it is marked again
  for (const status of ["present", "excused"]) {
    assertEquals((await mark(coach, { status })).error, null);
  }
  for (
    const [about, person, values] of [
      ["the client", client, { marked_by: client.id }],
      ["a coach elsewhere", other.coach, { marked_by: other.coach.id }],
      ["in another's name", coach, { marked_by: other.coach.id }],
      ["in nobody's name", coach, { marked_by: null }],
      ["one of another cohort", coach, { enrollment_id: other.enrolment.id }],
      ["another cohort's session", coach, { session_id: other.session.id }],
      ["with a note", coach, { notes: "Late" }],
      ["earlier", coach, { created_at: NOW }],
    ] as const
  ) {
    assertRefused(await mark(person, values), about);
  }
  const move = attendance(coach).update({
    enrollment_id: other.enrolment.id,
    marked_by: coach.id,
  }).eq("session_id", session.id);
  assertRefused(await move, "to another person");
  const left = must(
    await db.from("cohort_session_attendance")
      .select("status, marked_by, marked_at").eq("session_id", session.id)
      .single(),
  );
  assertEquals([left.status, left.marked_by], ["excused", coach.id]);
  assert(
    Date.parse(left.marked_at ?? "") > Date.parse(NOW),
    "when it was marked is the server's to say",
  );
});

Deno.test("a colleague's mark is the colleague's, or an admin's", async () => {
  const { coach, cohort, enrolment, session } = await givenCohortWithSession();
  const [colleague, admin] = [
    await createPerson({ role: "instructor" }),
    await createPerson({ role: "admin" }),
  ];
  await givenProgramCoach({
    program: { id: cohort.programId },
    coach: colleague,
  });
  const mark = (person: Person, status: string) =>
    attendance(person).upsert({
      session_id: session.id,
      enrollment_id: enrolment.id,
      status,
      marked_by: person.id,
      marked_at: NOW,
    }, { onConflict: "session_id,enrollment_id" });
  assertEquals((await mark(coach, "present")).error, null);
  assertRefused(await mark(colleague, "absent"), "a colleague");
  const update = attendance(colleague)
    .update({ status: "absent", marked_by: colleague.id })
    .eq("session_id", session.id).select();
  assertEquals(must(await update), []);
  assertEquals((await mark(admin, "excused")).error, null);
});

Deno.test("nobody attests the own attendance of a cohort's session", async () => {
  const { coach, cohort, session } = await givenCohortWithSession();
  const { id } = await givenEnrolment({ client: coach, cohort });
  assertRefused(
    await attendance(coach).insert({
      session_id: session.id,
      enrollment_id: id,
      status: "present",
      marked_by: coach.id,
      marked_at: NOW,
    }),
    "the own",
  );
});
