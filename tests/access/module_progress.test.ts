// drift-ignore-file not-granted: tries what nobody may, to see it refused
import { assertEquals } from "@std/assert";
import { type Person } from "../support/people.ts";
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
