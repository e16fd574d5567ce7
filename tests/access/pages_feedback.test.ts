import { assertEquals } from "@std/assert";
import { createPerson, type Person } from "../support/people.ts";
import { givenEnrolment, givenModule, must, unique } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";

const db = secretClient();

/** An assignment of a client's module, which is completed. */
async function givenAssignment(
  client: Person,
  assessor: Person,
  values: { status: string; is_private?: boolean; overall_comments: string },
): Promise<void> {
  const module = await givenModule({ title: "Delegation" });
  const enrolment = await givenEnrolment({
    client,
    program: { id: module.programId },
  });
  const progress = must(
    await db.from("module_progress").insert({
      enrollment_id: enrolment.id,
      module_id: module.id,
      status: "completed",
      completed_at: new Date().toISOString(),
    }).select("id").single(),
  );
  const type = must(
    await db.from("module_assignment_types").insert({
      name: unique("assignment type"),
    }).select("id").single(),
  );
  must(
    await db.from("module_assignments").insert({
      module_progress_id: progress.id,
      assignment_type_id: type.id,
      assessor_id: assessor.id,
      ...values,
    }).select(),
  );
}

async function givenScenario(
  client: Person,
  evaluator: Person,
  values: { status: string; overall_notes: string },
): Promise<void> {
  const template = must(
    await db.from("scenario_templates").insert({ id: crypto.randomUUID() })
      .select("id").single(),
  );
  must(
    await db.from("scenario_assignments").insert({
      template_id: template.id,
      user_id: client.id,
      evaluated_by: evaluator.id,
      ...values,
    }).select(),
  );
}

Deno.test("the feedback inbox has completed assignments and evaluated scenarios, and none that is reviewed, private or open", async () => {
  const client = await createPerson();
  const staff = await createPerson({ role: "instructor", name: "Ines Coach" });
  await givenAssignment(client, staff, {
    status: "completed",
    overall_comments: "Clear and brief",
  });
  await givenAssignment(client, staff, {
    status: "reviewed",
    overall_comments: "Not yet",
  });
  await givenAssignment(client, staff, {
    status: "completed",
    is_private: true,
    overall_comments: "Among staff",
  });
  await givenScenario(client, staff, {
    status: "evaluated",
    overall_notes: "You listened",
  });
  await givenScenario(client, staff, {
    status: "submitted",
    overall_notes: "A draft",
  });

  const rows = must(await client.client.rpc("feedback_inbox"));
  assertEquals(
    rows.map(({ kind, title, feedback, author_name }) =>
      [kind, title, feedback, author_name].join(": ")
    ).sort(),
    [
      "assignment: Delegation: Clear and brief: Ines Coach",
      "scenario: Scenario: You listened: Ines Coach",
    ],
  );
  assertEquals(must(await staff.client.rpc("feedback_inbox")), []);
});
