import { assertEquals } from "@std/assert";
import { createPerson, disable, type Person } from "../support/people.ts";
import {
  givenCohort,
  givenEnrolment,
  givenModule,
  givenProgram,
  givenProgramCoach,
  must,
  unique,
} from "../support/rows.ts";
import { anonClient, type Client, secretClient } from "../support/stack.ts";

const db = secretClient();

/** One client with a row on every page, and those who look at it. */
interface World {
  client: Person;
  program: { id: string };
  cohort: { id: string };
  code: string;
  package: string;
  people: Record<(typeof PEOPLE)[number], Client>;
}

const PEOPLE = [
  "visitor",
  "client",
  "program coach",
  "program instructor",
  "partner",
  "other client",
  "other coach",
  "admin",
  "disabled admin",
] as const;

/**
 * How many of the world's rows each page shows to each of PEOPLE; `-` is refused. Packages are for whoever
 * has a role, as in production; how many wait is no secret.
 */
const SEEN = {
  readiness_dashboard: "- 0 1 1 0 0 0 1 -",
  staffed_program_ids: "- 0 1 1 0 0 0 0 -",
  student_development_profile: "- 1 1 1 0 0 0 1 -",
  feedback_inbox: "- 1 0 0 0 0 0 0 -",
  cohort_waitlist_status: "- 1 1 1 1 1 1 1 -",
  partner_codes_overview: "- 0 0 0 1 0 0 1 -",
  content_packages_overview: "- 1 1 1 0 1 1 1 -",
  cohort_waitlist_overview: "- 1 0 0 0 0 0 1 -",
};

/** The rows of a page that are the world's. */
const LOOKS: Record<
  keyof typeof SEEN,
  (as: Client, world: World) => PromiseLike<Answer>
> = {
  readiness_dashboard: (as, { client }) =>
    as.rpc("readiness_dashboard").eq("client_user_id", client.id),
  staffed_program_ids: async (as, { program }) => {
    const { data, error } = await as.rpc("staffed_program_ids");
    return { error, data: data?.filter((id) => id === program.id) ?? null };
  },
  student_development_profile: (as, { client }) =>
    as.rpc("student_development_profile", { p_client_user_id: client.id }),
  feedback_inbox: (as) => as.rpc("feedback_inbox"),
  cohort_waitlist_status: (as, { cohort }) =>
    as.rpc("cohort_waitlist_status", { p_cohort_id: cohort.id }),
  partner_codes_overview: (as, { code }) =>
    as.from("partner_codes_overview").select("id").eq("code", code),
  content_packages_overview: (as, { package: title }) =>
    as.from("content_packages_overview").select("id").eq("title", title),
  cohort_waitlist_overview: (as, { cohort }) =>
    as.from("cohort_waitlist_overview").select("id").eq("cohort_id", cohort.id),
};

interface Answer {
  data: unknown[] | null;
  error: { code: string } | null;
}

async function givenWorld(): Promise<World> {
  const [client, coach, instructor, partner, otherClient, otherCoach] = [
    await createPerson({ role: "client" }),
    await createPerson({ role: "coach" }),
    await createPerson({ role: "instructor" }),
    await createPerson(),
    await createPerson({ role: "client" }),
    await createPerson({ role: "coach" }),
  ];
  const [admin, disabled] = [
    await createPerson({ role: "admin" }),
    await createPerson({ role: "admin" }),
  ];
  const program = await givenProgram();
  await givenProgramCoach({ program, coach });
  must(
    await db.from("program_instructors").insert({
      program_id: program.id,
      instructor_id: instructor.id,
    }).select(),
  );
  const cohort = await givenCohort({ capacity: 0 });
  must(
    await client.client.rpc("join_cohort_waitlist", { p_cohort_id: cohort.id }),
  );
  const code = unique("CODE");
  const title = unique("package");
  must(
    await db.from("partner_codes").insert({
      partner_id: partner.id,
      program_id: program.id,
      code,
    }).select(),
  );
  must(
    await db.from("content_packages").insert({ title, storage_path: title })
      .select(),
  );
  await givenPath(client);
  await givenFeedback(client, coach, program);
  await disable(disabled);
  return {
    client,
    program,
    cohort,
    code,
    package: title,
    people: {
      visitor: anonClient(),
      client: client.client,
      "program coach": coach.client,
      "program instructor": instructor.client,
      partner: partner.client,
      "other client": otherClient.client,
      "other coach": otherCoach.client,
      admin: admin.client,
      "disabled admin": disabled.client,
    },
  };
}

async function givenPath(client: Person): Promise<void> {
  const template = must(
    await db.from("guided_path_templates").insert({ id: crypto.randomUUID() })
      .select("id").single(),
  );
  must(
    await db.from("guided_path_instantiations").insert({
      user_id: client.id,
      template_id: template.id,
    }).select(),
  );
}

async function givenFeedback(
  client: Person,
  coach: Person,
  program: { id: string },
): Promise<void> {
  const module = await givenModule({ program });
  const enrolment = await givenEnrolment({ client, program });
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
      status: "published",
    }).select(),
  );
}

Deno.test("each page shows everybody what is theirs to see, and nothing else", async () => {
  const world = await givenWorld();
  const seen: Record<string, string> = {};
  for (const [page, look] of Object.entries(LOOKS)) {
    const counts: (number | "-")[] = [];
    for (const person of PEOPLE) {
      const { data, error } = await look(world.people[person], world);
      counts.push(error ? "-" : data?.length ?? 0);
    }
    seen[page] = counts.join(" ");
  }
  assertEquals(seen, SEEN);
});
