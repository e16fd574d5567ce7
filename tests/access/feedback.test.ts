// drift-ignore-file not-granted: tries what nobody may, to see it refused
import { assertEquals } from "@std/assert";
import { createPerson, type Person } from "../support/people.ts";
import { must, type Someone } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import {
  assertChecked,
  assertDone,
  assertRefused,
  assertUntouched,
  givenTeaching,
} from "./teaching.ts";

const db = secretClient();

const feedbackOf = (coach: Someone, progress: Someone) => ({
  coach_id: coach.id,
  module_progress_id: progress.id,
  feedback: "Well done",
  template_type_id: null,
  structured_responses: {},
  status: "draft",
});

async function givenFeedback(
  coach: Person,
  progress: Someone,
): Promise<Someone> {
  const row = feedbackOf(coach, progress);
  must(
    await coach.client.from("coach_module_feedback").insert(row).select(),
  );
  return must(
    await coach.client.from("coach_module_feedback").select("id")
      .eq("module_progress_id", progress.id).single(),
  );
}

Deno.test("feedback is given by staff of the client, in the own name, and by nobody who just knows the progress id", async () => {
  const { client, coach, stranger, other, progress } = await givenTeaching();
  for (
    const [who, author] of [
      [client, client],
      [client, coach],
      [other, other],
      [stranger, stranger],
      [stranger, coach],
      [coach, stranger],
    ] as const
  ) {
    assertRefused(
      await who.client.from("coach_module_feedback")
        .insert(feedbackOf(author, progress)),
      [who.id, author.id],
    );
  }
  assertRefused(
    await coach.client.from("coach_module_feedback").insert({
      ...feedbackOf(coach, progress),
      created_at: "2020-01-01T00:00:00Z",
    }),
    "another time",
  );
  assertChecked(
    await coach.client.from("coach_module_feedback").insert({
      ...feedbackOf(coach, progress),
      feedback: "x".repeat(5001),
    }),
    "long",
  );
  await givenFeedback(coach, progress);
});

Deno.test("nobody gives oneself feedback, not even a coach who takes part in the own program", async () => {
  const { coach, enrolment, module } = await givenTeaching();
  const own = must(
    await db.from("client_enrollments").insert({
      client_user_id: coach.id,
      program_id: enrolment.programId,
    }).select("id").single(),
  );
  const progress = must(
    await db.from("module_progress")
      .insert({ enrollment_id: own.id, module_id: module.id })
      .select("id").single(),
  );
  assertRefused(
    await coach.client.from("coach_module_feedback")
      .insert(feedbackOf(coach, progress)),
    "own",
  );
});

Deno.test("a draft of feedback is read by its author and by admins, and by the client once it is published", async () => {
  const { client, coach, progress, otherProgress } = await givenTeaching();
  const [admin, instructor] = [
    await createPerson({ role: "admin" }),
    await createPerson({ role: "instructor" }),
  ];
  const { program_id } = must(
    await db.from("client_enrollments").select("program_id")
      .eq("client_user_id", client.id).single(),
  );
  must(
    await db.from("program_instructors")
      .insert({ program_id, instructor_id: instructor.id, is_primary: true })
      .select(),
  );
  const { id } = await givenFeedback(coach, progress);
  const readers = [client, instructor, coach, admin];
  const seen = async () =>
    await Promise.all(readers.map(async ({ client }) =>
      must(
        await client.from("coach_module_feedback").select("*").eq("id", id),
      ).length
    ));
  assertEquals(await seen(), [0, 0, 1, 1]);

  const table = coach.client.from("coach_module_feedback");
  assertDone(
    await table.update({
      feedback: "Very well done",
      template_type_id: null,
      structured_responses: { strengths: "Calm" },
      status: "published",
    }).eq("id", id).select(),
    "ModuleFeedback",
  );
  assertEquals(await seen(), [1, 1, 1, 1]);

  for (const nobody of [client, instructor, admin]) {
    const update = nobody.client.from("coach_module_feedback")
      .update({ feedback: "Mine" }).eq("id", id);
    assertUntouched(await update.select(), "a coach's words");
  }
  assertRefused(
    await table.update({ module_progress_id: otherProgress.id }).eq("id", id),
    "moved",
  );
  assertRefused(
    await table.update({ coach_id: instructor.id }).eq("id", id),
    "handed on",
  );
});
