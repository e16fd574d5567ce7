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
  type Teaching,
} from "./teaching.ts";

const db = secretClient();

async function givenTemplate(): Promise<Someone> {
  return must(
    await db.from("scenario_templates").insert({ id: crypto.randomUUID() })
      .select("id").single(),
  );
}

async function givenParagraph(): Promise<Someone> {
  return must(
    await db.from("section_paragraphs").insert({ id: crypto.randomUUID() })
      .select("id").single(),
  );
}

const table = ({ client }: Person) => client.from("scenario_assignments");

async function givenSubmitted({ client }: Teaching): Promise<Someone> {
  const { id } = must(
    await table(client).insert({
      template_id: (await givenTemplate()).id,
      user_id: client.id,
      status: "draft",
    }).select("id").single(),
  );
  assertDone(
    await table(client).update({
      status: "submitted",
      submitted_at: new Date().toISOString(),
    }).in("id", [id]).select(),
    "ModuleAssignmentForm",
  );
  return { id };
}

Deno.test("a scenario is taken by the client, or given by the client's staff in the own name", async () => {
  const teaching = await givenTeaching();
  const { client, coach, stranger, other, enrolment, module } = teaching;
  const template = await givenTemplate();
  const first = await givenSubmitted(teaching);
  const foreign = must(
    await db.from("module_progress").select("module_id")
      .eq("enrollment_id", teaching.otherEnrolment.id).single(),
  ).module_id;
  const own = {
    template_id: template.id,
    user_id: client.id,
    module_id: module.id,
    enrollment_id: enrolment.id,
    status: "draft",
    parent_assignment_id: first.id,
    attempt_number: 2,
  };
  for (
    const [who, values] of [
      [client, { user_id: other.id }],
      [client, { status: "submitted" }],
      [client, { status: "evaluated" }],
      [client, { assigned_by: coach.id }],
      [client, { assigned_by: client.id }],
      [client, { revision_notes: "Well done" }],
      [client, { enrollment_id: teaching.otherEnrolment.id }],
      [client, { module_id: foreign }],
      [client, { evaluated_by: coach.id }],
      [client, { overall_notes: "Well done" }],
      [client, { assigned_at: "2020-01-01T00:00:00Z" }],
      [other, { user_id: other.id, enrollment_id: null, module_id: null }],
      [stranger, { assigned_by: stranger.id }],
      [coach, {}],
      [coach, { assigned_by: stranger.id }],
      [coach, { assigned_by: coach.id, status: "evaluated" }],
      [coach, { assigned_by: coach.id, user_id: other.id }],
    ] as const
  ) {
    assertRefused(
      await table(who).insert({ ...own, ...values }),
      [who.id, JSON.stringify(values)],
    );
  }
  assertChecked(
    await table(client).insert({ ...own, attempt_number: 1e6 }),
    "",
  );
  assertDone(
    await table(client).insert(own).select("id"),
    "ModuleScenariosSection",
  );
  assertDone(
    await table(coach).insert({
      ...own,
      template_id: (await givenTemplate()).id,
      assigned_by: coach.id,
      revision_notes: "Once more",
    }).select("id"),
    "useScenarioAssignments",
  );
});

Deno.test("a scenario is evaluated by staff who sign, and not by the client or in another's name", async () => {
  const teaching = await givenTeaching();
  const { client, coach, stranger, enrolment } = teaching;
  const { id } = await givenSubmitted(teaching);
  const evaluation = {
    status: "evaluated",
    evaluated_at: new Date().toISOString(),
    evaluated_by: coach.id,
    overall_notes: "You listened",
  };
  for (
    const values of [
      { status: "evaluated" },
      { status: "in_review" },
      { evaluated_by: client.id },
      { evaluated_at: evaluation.evaluated_at },
      { overall_notes: "Best of all" },
      { user_id: stranger.id },
      { template_id: (await givenTemplate()).id },
    ]
  ) {
    assertRefused(
      await table(client).update(values).eq("id", id),
      JSON.stringify(values),
    );
  }
  assertUntouched(
    await table(stranger).update({ ...evaluation, evaluated_by: stranger.id })
      .eq("id", id).select(),
    "a stranger",
  );
  assertRefused(
    await table(coach).update({ ...evaluation, evaluated_by: stranger.id })
      .eq("id", id),
    "in another's name",
  );
  assertRefused(
    await table(coach).update({ submitted_at: "2020-01-01T00:00:00Z" })
      .eq("id", id),
    "when the client handed in",
  );
  assertDone(
    await table(coach).update({ status: "in_review" }).eq("id", id)
      .eq("status", "submitted").select(),
    "review",
  );
  assertDone(
    await table(coach).update(evaluation).eq("id", id).select(),
    "useScenarioAssignments",
  );
  const second = await createPerson({ role: "coach" });
  must(
    await db.from("program_coaches").insert({
      program_id: enrolment.programId,
      coach_id: second.id,
    }).select(),
  );
  for (const who of [client, second]) {
    assertUntouched(
      await table(who).update({ status: "draft" }).eq("id", id).select(),
      "what another signed",
    );
  }
  assertUntouched(await table(client).delete().eq("id", id).select(), "delete");
});

Deno.test("a client drops the own drafts, and what is handed in stays", async () => {
  const teaching = await givenTeaching();
  const { client, other } = teaching;
  const submitted = await givenSubmitted(teaching);
  const draft = must(
    await table(client).insert({
      template_id: (await givenTemplate()).id,
      user_id: client.id,
    }).select("id").single(),
  );
  const drop = (who: Person, { id }: Someone) =>
    table(who).delete().eq("id", id).select();
  assertUntouched(await drop(client, submitted), "submitted");
  assertUntouched(await drop(other, draft), "another's");
  assertDone(await drop(client, draft), "useScenarioAssignments");
});

Deno.test("a paragraph is evaluated by staff of the client, and each who writes signs", async () => {
  const teaching = await givenTeaching();
  const { client, coach, stranger, enrolment } = teaching;
  const assignment = await givenSubmitted(teaching);
  const paragraph = await givenParagraph();
  const save = (who: Person, evaluator: Someone, feedback = "Clear") =>
    who.client.from("paragraph_evaluations").upsert({
      assignment_id: assignment.id,
      paragraph_id: paragraph.id,
      feedback,
      evaluator_id: evaluator.id,
    }, { onConflict: "assignment_id,paragraph_id" }).select();
  for (
    const [who, evaluator] of [
      [client, client],
      [client, coach],
      [stranger, stranger],
      [stranger, coach],
      [coach, stranger],
    ] as const
  ) {
    assertRefused(await save(who, evaluator), [who.id, evaluator.id]);
  }
  assertChecked(await save(coach, coach, "x".repeat(5001)), "long");
  assertDone(await save(coach, coach), "useScenarioResponses");
  assertDone(await save(coach, coach, "Clear and brief"), "and again");

  const second = await createPerson({ role: "coach" });
  must(
    await db.from("program_coaches").insert({
      program_id: enrolment.programId,
      coach_id: second.id,
    }).select(),
  );
  const rows = second.client.from("paragraph_evaluations");
  assertRefused(
    await rows.update({ feedback: "Mine" })
      .eq("assignment_id", assignment.id),
    "the first's name under the second's words",
  );
  for (const { client } of [teaching.coach, second]) {
    assertRefused(
      await client.from("paragraph_evaluations").delete()
        .eq("assignment_id", assignment.id),
      "no page deletes one",
    );
  }
  assertDone(await save(second, second, "Brief"), "a second evaluator");
  const other = await givenSubmitted({ ...teaching });
  assertRefused(
    await rows.update({ assignment_id: other.id, evaluator_id: second.id })
      .eq("assignment_id", assignment.id),
    "moved",
  );
  assertEquals(
    must(await rows.select("feedback, evaluator_id")),
    [{ feedback: "Brief", evaluator_id: second.id }],
  );
});
