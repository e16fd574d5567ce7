import { assertEquals } from "@std/assert";
import { createPerson, type Person } from "../support/people.ts";
import {
  givenEnrolment,
  givenModuleSession,
  givenParticipant,
  givenProgramCoach,
  must,
} from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";

const db = secretClient();
const SOON = new Date("2099-01-05T10:00:00Z");

function assertRefused(
  answer: { error: { code: string } | null; status: number },
  about: unknown,
): void {
  assertEquals([answer.error?.code, answer.status], ["42501", 403], `${about}`);
}

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
    assertRefused(
      await sessions(person).update(values).eq("id", session.id),
      JSON.stringify(values),
    );
  }
  assertEquals(must(await read()), before);
});

Deno.test("a participant may answer, and may not carry the participation to another session or person", async () => {
  const { person, coach, id } = await givenWorkshop();
  const { session: other } = await givenWorkshop();
  const { id: enrollment_id } = await givenEnrolment({ client: coach });
  const answer = { response_status: "accepted" };
  must(await participations(person).update(answer).eq("id", id).select());
  const before = await participation(id);
  assertEquals(before.response_status, "accepted");
  for (
    const values of [
      { session_id: other.id },
      { user_id: coach.id },
      { enrollment_id },
    ]
  ) {
    assertRefused(
      await participations(person).update(values).eq("id", id),
      JSON.stringify(values),
    );
  }
  assertEquals(await participation(id), before);
  assertEquals(must(await sessions(person).select().eq("id", other.id)), []);
});

Deno.test("nobody makes oneself a participant, but staff of the session may make one", async () => {
  const { session, coach } = await givenWorkshop();
  const other = await givenWorkshop();
  for (const stranger of [other.person, other.coach]) {
    assertRefused(
      await participations(stranger)
        .insert({ session_id: session.id, user_id: stranger.id }),
      "insert",
    );
  }
  must(
    await participations(coach)
      .insert({ session_id: session.id, user_id: other.person.id }).select()
      .single(),
  );
});

Deno.test("staff may carry a participation only between sessions that they manage", async () => {
  const { person, coach, session, id } = await givenWorkshop();
  const { session: elsewhere } = await givenWorkshop();
  const next = await givenModuleSession({ startsAt: SOON });
  await givenProgramCoach({ program: { id: next.programId }, coach });
  const own = await givenParticipant({ session, person: coach });
  for (const which of [id, own]) {
    assertRefused(
      await participations(coach).update({ session_id: elsewhere.id })
        .eq("id", which),
      which,
    );
  }
  assertEquals(must(await sessions(coach).select().eq("id", elsewhere.id)), []);
  must(
    await participations(coach).update({ session_id: next.id }).eq("id", id)
      .select().single(),
  );
  assertEquals((await participation(id)).session_id, next.id);
  assertEquals((await participation(id)).user_id, person.id);
});
