// drift-ignore-file not-granted: tries what nobody may, to see it refused
import { assertEquals } from "@std/assert";
import type { Person } from "../support/people.ts";
import { must } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import { evaluationOf, givenAssessment } from "./evaluations.ts";
import {
  assertChecked,
  assertDone,
  assertRefused,
  assertUntouched,
  givenTeaching,
  type Teaching,
} from "./teaching.ts";

const db = secretClient();

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
