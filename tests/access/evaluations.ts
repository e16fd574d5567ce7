import type { Person } from "../support/people.ts";
import { must, type Someone } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";

const db = secretClient();

export async function givenAssessment(): Promise<Someone> {
  return must(
    await db.from("capability_assessments")
      .insert({ id: crypto.randomUUID() }).select("id").single(),
  );
}

/** An evaluation as InstructorAssignmentScoring sends it. */
export const evaluationOf = (
  by: Someone,
  about: Someone,
  assessment: Someone,
) => ({
  assessment_id: assessment.id,
  user_id: about.id,
  enrollment_id: null as string | null,
  evaluator_id: by.id,
  is_self_assessment: false,
  status: "completed",
  completed_at: new Date().toISOString(),
});

export async function givenEvaluation(
  by: Person,
  about: Someone,
): Promise<Someone> {
  return must(
    await by.client.from("capability_snapshots")
      .insert(evaluationOf(by, about, await givenAssessment()))
      .select("id").single(),
  );
}
