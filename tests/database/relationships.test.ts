import { assertEquals } from "@std/assert";
import { createUser, uniqueEmail } from "../support/people.ts";
import { givenEnrolment, givenModule, must } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";

const db = secretClient();

interface Pair {
  staff: string;
  client: string;
}

async function makeCoach(id: string): Promise<void> {
  must(
    await db.from("user_roles").insert({ user_id: id, role: "coach" }).select(),
  );
}

/** A client with an enrolment, and a staff person who has nothing to do with either. */
async function given() {
  const [staff, client] = [
    await createUser({ email: uniqueEmail("staff") }),
    await createUser({ email: uniqueEmail("client") }),
  ];
  await makeCoach(staff);
  const enrolment = await givenEnrolment({ client: { id: client } });
  const module = await givenModule({ program: { id: enrolment.programId } });
  return { staff, client, enrolment, module };
}

async function related({ staff, client }: Pair): Promise<boolean> {
  const { data, error } = await db.rpc("staff_has_client_relationship", {
    _staff_id: staff,
    _client_user_id: client,
  });
  if (error) throw error;
  return data;
}

type Given = Awaited<ReturnType<typeof given>>;

/** The seven ways, each on its own. */
const PATHS: Record<string, (given: Given) => PromiseLike<unknown>> = {
  "a coach of the client": async ({ staff, client }) =>
    must(
      await db.from("client_coaches")
        .insert({ coach_id: staff, client_id: client }).select(),
    ),
  "an instructor of the client": async ({ staff, client }) =>
    must(
      await db.from("client_instructors")
        .insert({ instructor_id: staff, client_id: client }).select(),
    ),
  "an instructor of the program": async ({ staff, enrolment }) =>
    must(
      await db.from("program_instructors")
        .insert({ instructor_id: staff, program_id: enrolment.programId })
        .select(),
    ),
  "a coach of the program": async ({ staff, enrolment }) =>
    must(
      await db.from("program_coaches")
        .insert({ coach_id: staff, program_id: enrolment.programId }).select(),
    ),
  "an instructor of a module": async ({ staff, module }) =>
    must(
      await db.from("module_instructors")
        .insert({ instructor_id: staff, module_id: module.id }).select(),
    ),
  "a coach of a module": async ({ staff, module }) =>
    must(
      await db.from("module_coaches")
        .insert({ coach_id: staff, module_id: module.id }).select(),
    ),
  "staff of one enrolment's module": async ({ staff, enrolment, module }) =>
    must(
      await db.from("enrollment_module_staff").insert({
        staff_user_id: staff,
        enrollment_id: enrolment.id,
        module_id: module.id,
        role: "coach",
      }).select(),
    ),
};

for (const [path, relate] of Object.entries(PATHS)) {
  Deno.test(`${path} has a relationship with the client, and with nobody else`, async () => {
    const it = await given();
    const other = await given();
    assertEquals(await related(it), false);
    await relate(it);
    assertEquals(await related(it), true);
    assertEquals(
      await related({ staff: it.staff, client: other.client }),
      false,
    );
    assertEquals(
      await related({ staff: other.staff, client: it.client }),
      false,
    );
    assertEquals(await related({ staff: it.client, client: it.staff }), false);
  });
}

Deno.test("a completed or paused enrolment still makes a relationship", async () => {
  for (const status of ["completed", "paused"] as const) {
    const staff = await createUser({ email: uniqueEmail("staff") });
    const client = await createUser({ email: uniqueEmail("client") });
    await makeCoach(staff);
    const { programId } = await givenEnrolment({
      client: { id: client },
      status,
    });
    must(
      await db.from("program_coaches")
        .insert({ coach_id: staff, program_id: programId }).select(),
    );
    assertEquals(await related({ staff, client }), true);
  }
});
