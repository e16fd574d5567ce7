import { assertEquals } from "@std/assert";
import { createPerson, disable, type Person } from "../support/people.ts";
import {
  givenGroup,
  givenGroupAnswer,
  givenGroupSession,
} from "../support/group_rows.ts";
import {
  givenCoachingSession,
  givenEnrolment,
  givenModule,
  givenModuleSession,
  givenParticipant,
  givenProgram,
  must,
  type Someone,
} from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";

const db = secretClient();
const DAY = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY);

/** The titles of what somebody is shown, and how many mails wait. */
async function told(
  person: Person,
): Promise<[titles: string[], mails: number]> {
  const shown = must(
    await db.from("notifications").select("title").eq("user_id", person.id)
      .order("created_at").limit(50),
  );
  const mailed = must(
    await db.from("email_queue").select("id").eq("user_id", person.id)
      .eq("template_key", "notification").limit(50),
  );
  return [shown.map(({ title }) => title), mailed.length];
}

async function change(
  table: "module_sessions" | "group_sessions",
  { id }: Someone,
  values: { status?: string; session_date?: string },
): Promise<void> {
  must(await db.from(table).update(values).eq("id", id).select());
}

Deno.test("client and coach are told of a 1:1 session that is booked, moved there and back, and cancelled", async () => {
  const [client, coach] = [await createPerson(), await createPerson()];
  const session = await givenCoachingSession({
    client,
    coach,
    startsAt: inDays(3),
  });
  const booked = "Session Scheduled: Difficult Conversations";
  for (const person of [client, coach]) {
    assertEquals(await told(person), [[booked], 1]);
  }
  const moved = "Session Rescheduled: Difficult Conversations";
  for (const days of [4, 3, 4]) {
    await change("module_sessions", session, {
      session_date: inDays(days).toISOString(),
    });
  }
  await change("module_sessions", session, { status: "cancelled" });
  for (const person of [client, coach]) {
    assertEquals(await told(person), [
      [
        booked,
        moved,
        moved,
        moved,
        "Session Cancelled: Difficult Conversations",
      ],
      5,
    ]);
  }
});

Deno.test("a change that is none, and a session of the past, tells nobody", async () => {
  const [client, coach] = [await createPerson(), await createPerson()];
  const startsAt = inDays(-2);
  const session = await givenCoachingSession({ client, coach, startsAt });
  await change("module_sessions", session, { status: "completed" });
  const draft = await givenCoachingSession({
    client,
    coach,
    startsAt: inDays(2),
    status: "draft",
  });
  await change("module_sessions", draft, { status: "draft" });
  assertEquals(await told(client), [[], 0]);
  assertEquals(await told(coach), [[], 0]);
});

Deno.test("a participant of a group module session is told once, whether added before or after it is scheduled", async () => {
  const [early, late] = [await createPerson(), await createPerson()];
  const session = await givenModuleSession({ startsAt: inDays(2) });
  await givenParticipant({ session, person: early });
  await change("module_sessions", session, { status: "confirmed" });
  await givenParticipant({ session, person: late });
  for (const person of [early, late]) {
    assertEquals((await told(person))[0], [
      "Session Scheduled: Difficult Conversations",
    ]);
  }
});

Deno.test("a requested session is told to the module's staff, and to nobody else", async () => {
  const [client, instructor, coach, elsewhere] = [
    await createPerson(),
    await createPerson({ role: "instructor" }),
    await createPerson({ role: "coach" }),
    await createPerson({ role: "coach" }),
  ];
  const module = await givenModule();
  must(
    await db.from("module_instructors").insert({
      module_id: module.id,
      instructor_id: instructor.id,
    }).select(),
  );
  must(
    await db.from("module_coaches").insert({
      module_id: module.id,
      coach_id: coach.id,
    }).select(),
  );
  const enrolment = await givenEnrolment({
    client,
    program: { id: module.programId },
  });
  must(
    await db.from("module_sessions").insert({
      module_id: module.id,
      enrollment_id: enrolment.id,
      title: "Coaching",
      status: "requested",
      session_type: "individual",
    }).select(),
  );
  const assigned = `You have been assigned to ${module.title} in Leading Well`;
  const requested = `Session Requested: ${module.title}`;
  assertEquals(await told(instructor), [[assigned, requested], 2]);
  assertEquals(await told(coach), [[assigned, requested], 2]);
  assertEquals((await told(client))[0], []);
  assertEquals((await told(elsewhere))[0], []);
});

Deno.test("the members of a peer group are told of their session, its new time and its end, unless they declined", async () => {
  const [leader, member, declined] = await Promise.all(
    [1, 2, 3].map(() => createPerson()),
  ) as [Person, Person, Person];
  const group = await givenGroup({ members: [leader, member, declined] });
  const session = await givenGroupSession({ group, startsAt: inDays(2) });
  for (const person of [leader, member]) {
    await givenGroupAnswer({ session, group, person, answer: "pending" });
  }
  await givenGroupAnswer({
    session,
    group,
    person: declined,
    answer: "declined",
  });
  await change("group_sessions", session, {
    session_date: inDays(5).toISOString(),
  });
  await change("group_sessions", session, { status: "cancelled" });
  for (const person of [leader, member]) {
    const [titles, mails] = await told(person);
    assertEquals(
      titles.map((title) => title.split(":")[0]),
      ["Session Scheduled", "Session Rescheduled", "Session Cancelled"],
    );
    assertEquals(mails, 3);
  }
  assertEquals(await told(declined), [[], 0]);
});

Deno.test("who was assigned, and whose assignment was reviewed, is told, but not the disabled", async () => {
  const [coach, disabled, client] = await Promise.all(
    [1, 2, 3].map(() => createPerson()),
  ) as [Person, Person, Person];
  await disable(disabled);
  const program = await givenProgram();
  for (const { id } of [coach, disabled]) {
    must(
      await db.from("program_coaches").insert({
        program_id: program.id,
        coach_id: id,
      }).select(),
    );
  }
  assertEquals(await told(coach), [
    ["You have been assigned to Leading Well"],
    1,
  ]);
  assertEquals(await told(disabled), [[], 0]);

  const module = await givenModule({ program });
  const enrolment = await givenEnrolment({ client, program });
  const progress = must(
    await db.from("module_progress").insert({
      enrollment_id: enrolment.id,
      module_id: module.id,
    }).select("id").single(),
  );
  const type = must(
    await db.from("module_assignment_types").insert({ name: "Essay" })
      .select("id").single(),
  );
  const assignment = must(
    await db.from("module_assignments").insert({
      module_progress_id: progress.id,
      assignment_type_id: type.id,
      assessor_id: coach.id,
      status: "submitted",
    }).select("id").single(),
  );
  must(
    await db.from("module_assignments").update({ status: "reviewed" })
      .eq("id", assignment.id).select(),
  );
  assertEquals((await told(client))[0], [
    `Assignment Reviewed: ${module.title}`,
  ]);
});

Deno.test("who switched session mails off in general gets none, and still sees the notification", async () => {
  const client = await createPerson();
  must(
    await db.from("notification_preferences").upsert({
      user_id: client.id,
      session_scheduled: false,
    }, { onConflict: "user_id" }).select(),
  );
  await givenCoachingSession({ client, startsAt: inDays(3) });
  const [titles, mails] = await told(client);
  assertEquals([titles.length, mails], [1, 0]);
});

Deno.test("who books a session is not told of it", async () => {
  const [client, coach] = [
    await createPerson(),
    await createPerson({ role: "coach" }),
  ];
  const module = await givenModule();
  must(
    await db.from("module_instructors").insert({
      module_id: module.id,
      instructor_id: coach.id,
    }).select(),
  );
  const enrolment = await givenEnrolment({
    client,
    program: { id: module.programId },
  });
  must(
    await coach.client.from("module_sessions").insert({
      module_id: module.id,
      enrollment_id: enrolment.id,
      instructor_id: coach.id,
      title: "Coaching",
      session_type: "individual",
      session_date: inDays(3).toISOString(),
    }).select(),
  );
  const scheduled = `Session Scheduled: ${module.title}`;
  assertEquals((await told(client))[0], [scheduled]);
  assertEquals((await told(coach))[0].includes(scheduled), false);
});
