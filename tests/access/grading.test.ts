// drift-ignore-file not-granted: tries what nobody may, to see it refused
import { assertEquals } from "@std/assert";
import { createPerson, type Person } from "../support/people.ts";
import {
  givenProgramCoach,
  type Insert,
  must,
  type Someone,
  unique,
} from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import {
  assertDone,
  assertRefused,
  assertUntouched,
  givenTeaching,
} from "./teaching.ts";

const db = secretClient();
const NOW = "2026-11-30T10:00:00+00:00";

const table = ({ client }: Person) => client.from("module_assignments");

/** A client's assignment, handed in, with the client's coach and a colleague who is as much the client's coach. */
async function givenHandedIn(status = "submitted") {
  const teaching = await givenTeaching();
  const { client, enrolment, progress } = teaching;
  const colleague = await createPerson({ role: "coach" });
  await givenProgramCoach({
    program: { id: enrolment.programId },
    coach: colleague,
  });
  must(
    await db.from("client_coaches")
      .insert({ client_id: client.id, coach_id: colleague.id }).select(),
  );
  const type = must(
    await db.from("module_assignment_types").insert({ name: unique("type") })
      .select("id").single(),
  );
  const form = (
    assessor: Someone,
    values: Insert<"module_assignments"> = {},
  ) => ({
    module_progress_id: progress.id,
    assignment_type_id: type.id,
    assessor_id: assessor.id,
    responses: { answer: "I listen" },
    overall_score: 3,
    overall_comments: "Mine",
    status: "submitted",
    completed_at: NOW,
    is_private: false,
    ...values,
  });
  const { id } = must(
    await table(client).insert(form(client, { status })).select("id").single(),
  );
  return { ...teaching, colleague, form, id };
}

/** InstructorAssignmentScoring, released or not. */
const scoring = (by: Someone, status: string) => ({
  scored_by: by.id,
  scored_at: NOW,
  instructor_notes: "Ask more",
  status,
});

async function rowOf(id: string) {
  return must(
    await db.from("module_assignments").select().eq("id", id).single(),
  );
}

Deno.test("what a client has handed in, staff change in the own name alone, and the client goes on reading it", async () => {
  const { client, coach, form, id } = await givenHandedIn();
  const before = await rowOf(id);
  for (
    const values of [
      { responses: { answer: "Forged" } },
      { overall_comments: "You failed" },
      { overall_score: 0 },
      { completed_at: "2026-01-01T00:00:00Z" },
      { is_private: true },
      { overall_comments: "You failed", scored_by: coach.id },
      { assessor_id: coach.id, status: "draft" },
      { status: "draft", scored_by: coach.id },
      { handed_in_by: coach.id },
    ]
  ) {
    assertRefused(
      await table(coach).update(values).eq("id", id),
      JSON.stringify(values),
    );
  }
  assertEquals(await rowOf(id), before);
  assertDone(
    await table(coach).update(
      form(coach, { responses: { answer: "Ask" }, status: "reviewed" }),
    ).eq("id", id).select(),
    "StudentDetail",
  );
  const seen = must(
    await table(client).select("assessor_id, status").eq("id", id),
  );
  assertEquals(seen, [{ assessor_id: coach.id, status: "reviewed" }]);
});

Deno.test("a client's draft is the client's: staff fill it in and hand it in, or leave it", async () => {
  const { coach, form, id } = await givenHandedIn("draft");
  assertRefused(
    await table(coach).update(form(coach, { status: "draft" })).eq("id", id),
    "still a draft",
  );
  assertRefused(
    await table(coach).update(scoring(coach, "draft")).eq("id", id),
    "scored as a draft",
  );
  assertDone(
    await table(coach).update(form(coach)).eq("id", id).select(),
    "handed in",
  );
});

Deno.test("staff change nothing that a colleague has filled in or scored", async () => {
  const { coach, colleague, form, id } = await givenHandedIn();
  const filled = await givenHandedIn();
  must(
    await table(coach).update(scoring(coach, "reviewed")).eq("id", id)
      .select(),
  );
  must(
    await table(filled.coach).update(filled.form(filled.coach))
      .eq("id", filled.id).select(),
  );
  for (
    const [who, assignment, it] of [
      [colleague, id, form(colleague)],
      [filled.colleague, filled.id, filled.form(filled.colleague)],
    ] as const
  ) {
    const before = await rowOf(assignment);
    for (
      const values of [
        { overall_comments: "You failed. Pay" },
        { overall_score: 0 },
        { responses: {} },
        { status: "completed" },
        { instructor_notes: "You failed" },
        { overall_comments: "You failed", assessor_id: who.id },
        it,
      ]
    ) {
      assertRefused(
        await table(who).update(values).eq("id", assignment),
        JSON.stringify(values),
      );
    }
    assertEquals(await rowOf(assignment), before);
  }
  assertRefused(
    await table(colleague).update(scoring(colleague, "reviewed")).eq("id", id),
    "a second score",
  );
  assertDone(
    await table(filled.colleague).update(scoring(filled.colleague, "reviewed"))
      .eq("id", filled.id).select(),
    "a form that a colleague went over is scored by whoever signs",
  );
});

Deno.test("nobody says of an assignment how far it is without a signature", async () => {
  const { coach, id } = await givenHandedIn();
  for (const status of ["reviewed", "completed"]) {
    assertRefused(
      await table(coach).update({ status }).eq("id", id),
      status,
    );
    assertRefused(
      await table(coach).update({ status, instructor_notes: "Go on" })
        .eq("id", id),
      status,
    );
  }
});

Deno.test("a client writes nothing more once staff have begun to score, and takes no score for a draft", async () => {
  const { client, coach, id } = await givenHandedIn();
  assertDone(
    await table(client).update({ overall_score: 5 }).eq("id", id).select(),
    "ModuleAssignmentForm, not scored yet",
  );
  must(
    await table(coach).update(scoring(coach, "submitted")).eq("id", id)
      .select(),
  );
  for (
    const values of [
      { overall_score: 100, overall_comments: "excellent" },
      { responses: {} },
      { completed_at: NOW },
      { status: "draft" },
    ]
  ) {
    assertUntouched(
      await table(client).update(values).eq("id", id).select(),
      JSON.stringify(values),
    );
  }
});

Deno.test("a scorer's notes reach the client with the review, and not before", async () => {
  const { client, coach, colleague, id } = await givenHandedIn();
  const drafts = ({ client }: Person) =>
    client.from("scoring_drafts").select("instructor_notes, author_id")
      .eq("assignment_id", id);
  const notes = async (person: Person) =>
    must(
      await table(person).select("instructor_notes").eq("id", id).single(),
    ).instructor_notes;
  const save = async (by: Person, status: string) =>
    must(
      await table(by).update(scoring(by, status)).eq("id", id).select(),
    );
  await save(coach, "submitted");
  assertEquals(await notes(client), null);
  assertEquals(must(await drafts(client)), []);
  assertEquals(must(await drafts(colleague)), []);
  assertEquals(must(await drafts(coach)), [
    { instructor_notes: "Ask more", author_id: coach.id },
  ]);
  // a colleague who names the column, and changes nothing
  const { error } = await table(colleague).update({ instructor_notes: null })
    .eq("id", id);
  assertEquals(error, null); // there is nothing of it in the row
  assertEquals(must(await drafts(coach)).length, 1);
  for (
    const answer of [
      await coach.client.from("scoring_drafts").insert({
        assignment_id: id,
        instructor_notes: "Mine",
      }),
      await coach.client.from("scoring_drafts").delete()
        .eq("assignment_id", id),
    ]
  ) {
    assertRefused(answer, "drafts follow the assignment");
  }

  await save(coach, "reviewed");
  assertEquals(await notes(client), "Ask more");
  assertEquals(must(await drafts(coach)), []);
  const inbox = must(await client.client.rpc("feedback_inbox"));
  assertEquals(
    inbox.map(({ feedback, author_id }) => [feedback, author_id]),
    [["Ask more", coach.id]],
  );

  // taken back, it is a draft again
  must(
    await table(coach).update({ status: "submitted" }).eq("id", id).select(),
  );
  assertEquals(await notes(client), null);
  assertEquals(must(await drafts(coach)).length, 1);
  assertEquals(must(await client.client.rpc("feedback_inbox")), []);
  must(
    await table(coach).update({
      ...scoring(coach, "submitted"),
      scored_at: "2026-11-30T11:00:00+00:00",
      instructor_notes: null,
    }).eq("id", id).select(),
  );
  assertEquals(must(await drafts(coach)), [], "saved without");
});

Deno.test("the inbox puts nobody's name under another's words", async () => {
  const { client, coach, form, id, colleague } = await givenHandedIn();
  const inbox = async () =>
    must(await client.client.rpc("feedback_inbox"))
      .map(({ feedback, author_id }) => [feedback, author_id]);
  must(
    await table(coach).update({
      ...scoring(coach, "reviewed"),
      instructor_notes: null,
    }).eq("id", id).select(),
  );
  assertEquals(await inbox(), [[null, coach.id]], "not the client's own words");

  const second = must(
    await table(client).insert({
      ...form(client),
      assignment_type_id: must(
        await db.from("module_assignment_types")
          .insert({ name: unique("type") }).select("id").single(),
      ).id,
    }).select("id, assignment_type_id").single(),
  );
  must(
    await table(coach).update({
      ...form(coach, { overall_comments: "Brief" }),
      assignment_type_id: second.assignment_type_id,
    }).eq("id", second.id).select(),
  );
  must(
    await table(colleague).update({
      ...scoring(colleague, "reviewed"),
      instructor_notes: null,
    }).eq("id", second.id).select(),
  );
  assertEquals(
    (await inbox()).filter(([, author]) => author === colleague.id),
    [],
  );
  assertEquals((await inbox()).map(([feedback]) => feedback).toSorted(), [
    "Brief",
    null,
  ]);
});

Deno.test("a scenario's verdict comes with its evaluation, signed, and nobody else hands it in", async () => {
  const { client, coach, colleague, enrolment, module } = await givenTeaching()
    .then(async (it) => {
      const colleague = await createPerson({ role: "coach" });
      await givenProgramCoach({
        program: { id: it.enrolment.programId },
        coach: colleague,
      });
      return { ...it, colleague };
    });
  const template = must(
    await db.from("scenario_templates").insert({ id: crypto.randomUUID() })
      .select("id").single(),
  );
  const scenarios = ({ client }: Person) => client.from("scenario_assignments");
  const { id } = must(
    await scenarios(client).insert({
      template_id: template.id,
      user_id: client.id,
      enrollment_id: enrolment.id,
      module_id: module.id,
      status: "draft",
    }).select("id").single(),
  );
  const change = (by: Person, values: Insert<"scenario_assignments">) =>
    scenarios(by).update(values).eq("id", id).select();
  for (const status of ["submitted", "in_review", "evaluated"]) {
    assertRefused(
      await change(coach, { status, evaluated_by: coach.id }),
      status,
    );
  }
  assertDone(
    await change(client, { status: "submitted", submitted_at: NOW }),
    "the client",
  );
  for (
    const values of [
      { status: "draft" },
      { submitted_at: "2020-01-01T00:00:00Z" },
      { status: "evaluated" },
      { overall_notes: "DRAFT verdict" },
      { status: "in_review", overall_notes: "DRAFT verdict" },
      { status: "in_review", evaluated_by: coach.id },
    ]
  ) {
    assertRefused(await change(coach, values), JSON.stringify(values));
  }
  assertDone(await change(coach, { status: "in_review" }), "in review");
  assertDone(
    await change(coach, {
      status: "evaluated",
      evaluated_at: NOW,
      evaluated_by: coach.id,
      overall_notes: "You listened",
    }),
    "useScenarioAssignments",
  );
  assertUntouched(
    await change(colleague, {
      evaluated_by: colleague.id,
      overall_notes: "No",
    }),
    "a colleague",
  );
});
