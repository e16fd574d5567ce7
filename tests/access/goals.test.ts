// drift-ignore-file not-granted: tries what nobody may, to see it refused
import { assertEquals } from "@std/assert";
import { createPerson, type Person } from "../support/people.ts";
import { type Insert, must, type Someone } from "../support/rows.ts";
import { sqlTest, value } from "../support/sql.ts";
import { secretClient } from "../support/stack.ts";
import {
  assertChecked,
  assertDone,
  assertRefused,
  assertUntouched,
  givenTeaching,
} from "./teaching.ts";

const db = secretClient();

/** A goal as GoalForm sends it. */
const goalOf = ({ id }: Someone, values: Insert<"goals"> = {}) => ({
  user_id: id,
  title: "Lead",
  description: "A team",
  category: "career_business" as const,
  timeframe_type: "short_term",
  priority: "medium",
  target_date: "2031-01-01",
  status: "active",
  is_private: false,
  ...values,
});

async function givenGoal(
  owner: Person,
  values: Insert<"goals"> = {},
): Promise<Someone> {
  return must(
    await owner.client.from("goals").insert(goalOf(owner, values))
      .select("id").single(),
  );
}

async function givenMilestone(owner: Person, goal: Someone, title: string) {
  return must(
    await owner.client.from("goal_milestones").insert({
      goal_id: goal.id,
      title,
      description: null,
      status: "not_started",
      due_date: "2031-01-01",
      order_index: 0,
      is_private: false,
    }).select("id").single(),
  );
}

/** The titles of goals and milestones and the comments that somebody reads of a person's goals. */
async function seenBy(reader: Person, goals: Someone[]) {
  const ids = goals.map(({ id }) => id);
  const milestones = await reader.client.from("goal_milestones")
    .select("title").in("goal_id", ids);
  const comments = await reader.client.from("goal_comments")
    .select("comment").in("goal_id", ids);
  const titles = await reader.client.from("goals").select("title")
    .in("id", ids);
  return [
    ...must(titles).map(({ title }) => title),
    ...must(milestones).map(({ title }) => title),
    ...must(comments).map(({ comment }) => comment),
  ].sort();
}

Deno.test("a coach reads the goals of assigned clients that are not private, with what hangs on them, and no other goal", async () => {
  const { client, coach, stranger } = await givenTeaching();
  const open = await givenGoal(client, { title: "Open" });
  const hidden = await givenGoal(client, { title: "Hidden", is_private: true });
  for (const [goal, name] of [[open, "open"], [hidden, "hidden"]] as const) {
    await givenMilestone(client, goal, `${name} milestone`);
    must(
      await client.client.from("goal_comments").insert({
        goal_id: goal.id,
        user_id: client.id,
        comment: `${name} comment`,
      }).select(),
    );
  }
  const programCoach = await createPerson({ role: "coach" });
  const goals = [open, hidden];
  assertEquals((await seenBy(client, goals)).length, 6);
  assertEquals(await seenBy(coach, goals), [
    "Open",
    "open comment",
    "open milestone",
  ]);
  for (const nobody of [stranger, programCoach]) {
    assertEquals(await seenBy(nobody, goals), []);
  }

  must(
    await client.client.from("goals").update({ is_private: true })
      .eq("id", open.id).select(),
  );
  assertEquals(await seenBy(coach, goals), []);
});

Deno.test("a coach comments on the goals there are to see, in the own name, and takes back nothing but the own comment", async () => {
  const { client, coach, stranger } = await givenTeaching();
  const open = await givenGoal(client);
  const hidden = await givenGoal(client, { is_private: true });
  const comment = (goal: Someone, { id }: Someone) => ({
    goal_id: goal.id,
    user_id: id,
    comment: "Well put",
  });
  const table = (person: Person) => person.client.from("goal_comments");
  assertDone(await table(coach).insert(comment(open, coach)).select(), "own");
  assertRefused(await table(coach).insert(comment(hidden, coach)), "hidden");
  assertRefused(await table(coach).insert(comment(open, client)), "forged");
  assertRefused(
    await table(stranger).insert(comment(open, stranger)),
    "stranger",
  );
  const of = (person: Person) => table(person).delete().eq("goal_id", open.id);
  assertUntouched(await of(client).select(), "the owner's delete");
  assertRefused(
    await table(coach).update({ comment: "No" }).eq("goal_id", open.id),
    "no page edits a comment",
  );
  assertChecked(
    await table(coach).insert({
      ...comment(open, coach),
      comment: "x".repeat(5001),
    }),
    "long",
  );
  assertDone(await of(coach).select(), "the author's delete");
});

Deno.test("a goal is written as the page writes it, and neither its progress nor its time is its owner's word", async () => {
  const { client, other } = await givenTeaching();
  const table = client.client.from("goals");
  const goal = await givenGoal(client, { progress_percentage: 0 });
  const { user_id: _, ...changes } = goalOf(client, { status: "completed" });
  assertDone(
    await table.update({ ...changes, user_id: client.id }).eq("id", goal.id)
      .select(),
    "GoalForm",
  );
  assertDone(
    await table.update({ is_public: true }).eq("id", goal.id).select(),
    "PublicProfileSettings",
  );
  for (
    const values of [
      { progress_percentage: 100 },
      { created_at: "2020-01-01T00:00:00Z" },
      { updated_at: "2020-01-01T00:00:00Z" },
      { user_id: other.id },
    ]
  ) {
    const about = JSON.stringify(values);
    assertRefused(
      await table.insert({ ...goalOf(client), ...values }),
      `insert ${about}`,
    );
    assertRefused(
      await table.update(values).eq("id", goal.id),
      `update ${about}`,
    );
  }
  for (
    const values of [
      { title: "x".repeat(301) },
      { description: "x".repeat(5001) },
      { target_date: "infinity" },
      { target_date: "1999-12-31" },
      { target_date: "2100-01-02" },
    ]
  ) {
    const about = JSON.stringify(values).slice(0, 60);
    assertChecked(await table.insert({ ...goalOf(client), ...values }), about);
    assertChecked(await table.update(values).eq("id", goal.id), about);
  }
});

Deno.test("milestones hang on one's own goals, and stay there", async () => {
  const { client, other } = await givenTeaching();
  const [own, theirs] = [await givenGoal(client), await givenGoal(other)];
  const milestone = await givenMilestone(client, own, "First");
  const table = client.client.from("goal_milestones");
  assertRefused(
    await table.insert({ goal_id: theirs.id, title: "Mine", order_index: 0 }),
    "on another's goal",
  );
  assertRefused(
    await table.update({ goal_id: theirs.id }).eq("id", milestone.id),
    "moved",
  );
  assertDone(
    await table.update({
      title: "First talk",
      description: "Soon",
      status: "completed",
      due_date: "2031-02-01",
      is_private: true,
      order_index: 2,
    }).eq("id", milestone.id).select(),
    "MilestoneForm",
  );
  assertChecked(
    await table.update({ title: "x".repeat(301) }).eq("id", milestone.id),
    "long",
  );
  assertDone(await table.delete().eq("id", milestone.id).select(), "delete");
});

/** A guided path of a client's, and the goal of its template. */
async function givenPath(owner: Person) {
  const template = must(
    await db.from("guided_path_templates").insert({ id: crypto.randomUUID() })
      .select("id").single(),
  );
  const templateGoal = must(
    await db.from("guided_path_template_goals").insert({
      template_id: template.id,
      title: "Lead",
      category: "career_business",
    }).select("id").single(),
  );
  const path = must(
    await owner.client.from("guided_path_instantiations").insert({
      user_id: owner.id,
      template_id: template.id,
      survey_response_id: null,
      pace_multiplier: 1.5,
      started_at: new Date().toISOString(),
      status: "active",
    }).select("id").single(),
  );
  return { template, templateGoal, path };
}

Deno.test("nobody hangs a goal on somebody else's guided path: the coach's dashboard shows the client's own", async () => {
  const { client, coach, other } = await givenTeaching();
  const own = await givenPath(client);
  const theirs = await givenPath(other);
  const onPath = (
    person: Person,
    path: Someone | null,
    templateGoal: Someone | null,
  ) =>
    person.client.from("goals").insert({
      user_id: person.id,
      title: "Lead",
      description: null,
      category: "career_business" as const,
      timeframe_type: "short_term",
      priority: "medium",
      progress_percentage: 0,
      template_goal_id: templateGoal?.id ?? null,
      instantiation_id: path?.id ?? null,
    }).select("id");
  assertDone(await onPath(client, own.path, own.templateGoal), "the page's");
  for (
    const [path, templateGoal] of [
      [theirs.path, theirs.templateGoal],
      [theirs.path, null],
      [own.path, theirs.templateGoal],
      [null, own.templateGoal],
      [{ id: crypto.randomUUID() }, null],
    ] as const
  ) {
    assertRefused(
      await onPath(client, path, templateGoal),
      JSON.stringify([path, templateGoal]),
    );
  }
  // what stood there before the rule is not counted
  must(
    await db.from("goals").insert({
      ...goalOf(other, { status: "completed" }),
      instantiation_id: own.path.id,
    }).select(),
  );
  const dashboard = must(await coach.client.rpc("readiness_dashboard"));
  assertEquals(
    dashboard.map((row) => [
      row.instantiation_id,
      row.goals_total,
      row.goals_completed,
    ]),
    [[own.path.id, 1, 0]],
  );
});

Deno.test("a guided path is started as the page does, and only its estimate changes", async () => {
  const { client, other } = await givenTeaching();
  const { template, path } = await givenPath(client);
  const table = client.client.from("guided_path_instantiations");
  assertDone(
    await table.update({ estimated_completion_date: "2031-01-01" })
      .eq("id", path.id).select(),
    "estimate",
  );
  const row = { user_id: client.id, template_id: template.id };
  for (
    const values of [
      { user_id: other.id },
      { status: "completed" },
      { actual_completion_date: "2031-01-01" },
      { created_at: "2020-01-01T00:00:00Z" },
      { survey_response_id: crypto.randomUUID() },
    ]
  ) {
    assertRefused(
      await table.insert({ ...row, ...values }),
      JSON.stringify(values),
    );
  }
  for (const values of [{ user_id: other.id }, { status: "completed" }]) {
    assertRefused(
      await table.update(values).eq("id", path.id),
      JSON.stringify(values),
    );
  }
  for (
    const values of [
      { pace_multiplier: 1e9 },
      { started_at: "infinity" },
      { started_at: "1970-01-01T00:00:00Z" },
    ]
  ) {
    assertChecked(
      await table.insert({ ...row, ...values }),
      JSON.stringify(values),
    );
  }
});

sqlTest(
  "where the web app's table of shares is there, a goal shared by its owner is read, and one shared by anybody else is not",
  async (sql) => {
    const [owner, reader] = [crypto.randomUUID(), crypto.randomUUID()];
    await sql.query(
      `insert into auth.users (id, email) values ($1, 'o@example.com'), ($2, 'r@example.com')`,
      [owner, reader],
    );
    await sql.script(`
      create table if not exists public.goal_shares (
        goal_id uuid, shared_with_user_id uuid, shared_by_user_id uuid
      )`);
    await sql.query(
      `with goal as (
        insert into public.goals (user_id, title, category, timeframe_type)
        values ($1, 'Shared', 'romance', 'long_term'), ($1, 'Forged', 'romance', 'long_term'),
          ($1, 'Own', 'romance', 'long_term')
        returning id, title
      )
      insert into public.goal_shares (goal_id, shared_with_user_id, shared_by_user_id)
      select id, $2, case title when 'Shared' then $1 else $2 end from goal where title <> 'Own'`,
      [owner, reader],
    );
    await sql.query(
      "select set_config('request.jwt.claims', jsonb_build_object('sub', $1::text)::text, true)",
      [reader],
    );
    await sql.script("set local role authenticated");
    assertEquals(
      await value(sql, "select string_agg(title, ', ') from public.goals"),
      "Shared",
    );
    await sql.script("reset role");
  },
);
