import { assertEquals } from "@std/assert";
import { createPerson, disable, type Person } from "../support/people.ts";
import {
  givenCohort,
  givenEnrolment,
  givenModule,
  givenProgram,
  givenProgramCoach,
  must,
  only,
  type Someone,
  unique,
} from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";

const db = secretClient();

async function givenGuidedPath(client: Someone): Promise<string> {
  const template = must(
    await db.from("guided_path_templates").insert({ id: crypto.randomUUID() })
      .select("id").single(),
  );
  const path = must(
    await db.from("guided_path_instantiations").insert({
      user_id: client.id,
      template_id: template.id,
    }).select("id").single(),
  );
  const goals = must(
    await db.from("goals").insert(
      [false, true].map((is_private) => ({
        user_id: client.id,
        title: "Lead",
        category: "career_business" as const,
        timeframe_type: "short_term",
        instantiation_id: path.id,
        is_private,
      })),
    ).select("id, is_private"),
  );
  const open = goals.find(({ is_private }) => !is_private);
  const hidden = goals.find(({ is_private }) => is_private);
  const milestone = (
    goal: Someone | undefined,
    title: string,
    status: string,
    due_date: string,
  ) => ({ goal_id: goal?.id ?? "", title, status, due_date, order_index: 0 });
  must(
    await db.from("goal_milestones").insert([
      milestone(open, "Done", "completed", "2020-01-01"),
      milestone(open, "Late", "not_started", "2020-02-01"),
      milestone(open, "Next", "in_progress", "2099-01-01"),
      milestone(hidden, "Hidden", "not_started", "2020-01-01"),
    ]).select(),
  );
  return path.id;
}

Deno.test("the readiness dashboard shows staff their clients by name, program staff too, and nobody else's", async () => {
  const client = await createPerson({ name: "Ana Pop" });
  const [direct, programCoach, stranger] = [
    await createPerson({ role: "coach" }),
    await createPerson({ role: "coach" }),
    await createPerson({ role: "coach" }),
  ];
  const admin = await createPerson({ role: "admin" });
  const path = await givenGuidedPath(client);
  must(
    await db.from("client_coaches").insert({
      client_id: client.id,
      coach_id: direct.id,
    }).select(),
  );
  const program = await givenProgram();
  await givenEnrolment({ client, program });
  await givenProgramCoach({ program, coach: programCoach });

  for (const person of [direct, programCoach, admin]) {
    const rows = must(await person.client.rpc("readiness_dashboard"));
    const { started_at: _, template_id: __, ...row } = only(
      rows.filter(({ client_user_id }) => client_user_id === client.id),
    );
    assertEquals(row, {
      instantiation_id: path,
      client_user_id: client.id,
      client_name: "Ana Pop",
      status: "active",
      estimated_completion_date: null,
      goals_total: 1,
      goals_completed: 0,
      milestones_total: 3,
      milestones_completed: 1,
      milestones_overdue: 1,
      progress_percentage: 33,
      next_milestone: "Late",
      next_milestone_due: "2020-02-01",
    });
  }
  assertEquals(
    must(await stranger.client.rpc("readiness_dashboard")),
    [],
  );
  assertEquals(
    must(await programCoach.client.rpc("staffed_program_ids")),
    [program.id],
  );
  assertEquals(
    must(await stranger.client.rpc("staffed_program_ids")),
    [],
  );
  await disable(direct);
  const { data, error } = await direct.client.rpc("readiness_dashboard");
  assertEquals([data, error?.code], [null, "PT403"]);
});

Deno.test("partner codes come with the partner's name, to admins and to the partner", async () => {
  const partner = await createPerson({ name: "Paul Partner" });
  const [stranger] = [await createPerson()];
  const admin = await createPerson({ role: "admin" });
  const program = await givenProgram();
  const code = unique("CODE");
  must(
    await db.from("partner_codes").insert({
      partner_id: partner.id,
      program_id: program.id,
      code,
    }).select(),
  );
  const seenBy = async (person: Person) =>
    must(
      await person.client.from("partner_codes_overview")
        .select("partner_name, program_name, referrals").eq("code", code),
    );
  const row = {
    partner_name: "Paul Partner",
    program_name: program.name,
    referrals: 0,
  };
  assertEquals(await seenBy(admin), [row]);
  const [own] = await seenBy(partner);
  assertEquals(own?.partner_name, "Paul Partner");
  assertEquals(await seenBy(stranger), []);
});

Deno.test("a student's development profile is for who may see the enrolment, with name and progress", async () => {
  const client = await createPerson({ name: "Ana Pop" });
  const [coach, stranger] = [
    await createPerson({ role: "coach" }),
    await createPerson({ role: "coach" }),
  ];
  const program = await givenProgram();
  const done = await givenModule({ program, title: "Feedback" });
  await givenModule({ program });
  const enrolment = await givenEnrolment({ client, program });
  await givenProgramCoach({ program, coach: coach });
  must(
    await db.from("module_progress").insert({
      enrollment_id: enrolment.id,
      module_id: done.id,
      status: "completed",
      completed_at: new Date().toISOString(),
    }).select(),
  );
  const seenBy = async (person: Person) =>
    must(
      await person.client.rpc("student_development_profile", {
        p_client_user_id: client.id,
      }),
    );
  for (const person of [client, coach]) {
    const row = only(await seenBy(person));
    assertEquals(
      [
        row.client_name,
        row.program_name,
        row.modules_total,
        row.modules_completed,
        row.last_completed_module,
      ],
      ["Ana Pop", program.name, 2, 1, "Feedback"],
    );
  }
  assertEquals(await seenBy(stranger), []);
});

Deno.test("the feedback inbox holds what was published to the caller, with its author's name, and no draft", async () => {
  const coach = await createPerson({ name: "Carol Coach" });
  const [client, other] = [await createPerson(), await createPerson()];
  const module = await givenModule({ title: "Feedback" });
  for (
    const [person, status] of [[client, "published"], [other, "draft"]] as const
  ) {
    const enrolment = await givenEnrolment({
      client: person,
      program: { id: module.programId },
    });
    const progress = must(
      await db.from("module_progress").insert({
        enrollment_id: enrolment.id,
        module_id: module.id,
      }).select("id").single(),
    );
    must(
      await db.from("coach_module_feedback").insert({
        module_progress_id: progress.id,
        coach_id: coach.id,
        feedback: "Well done",
        status,
      }).select(),
    );
  }
  const { id: _, given_at: __, ...row } = only(
    must(await client.client.rpc("feedback_inbox")),
  );
  assertEquals(row, {
    kind: "coach_feedback",
    title: "Feedback",
    feedback: "Well done",
    author_id: coach.id,
    author_name: "Carol Coach",
    program_name: "Leading Well",
    module_title: "Feedback",
  });
  assertEquals(must(await other.client.rpc("feedback_inbox")), []);
});

Deno.test("content packages come with the uploader's name, to who may see packages", async () => {
  const coach = await createPerson({ role: "coach" });
  const admin = await createPerson({ role: "admin", name: "Ada Admin" });
  const [stranger] = [await createPerson()];
  const title = unique("package");
  must(
    await db.from("content_packages").insert({
      title,
      storage_path: title,
      uploaded_by: admin.id,
    }).select(),
  );
  const seenBy = async (person: Person) =>
    must(
      await person.client.from("content_packages_overview")
        .select("uploaded_by_name, completions").eq("title", title),
    );
  const row = { uploaded_by_name: "Ada Admin", completions: 0 };
  assertEquals(await seenBy(coach), [row]);
  assertEquals(await seenBy(stranger), []);
});

Deno.test("an admin sees who waits for a cohort, and whoever waits only the own place", async () => {
  const first = await createPerson({ name: "Ana Pop" });
  const [second, third] = [await createPerson(), await createPerson()];
  const admin = await createPerson({ role: "admin" });
  const cohort = await givenCohort({ capacity: 0 });
  for (const person of [first, second]) {
    const { error } = await person.client.rpc("join_cohort_waitlist", {
      p_cohort_id: cohort.id,
    });
    assertEquals(error, null);
  }
  const overview = must(
    await admin.client.from("cohort_waitlist_overview")
      .select("position, user_name, user_email, cohort_name")
      .eq("cohort_id", cohort.id).order("position").limit(10),
  );
  assertEquals(overview[0], {
    position: 1,
    user_name: "Ana Pop",
    user_email: first.email,
    cohort_name: "Spring",
  });
  assertEquals(overview.length, 2);
  assertEquals(
    must(
      await first.client.from("cohort_waitlist_overview").select("position")
        .eq("cohort_id", cohort.id).limit(10),
    ),
    [{ position: 1 }],
  );
  const status = async (person: Person) =>
    only(
      must(
        await person.client.rpc("cohort_waitlist_status", {
          p_cohort_id: cohort.id,
        }),
      ),
    );
  const full = { has_capacity: false, available_spots: 0, waitlist_count: 2 };
  assertEquals(await status(second), {
    ...full,
    own_position: 2,
    offer_expires_at: null,
  });
  assertEquals((await status(third)).own_position, null);
});
