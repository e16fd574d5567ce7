// drift-ignore-file not-granted: tries what nobody may, to see it refused
import { assertEquals } from "@std/assert";
import { createPerson, type Person } from "../support/people.ts";
import { must, type Someone, unique } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import {
  assertChecked,
  assertDone,
  assertRefused,
  assertUntouched,
  givenTeaching,
  type Teaching,
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

/** The form as client and teacher send it. */
const formOf = (
  assessor: Someone,
  progress: Someone,
  type: Someone,
  status = "submitted",
) => ({
  module_progress_id: progress.id,
  assignment_type_id: type.id,
  assessor_id: assessor.id,
  responses: { answer: "Listen" },
  overall_score: 3,
  overall_comments: "Mine",
  status,
  completed_at: new Date().toISOString(),
  is_private: false,
});

async function givenType(): Promise<Someone> {
  return must(
    await db.from("module_assignment_types").insert({ name: unique("type") })
      .select("id").single(),
  );
}

Deno.test("an assignment is filled in by the client or by the client's staff, and by nobody else", async () => {
  const { client, coach, stranger, other, progress } = await givenTeaching();
  const type = await givenType();
  for (
    const [who, assessor, status] of [
      [client, coach, "submitted"],
      [client, client, "reviewed"],
      [client, client, "completed"],
      [other, other, "submitted"],
      [stranger, stranger, "submitted"],
      [stranger, coach, "reviewed"],
      [coach, client, "submitted"],
      [coach, stranger, "reviewed"],
    ] as const
  ) {
    assertRefused(
      await who.client.from("module_assignments")
        .insert(formOf(assessor, progress, type, status)),
      [who.id, assessor.id, status],
    );
  }
  for (
    const values of [
      { scored_by: client.id },
      { scored_at: new Date().toISOString() },
      { instructor_notes: "Best of all" },
      { scoring_snapshot_id: crypto.randomUUID() },
      { created_at: "2020-01-01T00:00:00Z" },
    ]
  ) {
    assertRefused(
      await client.client.from("module_assignments")
        .insert({ ...formOf(client, progress, type), ...values }),
      JSON.stringify(values),
    );
  }
  assertChecked(
    await client.client.from("module_assignments").insert({
      ...formOf(client, progress, type),
      overall_comments: "x".repeat(5001),
    }),
    "long",
  );
  const table = client.client.from("module_assignments");
  const { id } = must(
    await table.insert(formOf(client, progress, type, "draft"))
      .select("id").single(),
  );
  assertDone(
    await table.update(formOf(client, progress, type)).eq("id", id)
      .select("id"),
    "ModuleAssignmentForm",
  );
});

Deno.test("staff score and review an assignment in the own name, and the client neither does so nor undoes it", async () => {
  const teaching = await givenTeaching();
  const { client, coach, stranger, progress, otherProgress } = teaching;
  const type = await givenType();
  const { id } = must(
    await client.client.from("module_assignments")
      .insert(formOf(client, progress, type)).select("id").single(),
  );
  const table = ({ client }: Person) => client.from("module_assignments");
  const scores = {
    scored_by: coach.id,
    scored_at: new Date().toISOString(),
    instructor_notes: "Go on",
    status: "reviewed",
  };
  for (
    const values of [
      { status: "reviewed" },
      { status: "completed" },
      { scored_by: client.id },
      { scored_at: scores.scored_at },
      { instructor_notes: "Best of all" },
      { assessor_id: coach.id },
      { module_progress_id: otherProgress.id },
      { assignment_type_id: (await givenType()).id },
      { created_at: "2020-01-01T00:00:00Z" },
    ]
  ) {
    assertRefused(
      await table(client).update(values).eq("id", id),
      JSON.stringify(values),
    );
  }
  assertUntouched(
    await table(stranger).update(scores).eq("id", id).select(),
    "a stranger",
  );
  assertRefused(
    await table(coach).update({ ...scores, scored_by: stranger.id })
      .eq("id", id),
    "in another's name",
  );
  for (
    const snapshot of [
      await givenEvaluation(stranger, teaching.other),
      must(
        await db.from("capability_snapshots").insert({
          user_id: client.id,
          assessment_id: (await givenAssessment()).id,
        }).select("id").single(),
      ),
    ]
  ) {
    assertRefused(
      await table(coach).update({ scoring_snapshot_id: snapshot.id })
        .eq("id", id),
      "by an evaluation that is not the coach's",
    );
  }
  const snapshot = await givenEvaluation(coach, client);
  assertDone(
    await table(coach).update({ ...scores, scoring_snapshot_id: snapshot.id })
      .eq("id", id).select(),
    "InstructorAssignmentScoring",
  );
  for (const values of [{ status: "draft" }, { overall_score: 5 }]) {
    assertUntouched(
      await table(client).update(values).eq("id", id).select(),
      "what is reviewed",
    );
  }
});

Deno.test("a teacher goes over the client's form in the own name, and the client no longer edits it", async () => {
  const { client, coach, progress } = await givenTeaching();
  const type = await givenType();
  const table = ({ client }: Person) => client.from("module_assignments");
  const { id } = must(
    await table(client).insert(formOf(client, progress, type))
      .select("id").single(),
  );
  assertDone(
    await table(coach).update(formOf(coach, progress, type)).eq("id", id)
      .select(),
    "StudentDetail",
  );
  assertUntouched(
    await table(client).update({ overall_comments: "Better" }).eq("id", id)
      .select(),
    "the teacher's words",
  );
  assertRefused(
    await table(coach).delete().eq("id", id),
    "no page deletes an assignment",
  );
});

Deno.test("a reflection is its writer's, on the own progress", async () => {
  const { client, coach, other, progress, otherProgress } =
    await givenTeaching();
  const table = ({ client }: Person) => client.from("module_reflections");
  const row = (user: Someone, on: Someone) => ({
    user_id: user.id,
    module_progress_id: on.id,
    content: "I listened",
  });
  for (
    const [who, user, on] of [
      [client, client, otherProgress],
      [client, other, otherProgress],
      [other, other, progress],
      [coach, client, progress],
      [coach, coach, progress],
    ] as const
  ) {
    assertRefused(await table(who).insert(row(user, on)), [who.id, user.id]);
  }
  const { id } = must(
    await table(client).insert(row(client, progress)).select("id").single(),
  );
  assertEquals(
    must(await table(coach).select("content").eq("id", id)),
    [{ content: "I listened" }],
  );
  assertDone(
    await table(client).update({ content: "I spoke" }).eq("id", id).select(),
    "ModuleReflections",
  );
  assertRefused(
    await table(client).update({ module_progress_id: otherProgress.id })
      .eq("id", id),
    "moved",
  );
  assertChecked(
    await table(client).update({ content: "x".repeat(5001) }).eq("id", id),
    "long",
  );
  assertDone(await table(client).delete().eq("id", id).select(), "delete");
});

Deno.test("progress is one's own, in a module of the enrollment's program", async () => {
  const { client, other, enrolment, otherEnrolment, module, progress } =
    await givenTeaching();
  const table = client.client.from("module_progress");
  const foreign = must(
    await db.from("module_progress").select("module_id")
      .eq("enrollment_id", otherEnrolment.id).single(),
  ).module_id;
  for (
    const [enrollment_id, module_id] of [
      [enrolment.id, foreign],
      [otherEnrolment.id, foreign],
      [otherEnrolment.id, module.id],
    ] as [string, string][]
  ) {
    assertRefused(
      await table.insert({ enrollment_id, module_id, status: "completed" }),
      [enrollment_id, module_id],
    );
  }
  for (
    const values of [
      { enrollment_id: otherEnrolment.id },
      { module_id: foreign },
      { created_at: "2020-01-01T00:00:00Z" },
    ]
  ) {
    assertRefused(
      await table.update(values).eq("id", progress.id),
      JSON.stringify(values),
    );
  }
  assertChecked(
    await table.update({ completed_at: "infinity" }).eq("id", progress.id),
    "for ever",
  );
  assertDone(
    await table.upsert({
      enrollment_id: enrolment.id,
      module_id: module.id,
      status: "completed",
      completed_at: new Date().toISOString(),
    }, { onConflict: "enrollment_id,module_id" }).select("id"),
    "ModuleDetail",
  );
  assertDone(
    await table.update({ notes: "Again" }).eq("id", progress.id).select("*"),
    "ModuleDetail",
  );
  assertUntouched(
    await other.client.from("module_progress").update({ notes: "Mine" })
      .eq("id", progress.id).select(),
    "another's",
  );
});

async function givenAssessment(): Promise<Someone> {
  return must(
    await db.from("capability_assessments")
      .insert({ id: crypto.randomUUID() }).select("id").single(),
  );
}

/** An evaluation as InstructorAssignmentScoring sends it. */
const evaluationOf = (by: Someone, about: Someone, assessment: Someone) => ({
  assessment_id: assessment.id,
  user_id: about.id,
  enrollment_id: null as string | null,
  evaluator_id: by.id,
  is_self_assessment: false,
  status: "completed",
  completed_at: new Date().toISOString(),
});

async function givenEvaluation(by: Person, about: Someone): Promise<Someone> {
  return must(
    await by.client.from("capability_snapshots")
      .insert(evaluationOf(by, about, await givenAssessment()))
      .select("id").single(),
  );
}

Deno.test("an evaluation is signed by its evaluator, who has to do with whom it is about", async () => {
  const teaching: Teaching = await givenTeaching();
  const { client, coach, stranger, other, enrolment, otherEnrolment } =
    teaching;
  const assessment = await givenAssessment();
  const table = ({ client }: Person) => client.from("capability_snapshots");
  for (
    const [who, evaluator, about] of [
      [client, coach, client],
      [client, client, client],
      [client, client, coach],
      [client, coach, coach],
      [other, other, client],
      [stranger, stranger, client],
      [stranger, coach, client],
      [coach, stranger, client],
      [coach, client, coach],
    ] as const
  ) {
    for (const relationship of [undefined, "peer"]) {
      assertRefused(
        await table(who).insert({
          ...evaluationOf(evaluator, about, assessment),
          evaluation_relationship: relationship,
        }),
        [who.id, evaluator.id, about.id],
      );
    }
  }
  assertRefused(
    await table(coach).insert({
      ...evaluationOf(coach, client, assessment),
      enrollment_id: otherEnrolment.id,
    }),
    "of another's enrollment",
  );
  const { id } = must(
    await table(coach).insert({
      ...evaluationOf(coach, client, assessment),
      enrollment_id: enrolment.id,
      status: "draft",
    }).select("id").single(),
  );
  const read = () => table(client).select("*").eq("id", id);
  assertEquals(must(await read()), [], "a draft is its evaluator's");
  assertDone(
    await table(coach).update({
      status: "completed",
      completed_at: new Date().toISOString(),
    }).eq("id", id).select(),
    "InstructorAssignmentScoring",
  );
  assertEquals(must(await read()).length, 1);
  for (
    const values of [
      { title: "Best" },
      { notes: "Best of all" },
      { status: "draft" },
      { completed_at: null },
    ]
  ) {
    assertRefused(
      await table(client).update(values).eq("id", id),
      JSON.stringify(values),
    );
  }
  for (const column of ["user_id", "evaluator_id", "is_self_assessment"]) {
    const values = {
      [column]: column.endsWith("id") ? client.id : true,
    } as { title?: string };
    assertRefused(await table(client).update(values).eq("id", id), column);
    assertRefused(await table(coach).update(values).eq("id", id), column);
  }
  assertUntouched(
    await table(client).delete().eq("id", id).select(),
    "what somebody else signed",
  );
  assertDone(
    await table(client).update({ shared_with_coach: true }).eq("id", id)
      .select(),
    "CapabilityAssessmentDetail",
  );
});

Deno.test("members of one group evaluate one another, and nobody who has left", async () => {
  const { client, other } = await givenTeaching();
  const group = must(
    await db.from("groups").insert({ name: "Circle", created_by: client.id })
      .select("id").single(),
  );
  must(
    await db.from("group_memberships").insert(
      [client, other].map(({ id }) => ({
        group_id: group.id,
        user_id: id,
        status: "active" as const,
      })),
    ).select(),
  );
  const assessment = await givenAssessment();
  const table = other.client.from("capability_snapshots");
  // as PeerSessionEvaluationPage and then CapabilitySnapshotForm send it
  const peer = {
    assessment_id: assessment.id,
    user_id: client.id,
    evaluator_id: other.id,
    is_self_assessment: false,
    evaluation_relationship: "peer",
    status: "draft",
    title: "Peer evaluation",
  };
  const { id } = must(await table.insert(peer).select("id").single());
  for (
    const values of [
      {
        title: "Peer",
        notes: "Calm",
        shared_with_coach: false,
        shared_with_instructor: false,
        updated_at: new Date().toISOString(),
      },
      { status: "completed", completed_at: new Date().toISOString() },
    ]
  ) {
    assertDone(
      await table.update(values).eq("id", id).select(),
      JSON.stringify(values),
    );
  }
  must(
    await db.from("group_memberships").update({ status: "left" })
      .eq("user_id", other.id).select(),
  );
  assertRefused(await table.insert(peer), "who left");
  assertUntouched(
    await table.update({ notes: "Loud" }).eq("id", id).select(),
    "who left",
  );
});

Deno.test("a self-assessment is one's own, without an evaluator, and on the own enrollment", async () => {
  const { client, coach, enrolment, otherEnrolment } = await givenTeaching();
  const table = client.client.from("capability_snapshots");
  // as CapabilitySnapshotForm sends it
  const own = {
    assessment_id: (await givenAssessment()).id,
    user_id: client.id,
    title: "June",
    notes: null,
    shared_with_coach: true,
    shared_with_instructor: false,
    status: "draft",
    completed_at: null,
    is_self_assessment: true,
    enrollment_id: enrolment.id,
  };
  for (
    const values of [
      { evaluator_id: coach.id },
      { evaluator_id: client.id },
      { evaluation_relationship: "manager" },
      { enrollment_id: otherEnrolment.id },
      { user_id: coach.id },
      { created_at: "2020-01-01T00:00:00Z" },
      { updated_at: "2020-01-01T00:00:00Z" },
    ]
  ) {
    assertRefused(
      await table.insert({ ...own, ...values }),
      JSON.stringify(values),
    );
  }
  assertChecked(await table.insert({ ...own, title: "x".repeat(301) }), "long");
  const { id } = must(await table.insert(own).select("*").single());
  assertChecked(
    await table.update({ completed_at: "infinity" }).eq("id", id),
    "for ever",
  );
  assertDone(
    await table.update({
      status: "completed",
      completed_at: new Date().toISOString(),
    }).eq("id", id).select(),
    "CapabilitySnapshotForm",
  );
  assertEquals(
    must(
      await coach.client.from("capability_snapshots").select("title")
        .eq("id", id),
    ),
    [{ title: "June" }],
  );
  assertUntouched(
    await coach.client.from("capability_snapshots").update({ title: "Mine" })
      .eq("id", id).select(),
    "the coach",
  );
  assertDone(await table.delete().eq("id", id).select(), "delete");
});
