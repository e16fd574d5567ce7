import { inDays } from "../../tests/support/calendar.ts";
import { givenGroup } from "../../tests/support/group_rows.ts";
import { createPerson, type Person } from "../../tests/support/people.ts";
import {
  givenCohort,
  givenEnrolment,
  givenModule,
  must,
} from "../../tests/support/rows.ts";
import { secretClient } from "../../tests/support/stack.ts";

/** PostgREST takes any number of rows; this many make a request of a moderate size. */
const CHUNK = 500;
const TITLE = "What worked, what did not, what next";
const db = secretClient();

/**
 * A client who takes part in so many sessions, an hour apart from tomorrow on: three in five of modules,
 * one in five of a peer group, one in five of a cohort.
 */
export async function givenSessions(size: number): Promise<Person> {
  const client = await createPerson({ role: "client", name: "Clara Client" });
  const coach = await createPerson({ role: "coach", name: "Carol Coach" });
  const fifth = Math.floor(size / 5);
  await givenModuleSessions(client, coach, size - 2 * fifth);
  await givenGroupSessions(client, fifth);
  await givenCohortSessions(client, coach, fifth);
  return client;
}

async function givenModuleSessions(
  client: Person,
  coach: Person,
  size: number,
): Promise<void> {
  const { id: module_id, programId: program_id } = await givenModule();
  for (const chunk of chunksOf(size)) {
    const sessions = must(
      await db.from("module_sessions").insert(
        chunk.map((index) => ({
          module_id,
          program_id,
          instructor_id: coach.id,
          session_type: "group",
          title: `${TITLE} ${index}`,
          description: "Bring one conversation you put off.",
          location: "Strada Academiei 7, București",
          meeting_url: `https://meet.example.com/${index}`,
          session_date: inDays(1, index).toISOString(),
        })),
      ).select("id"),
    );
    must(
      await db.from("module_session_participants").insert(
        sessions.map(({ id }) => ({
          session_id: id,
          user_id: client.id,
          response_status: "accepted",
        })),
      ).select("id"),
    );
  }
}

async function givenGroupSessions(client: Person, size: number): Promise<void> {
  const group = await givenGroup({ members: [client] });
  for (const chunk of chunksOf(size)) {
    must(
      await db.from("group_sessions").insert(
        chunk.map((index) => ({
          group_id: group.id,
          title: `${TITLE} ${index}`,
          session_date: inDays(1, index).toISOString(),
        })),
      ).select("id"),
    );
  }
}

async function givenCohortSessions(
  client: Person,
  coach: Person,
  size: number,
): Promise<void> {
  const cohort = await givenCohort();
  await givenEnrolment({ client, cohort });
  for (const chunk of chunksOf(size)) {
    must(
      await db.from("cohort_sessions").insert(
        chunk.map((index) => ({
          cohort_id: cohort.id,
          title: `${TITLE} ${index}`,
          instructor_id: coach.id,
          session_date: inDays(1, index).toISOString().slice(0, 10),
          start_time: "14:00",
          end_time: "15:30",
        })),
      ).select("id"),
    );
  }
}

/** 0 … size - 1 in chunks. */
function chunksOf(size: number): number[][] {
  const all = Array.from({ length: size }, (_, index) => index);
  return Array.from(
    { length: Math.ceil(size / CHUNK) },
    (_, chunk) => all.slice(chunk * CHUNK, (chunk + 1) * CHUNK),
  );
}
