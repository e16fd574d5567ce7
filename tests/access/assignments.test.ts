// drift-ignore-file not-granted: tries what nobody may, to see it refused
import type { Person } from "../support/people.ts";
import { must, type Someone, unique } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import { givenAssessment, givenEvaluation } from "./evaluations.ts";
import {
  assertChecked,
  assertDone,
  assertRefused,
  assertUntouched,
  givenTeaching,
} from "./teaching.ts";

const db = secretClient();

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
