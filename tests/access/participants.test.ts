// drift-ignore-file not-granted: the refusals are what is tested
import { assertEquals } from "@std/assert";
import { createPerson, type Person } from "../support/people.ts";
import { assertRefused } from "./refused.ts";
import {
  givenEnrolment,
  givenModuleSession,
  givenParticipant,
  givenProgramCoach,
  type Insert,
  must,
} from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";

const db = secretClient();
const SOON = new Date("2099-01-05T10:00:00Z");

const sessions = ({ client }: Person) => client.from("module_sessions");
const participations = ({ client }: Person) =>
  client.from("module_session_participants");

async function participation(id: string) {
  return must(
    await db.from("module_session_participants").select().eq("id", id).single(),
  );
}

/** A workshop with a participant, and a coach of its programme. */
async function givenWorkshop() {
  const [person, coach] = [
    await createPerson({ role: "client" }),
    await createPerson({ role: "coach" }),
  ];
  const session = await givenModuleSession({ startsAt: SOON });
  await givenProgramCoach({ program: { id: session.programId }, coach });
  return {
    person,
    coach,
    session,
    id: await givenParticipant({ session, person }),
  };
}

Deno.test("a participant may read a session, and neither cancel nor change it for everybody", async () => {
  const { person, session } = await givenWorkshop();
  const read = () => sessions(person).select().eq("id", session.id).single();
  const before = must(await read());
  for (
    const values of [
      { status: "cancelled" },
      { status: "completed" },
      { title: "Mine" },
      { instructor_id: person.id },
      { meeting_url: "https://evil.example" },
    ]
  ) {
    const update = sessions(person).update(values).eq("id", session.id);
    assertEquals(must(await update.select()), [], JSON.stringify(values));
  }
  assertEquals(must(await read()), before);
});

Deno.test("a participant changes nothing of the participation, as no page does", async () => {
  const { person, coach, id } = await givenWorkshop();
  const { session: other } = await givenWorkshop();
  const before = await participation(id);
  for (
    const values of [
      { response_status: "accepted" },
      { session_id: other.id },
      { user_id: coach.id },
      { created_at: "2020-01-01T00:00:00Z" },
    ]
  ) {
    for (const caller of [person, coach]) {
      assertRefused(
        await participations(caller).update(values).eq("id", id),
        JSON.stringify(values),
      );
    }
  }
  assertEquals(await participation(id), before);
});

Deno.test("nobody makes oneself a participant, but staff of the session make one of whoever is enrolled", async () => {
  const { session, coach } = await givenWorkshop();
  const other = await givenWorkshop();
  const program = { id: session.programId };
  const [enrolled, elsewhere] = [
    await createPerson({ role: "client" }),
    await createPerson({ role: "client" }),
  ];
  const { id: enrollment_id } = await givenEnrolment({
    client: enrolled,
    program,
  });
  await givenEnrolment({ client: elsewhere });
  const row = { session_id: session.id, user_id: enrolled.id, enrollment_id };
  for (const stranger of [enrolled, other.person, other.coach]) {
    for (const values of [row, { ...row, user_id: stranger.id }]) {
      assertRefused(await participations(stranger).insert(values), "insert");
    }
  }
  const forbidden: Insert<"module_session_participants">[] = [
    { ...row, user_id: elsewhere.id, enrollment_id: null },
    { ...row, user_id: elsewhere.id },
    { ...row, session_id: other.session.id },
    { ...row, response_status: "accepted" },
  ];
  for (const forged of forbidden) {
    const values = { ...row, ...forged };
    assertRefused(
      await participations(coach).insert(values),
      JSON.stringify(values),
    );
  }
  // as the page does it: all out, and in again
  for (let time = 0; time < 2; time++) {
    must(
      await participations(coach).delete().eq("session_id", session.id)
        .select(),
    );
    must(await participations(coach).insert(row).select().single());
  }
});
