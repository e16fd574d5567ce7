import { assertEquals } from "@std/assert";
import { calendarOf, dateOf, inDays } from "../../support/calendar.ts";
import { createPerson, type Person } from "../../support/people.ts";
import {
  givenGroup,
  givenGroupAnswer,
  givenGroupSession,
} from "../../support/group_rows.ts";
import {
  givenCoachingSession,
  givenCohort,
  givenCohortSession,
  givenEnrolment,
  givenModuleSession,
} from "../../support/rows.ts";

const CAST = [
  "client",
  "other client",
  "coach",
  "workshop host",
  "accepted participant",
  "pending participant",
  "declined participant",
  "group leader",
  "group member",
  "member who declined",
  "member who left",
  "cohort member",
  "paused cohort member",
  "cohort instructor",
  "cohort lead",
] as const;
type Role = typeof CAST[number];

/** Who sees which of the four sessions; everybody else sees none of them. */
const SEEN: Record<string, Role[]> = {
  coaching: ["client", "coach"],
  workshop: ["workshop host", "accepted participant", "pending participant"],
  circle: ["group leader", "group member"],
  call: ["cohort member", "cohort instructor", "cohort lead"],
};

/** Who may also see how to join. */
const JOINS: Record<string, Role[]> = {
  ...SEEN,
  workshop: ["workshop host", "accepted participant"],
};

Deno.test("calendar-feed shows each session to those it concerns and to nobody else", async () => {
  const cast = await createCast();
  const person = (role: Role) => cast.get(role) ?? fail(role);

  const when = inDays(3);
  await givenCoachingSession({
    client: person("client"),
    coach: person("coach"),
    startsAt: when,
    title: "coaching",
    meeting_url: "https://meet.example.com/coaching",
  });
  await givenModuleSession({
    host: person("workshop host"),
    startsAt: when,
    title: "workshop",
    meeting_url: "https://meet.example.com/workshop",
    participants: [
      { ...person("accepted participant"), answer: "accepted" },
      { ...person("pending participant"), answer: "pending" },
      { ...person("declined participant"), answer: "declined" },
    ],
  });
  const group = await givenGroup({
    members: [
      person("group leader"),
      person("group member"),
      person("member who declined"),
      { ...person("member who left"), status: "left" as const },
    ],
  });
  const circle = await givenGroupSession({
    group,
    startsAt: when,
    title: "circle",
    meeting_link: "https://meet.example.com/circle",
  });
  await givenGroupAnswer({
    session: circle,
    group,
    person: person("member who declined"),
    answer: "declined",
  });
  const cohort = await givenCohort({ lead: person("cohort lead") });
  await givenEnrolment({ client: person("cohort member"), cohort });
  await givenEnrolment({
    client: person("paused cohort member"),
    cohort,
    status: "paused",
  });
  await givenCohortSession({
    cohort,
    date: dateOf(when),
    from: "10:00",
    to: "11:00",
    instructor: person("cohort instructor"),
    title: "call",
    meeting_link: "https://meet.example.com/call",
  });

  const titles = new Map<Role, string[]>();
  const joins = new Map<Role, string[]>();
  for (const role of CAST) {
    const { events } = await calendarOf(person(role));
    titles.set(role, events.map(titleOf));
    joins.set(role, events.filter(({ url }) => url !== null).map(titleOf));
  }
  assertEquals(titles, expected(SEEN));
  assertEquals(joins, expected(JOINS));
});

Deno.test("calendar-feed tells each party of a 1:1 session the other's name", async () => {
  const [client, coach] = await Promise.all([
    createPerson({ name: "Clara Client" }),
    createPerson({ name: "Carol Coach" }),
  ]);
  await givenCoachingSession({
    client,
    coach,
    startsAt: inDays(1),
    title: "Coaching",
  });
  const [seenByClient] = (await calendarOf(client)).events;
  const [seenByCoach] = (await calendarOf(coach)).events;
  assertEquals(seenByClient?.summary, "Coaching with Carol Coach");
  assertEquals(seenByClient?.categories, ["Coaching"]);
  assertEquals(seenByCoach?.summary, "Coaching with Clara Client");
  assertEquals(seenByCoach?.categories, ["Coaching", "Hosting"]);
});

Deno.test("calendar-feed never shows the staff's notes", async () => {
  const client = await createPerson();
  await givenCoachingSession({
    client,
    startsAt: inDays(1),
    notes: "secret-note",
    request_notes: "secret-note",
  });
  const { events } = await calendarOf(client);
  assertEquals(events.length, 1);
  assertEquals(JSON.stringify(events).includes("secret-note"), false);
});

async function createCast(): Promise<Map<Role, Person>> {
  const people = await Promise.all(
    CAST.map((role) => createPerson({ name: `The ${role}` })),
  );
  return new Map(
    people.map((person, index) => [CAST[index] ?? fail(), person]),
  );
}

function titleOf({ summary }: { summary: string }): string {
  return summary.split(" ")[0] ?? "";
}

function expected(table: Record<string, Role[]>): Map<Role, string[]> {
  return new Map(
    CAST.map((role) => [
      role,
      Object.keys(table).filter((title) => table[title]?.includes(role)),
    ]),
  );
}

function fail(role = "unknown"): never {
  throw new Error(`nobody plays the ${role}`);
}
