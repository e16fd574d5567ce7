// drift-ignore-file not-granted: tries what nobody may, to see it refused
import { assertEquals } from "@std/assert";
import { createPerson, type Person } from "../support/people.ts";
import {
  givenCohort,
  givenProgramCoach,
  must,
  type Someone,
} from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import {
  assertChecked,
  assertDone,
  assertRefused,
  assertUntouched,
  givenTeaching,
} from "./teaching.ts";

const db = secretClient();

/** An item as DevelopmentItemDialog sends it. */
const itemOf = (user: Someone, author: Someone | null) => ({
  user_id: user.id,
  author_id: author?.id,
  item_type: "action_item",
  title: "Read",
  content: "A chapter",
  resource_type: "link",
  resource_url: "https://example.com",
  file_path: null,
  file_size: null,
  mime_type: null,
  library_resource_id: null,
  status: "pending",
  due_date: "2031-01-01",
});

const itemsOf = (person: Person) => person.client.from("development_items");

async function givenItem(by: Person, about: Someone): Promise<Someone> {
  return must(
    await itemsOf(by).insert(itemOf(about, by)).select("*").single(),
  );
}

async function givenPrompt(owner: Person): Promise<Someone> {
  const saved = must(
    await owner.client.rpc("save_reflection_prompt", {
      p_period_type: "weekly",
      p_period_start: new Date().toISOString().slice(0, 10),
      p_text: "What did you learn?",
      p_source: "fallback",
    }),
  );
  return Object(saved).prompt;
}

Deno.test("an item is written by its owner or by staff of the client, signed with the writer's id", async () => {
  const { client, coach, stranger, other } = await givenTeaching();
  assertDone(
    await itemsOf(client).insert(itemOf(client, client)).select("*"),
    "own",
  );
  assertDone(
    await itemsOf(coach).insert(itemOf(client, coach)).select("*"),
    "the coach's",
  );
  for (
    const [who, about, author] of [
      [client, client, coach],
      [client, other, client],
      [client, other, null],
      [coach, client, client],
      [coach, client, null],
      [coach, other, coach],
      [stranger, client, stranger],
      [stranger, client, client],
      [other, client, other],
    ] as const
  ) {
    assertRefused(
      await itemsOf(who).insert(itemOf(about, author)),
      [who.id, about.id, author?.id],
    );
  }
  for (
    const values of [
      { created_at: "2020-01-01T00:00:00Z" },
      { updated_at: "2020-01-01T00:00:00Z" },
      { completed_at: "2020-01-01T00:00:00Z" },
      { is_private: true },
    ]
  ) {
    assertRefused(
      await itemsOf(client).insert({ ...itemOf(client, client), ...values }),
      JSON.stringify(values),
    );
  }
});

Deno.test("a coach's words are neither edited nor deleted by whom they are about, who alone may complete them", async () => {
  const { client, coach, stranger } = await givenTeaching();
  const { id } = await givenItem(coach, client);
  for (
    const values of [
      { title: "Do nothing" },
      { content: "All done" },
      { resource_url: "https://evil.example" },
      { due_date: "2099-01-01" },
    ]
  ) {
    assertRefused(
      await itemsOf(client).update(values).eq("id", id),
      JSON.stringify(values),
    );
  }
  assertDone(
    await itemsOf(client).update({
      status: "completed",
      completed_at: new Date().toISOString(),
    }).eq("id", id).select(),
    "useActionItems",
  );
  assertUntouched(
    await itemsOf(client).delete().eq("id", id).select(),
    "delete",
  );
  for (const column of ["user_id", "author_id"] as const) {
    for (const { id: person } of [client, stranger]) {
      assertRefused(
        await itemsOf(coach).update({ [column]: person } as { title?: string })
          .eq("id", id),
        column,
      );
    }
  }
  for (const values of [{ status: "pending" }, { completed_at: null }]) {
    assertRefused(
      await itemsOf(coach).update(values).eq("id", id),
      JSON.stringify(values),
    );
  }
  assertUntouched(
    await itemsOf(stranger).update({ title: "Mine" }).eq("id", id).select(),
    "a stranger's",
  );
  assertDone(
    await itemsOf(coach).update({
      title: "Read on",
      content: null,
      resource_url: null,
      due_date: null,
      updated_at: "2001-01-01T00:00:00Z",
    }).eq("id", id).select(),
    "DevelopmentItemDialog",
  );
  assertDone(await itemsOf(coach).delete().eq("id", id).select(), "author's");
});

Deno.test("the owner's words are not the coach's to edit, and what is private is not the coach's to read", async () => {
  const { client, coach } = await givenTeaching();
  const { id } = await givenItem(client, client);
  const edit = itemsOf(coach).update({ title: "Mine" }).eq("id", id);
  assertUntouched(await edit.select(), "edit");
  const read = () => itemsOf(coach).select("id").eq("id", id);
  assertEquals(must(await read()).length, 1);
  must(
    await db.from("development_items").update({ is_private: true })
      .eq("id", id).select(),
  );
  assertEquals(must(await read()), []);
  assertDone(
    await itemsOf(client).update({ title: "Read twice" }).eq("id", id)
      .select(),
    "own",
  );
  assertDone(await itemsOf(client).delete().eq("id", id).select(), "own");
});

Deno.test("a prompt is answered with an own item, and nobody answers another's", async () => {
  const { client, other } = await givenTeaching();
  const [own, theirs] = [await givenPrompt(client), await givenPrompt(other)];
  // as WeeklyReflectionCard sends it
  const answer = (prompt: Someone) => ({
    user_id: client.id,
    item_type: "reflection",
    title: "Weekly reflection",
    content: "I listened",
    prompt_id: prompt.id,
  });
  assertRefused(await itemsOf(client).insert(answer(theirs)), "another's");
  const item = must(
    await itemsOf(client).insert(answer(own)).select("*").single(),
  );
  const foreign = await givenItem(other, other);
  const prompts = client.client.from("generated_prompts");
  assertRefused(
    await prompts.update({ response_item_id: foreign.id }).eq("id", own.id),
    "another's item",
  );
  assertDone(
    await prompts.update({
      status: "answered",
      answered_at: new Date().toISOString(),
      response_item_id: item.id,
    }).eq("id", own.id).select(),
    "useReflectionPrompt",
  );
  assertUntouched(
    await prompts.update({ status: "skipped" }).eq("id", theirs.id).select(),
    "another's prompt",
  );
});

Deno.test("prompts are made by the function, and neither written nor deleted by their reader", async () => {
  const { client } = await givenTeaching();
  const { id } = await givenPrompt(client);
  const prompts = client.client.from("generated_prompts");
  assertRefused(
    await prompts.insert({
      user_id: client.id,
      prompt_text: "x",
      period_type: "weekly",
      period_start: "2031-01-06",
    }),
    "insert",
  );
  for (
    const values of [
      { prompt_text: "Mine" },
      { period_start: "2031-01-06" },
      { generated_at: "2031-01-06T00:00:00Z" },
    ]
  ) {
    assertRefused(
      await prompts.update(values).eq("id", id),
      JSON.stringify(values),
    );
  }
  assertRefused(await prompts.delete().eq("id", id), "delete");
});

Deno.test("homework of a cohort's session is given by whoever runs the cohort", async () => {
  const { client, coach, stranger, enrolment } = await givenTeaching();
  const cohort = await givenCohort({ program: { id: enrolment.programId } });
  const elsewhere = await givenCohort({});
  await givenProgramCoach({
    program: { id: elsewhere.programId },
    coach: stranger,
  });
  const session = async ({ id }: Someone) =>
    must(
      await db.from("cohort_sessions").insert({
        cohort_id: id,
        title: "Kick-off",
        session_date: "2031-01-06",
      }).select("id").single(),
    );
  // as SessionHomework sends it
  const homework = ({ id }: Someone, by: Person) => ({
    user_id: client.id,
    author_id: by.id,
    item_type: "action_item",
    title: "Read",
    content: "A chapter",
    due_date: "2031-01-13",
    status: "pending",
    cohort_session_id: id,
  });
  const [own, foreign] = [await session(cohort), await session(elsewhere)];
  assertDone(
    await itemsOf(coach).insert(homework(own, coach)).select(),
    "coach",
  );
  assertRefused(
    await itemsOf(coach).insert(homework(foreign, coach)),
    "another's session",
  );
  assertRefused(
    await itemsOf(stranger).insert(homework(foreign, stranger)),
    "another's client",
  );
  assertRefused(
    await itemsOf(client).insert(homework(own, client)),
    "a client's",
  );
});

Deno.test("consent is given by the person alone, not by an admin", async () => {
  const [person, other, admin] = [
    await createPerson(),
    await createPerson(),
    await createPerson({ role: "admin" }),
  ];
  const table = ({ client }: Person) => client.from("ai_preferences");
  const consent = {
    ai_insights_enabled: true,
    ai_recommendations_enabled: true,
    consent_given_at: new Date().toISOString(),
  };
  for (const nobody of [other, admin]) {
    const update = table(nobody).update(consent).eq("user_id", person.id);
    assertUntouched(await update.select(), "another's");
  }
  assertDone(
    await table(person).update(consent).eq("user_id", person.id).select(),
    "useAIPreferences",
  );
  assertRefused(
    await table(person).update({ user_id: other.id }).eq(
      "user_id",
      person.id,
    ),
    "handed on",
  );
  assertChecked(
    await table(person).update({ consent_given_at: "infinity" })
      .eq("user_id", person.id),
    "for ever",
  );
  must(
    await db.from("ai_preferences").delete().eq("user_id", person.id).select(),
  );
  assertRefused(
    await table(person).insert({ user_id: person.id, ...consent }),
    "consent with the row",
  );
  assertRefused(await table(admin).insert({ user_id: person.id }), "admin");
  assertDone(
    await table(person).insert({ user_id: person.id })
      .select("ai_insights_enabled, consent_given_at"),
    "useAIPreferences",
  );
});

Deno.test("a wheel is written once, for oneself, and shared afterwards", async () => {
  const { client, coach, other } = await givenTeaching();
  const table = client.client.from("wheel_of_life_snapshots");
  const wheel = {
    user_id: client.id,
    snapshot_date: "2031-01-06",
    notes: "Fine",
    finances: 3,
    romance: 9,
  };
  const { id } = must(await table.insert(wheel).select("id").single());
  for (
    const values of [
      { user_id: other.id },
      { shared_with_coach: true },
      { created_at: "2020-01-01T00:00:00Z" },
    ]
  ) {
    assertRefused(
      await table.insert({ ...wheel, ...values }),
      JSON.stringify(values),
    );
  }
  assertRefused(await table.update({ finances: 10 }).eq("id", id), "a score");
  const read = () =>
    coach.client.from("wheel_of_life_snapshots").select("id").eq("id", id);
  assertEquals(must(await read()), []);
  assertDone(
    await table.update({ shared_with_coach: true }).eq("id", id).select(),
    "WheelOfLife",
  );
  assertEquals(must(await read()).length, 1);
  for (
    const values of [
      { snapshot_date: "infinity" },
      { snapshot_date: "1900-01-01" },
      { notes: "x".repeat(5001) },
    ]
  ) {
    assertChecked(
      await table.insert({ ...wheel, ...values }),
      JSON.stringify(values).slice(0, 60),
    );
  }
});
