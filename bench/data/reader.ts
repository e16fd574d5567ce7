import { createPerson, type Person } from "../../tests/support/people.ts";
import {
  givenEnrolment,
  givenModule,
  givenProgram,
  must,
} from "../../tests/support/rows.ts";
import { secretClient } from "../../tests/support/stack.ts";

/** As many of a kind as a prompt is made of. */
const FIVE = [1, 2, 3, 4, 5];
const db = secretClient();

/** A client who consents to the AI, with completed modules, goals, milestones, reflections and a wheel. */
export async function givenReader(): Promise<Person> {
  const reader = await createPerson({ role: "client" });
  const user_id = reader.id;
  must(
    await db.from("ai_preferences").upsert({
      user_id,
      ai_insights_enabled: true,
      consent_given_at: new Date().toISOString(),
    }, { onConflict: "user_id" }).select("user_id"),
  );
  must(
    await db.from("wheel_of_life_snapshots").insert({
      user_id,
      snapshot_date: inDays(-7),
      finances: 4,
      romance: 8,
      career_business: 3,
    }).select("id"),
  );
  must(
    await db.from("development_items").insert(
      FIVE.map((n) => ({
        user_id,
        item_type: "reflection",
        content: `I listened before I answered, ${n} times.`,
        is_private: false,
      })),
    ).select("id"),
  );
  await givenGoals(user_id);
  await givenCompletedModules(reader);
  return reader;
}

async function givenGoals(user_id: string): Promise<void> {
  const goals = must(
    await db.from("goals").insert(
      FIVE.map((n) => ({
        user_id,
        title: `Lead a team of ${n}`,
        category: "career_business" as const,
        timeframe_type: "short_term",
        target_date: inDays(2 * n),
      })),
    ).select("id"),
  );
  must(
    await db.from("goal_milestones").insert(
      goals.flatMap(({ id }) =>
        ["completed", "in_progress"].map((status, order_index) => ({
          goal_id: id,
          title: "First talk",
          due_date: inDays(5),
          status,
          order_index,
        }))
      ),
    ).select("id"),
  );
}

async function givenCompletedModules(client: Person): Promise<void> {
  const program = await givenProgram();
  const { id: enrollment_id } = await givenEnrolment({ client, program });
  for (const n of FIVE) {
    const { id: module_id } = await givenModule({
      program,
      title: `Delegation, part ${n}`,
    });
    must(
      await db.from("module_progress").insert({
        enrollment_id,
        module_id,
        status: "completed",
        completed_at: new Date().toISOString(),
      }).select("id"),
    );
  }
}

/** A day, so many from today. */
function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
