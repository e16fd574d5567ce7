// drift-ignore-file not-granted: tries what nobody may, to see it refused
import { assert, assertEquals } from "@std/assert";
import type { Database } from "../../supabase/functions/_shared/database.types.ts";
import { createPerson, type Person } from "../support/people.ts";
import {
  type Enrolment,
  givenEnrolment,
  givenModule,
  givenProgramCoach,
  type Module,
  must,
} from "../support/rows.ts";
import { anonClient, secretClient } from "../support/stack.ts";

type Tables = Database["public"]["Tables"];

const db = secretClient();

function assertRefused(
  answer: { error: { code: string } | null; status: number },
  about: unknown,
): void {
  assertEquals([answer.error?.code, answer.status], ["42501", 403], `${about}`);
}

// client_profiles -----------------------------------------------------------------------------------

/** A client of whom staff keep something that is not the default. */
async function givenClient(): Promise<Person> {
  const client = await createPerson({ role: "client" });
  must(
    await db.from("client_profiles").upsert({
      user_id: client.id,
      status: "inactive",
      notes: "Owes us a form",
      tags: ["vip"],
      status_marker: "red",
    }, { onConflict: "user_id" }).select(),
  );
  return client;
}

async function clientProfileOf({ id }: Person) {
  return must(
    await db.from("client_profiles").select().eq("user_id", id).single(),
  );
}

const CLIENT_PROFILE_CHANGES: Tables["client_profiles"]["Update"][] = [
  { status: "active" },
  { notes: "Paid everything" },
  { notes: null },
  { tags: [] },
  { tags: ["vip", "free"] },
  { tags: null },
  { status_marker: "green" },
  { status_marker: null },
];

Deno.test("a client neither reads nor changes what staff keep about the client, each column alone", async () => {
  const client = await givenClient();
  const before = await clientProfileOf(client);
  const table = client.client.from("client_profiles");
  assertEquals(must(await table.select().eq("user_id", client.id)), []);
  for (const values of CLIENT_PROFILE_CHANGES) {
    const about = JSON.stringify(values);
    // no such row for the client, or no such column
    const { error } = await table.update(values).eq("user_id", client.id);
    assert(error === null || error.code === "42501", about);
    assertRefused(
      await table.upsert({ user_id: client.id, ...values }, {
        onConflict: "user_id",
      }),
      about,
    );
    assertEquals(await clientProfileOf(client), before, about);
  }
});

Deno.test("nobody makes a client profile but an admin", async () => {
  const [person, admin] = [
    await createPerson(),
    await createPerson({ role: "admin" }),
  ];
  const row = { user_id: person.id, status: "active" as const };
  assertRefused(await person.client.from("client_profiles").insert(row), "own");
  const { error } = await admin.client.from("client_profiles").insert(row);
  assertEquals(error, null);
  assertEquals((await clientProfileOf(person)).status, "active");
});

Deno.test("a client profile is nobody else's to read or to change, but an admin's", async () => {
  const client = await givenClient();
  const before = await clientProfileOf(client);
  const coach = await createPerson({ role: "coach" });
  const { programId } = await givenEnrolment({ client });
  await givenProgramCoach({ program: { id: programId }, coach });
  const theirs = coach.client.from("client_profiles");
  assertEquals(
    must(await theirs.select().eq("user_id", client.id)),
    [],
  );
  const update = theirs.update({ status: "active" }).eq("user_id", client.id);
  assertEquals(must(await update.select()), []);
  assertEquals(await clientProfileOf(client), before);

  const admin = await createPerson({ role: "admin" });
  const values = { status: "active" as const, status_marker: "green" };
  must(
    await admin.client.from("client_profiles").update(values)
      .eq("user_id", client.id).select().single(),
  );
  const after = await clientProfileOf(client);
  assertEquals(after, { ...before, ...values, updated_at: after.updated_at });
});

// enrollment_module_staff ---------------------------------------------------------------------------

interface Course {
  coach: Person;
  client: Person;
  enrolment: Enrolment;
  module: Module;
}

/** A client in a programme with a coach. */
async function givenCourse(): Promise<Course> {
  const coach = await createPerson({ role: "coach" });
  const client = await createPerson({ role: "client" });
  const enrolment = await givenEnrolment({ client });
  const program = { id: enrolment.programId };
  await givenProgramCoach({ program, coach });
  return { coach, client, enrolment, module: await givenModule({ program }) };
}

function assignment(
  staff: Person,
  { enrolment, module }: Pick<Course, "enrolment" | "module">,
) {
  return {
    staff_user_id: staff.id,
    enrollment_id: enrolment.id,
    module_id: module.id,
    role: "coach",
  };
}

Deno.test("nobody but its own staff assigns staff to an enrolment of a programme", async () => {
  const course = await givenCourse();
  const { coach, client } = course;
  const own = await givenCourse();
  const helper = await createPerson({ role: "instructor" });
  for (const who of [own.coach, own.client, client, helper]) {
    const table = who.client.from("enrollment_module_staff");
    assertRefused(await table.insert(assignment(who, course)), "oneself");
    assertRefused(await table.insert(assignment(helper, course)), "another");
  }
  for (
    const mixed of [{ ...own, module: course.module }, {
      ...own,
      enrolment: course.enrolment,
    }]
  ) {
    assertRefused(
      await own.coach.client.from("enrollment_module_staff")
        .insert(assignment(own.coach, mixed)),
      "a module and an enrolment of two programmes",
    );
  }
  const answer = await anonClient().from("enrollment_module_staff")
    .insert(assignment(helper, course));
  assertEquals([answer.error?.code, answer.status], ["42501", 401]);
  const rows = db.from("enrollment_module_staff").select()
    .eq("enrollment_id", course.enrolment.id);
  assertEquals(must(await rows), []);

  const table = coach.client.from("enrollment_module_staff");
  assertRefused(
    await table.insert(assignment(helper, course)),
    "staff, but not of this program",
  );
  must(
    await db.from("module_instructors")
      .insert({ module_id: course.module.id, instructor_id: helper.id })
      .select(),
  );
  const { error } = await table.insert(assignment(helper, course));
  assertEquals(error, null);
  assertEquals(must(await rows).length, 1);
});

Deno.test("assigned staff of the program hand the assignment to its staff only, and carry it nowhere else", async () => {
  const course = await givenCourse();
  const other = await givenCourse();
  const staff = course.coach;
  const before = must(
    await db.from("enrollment_module_staff").insert(assignment(staff, course))
      .select().single(),
  );
  const { id } = before;
  const table = staff.client.from("enrollment_module_staff");
  for (
    const values of [
      { staff_user_id: other.client.id },
      { staff_user_id: other.coach.id },
      { enrollment_id: other.enrolment.id },
      { module_id: other.module.id },
      { enrollment_id: other.enrolment.id, module_id: other.module.id },
    ]
  ) {
    const about = JSON.stringify(values);
    assertRefused(await table.update(values).eq("id", id), about);
    assertRefused(await table.upsert({ ...before, ...values }), about);
  }
  for (const stranger of [other.coach, other.client]) {
    const theirs = stranger.client.from("enrollment_module_staff");
    assertEquals(must(await theirs.select().eq("id", id)), []);
    const values = { staff_user_id: stranger.id };
    assertEquals(
      must(await theirs.update(values).eq("id", id).select()),
      [],
    );
    assertEquals(must(await theirs.delete().eq("id", id).select()), []);
  }
  const after = await db.from("enrollment_module_staff").select()
    .eq("id", id).single();
  assertEquals(must(after), before);

  assertRefused(
    // drift-ignore not-granted: the refusal is what is tested
    await table.update({ role: "coach" }).eq("id", id),
    "another role",
  );
});

Deno.test("staff of the program hand an assignment of theirs to a colleague, and to nobody who is no staff", async () => {
  const course = await givenCourse();
  const colleague = await createPerson({ role: "coach" });
  await givenProgramCoach({
    program: { id: course.enrolment.programId },
    coach: colleague,
  });
  const { id } = must(
    await db.from("enrollment_module_staff")
      .insert(assignment(course.coach, course)).select().single(),
  );
  const table = course.coach.client.from("enrollment_module_staff");
  assertRefused(
    await table.update({ staff_user_id: course.client.id }).eq("id", id),
    "a client",
  );
  assertRefused(
    await table.insert(assignment(course.client, course)),
    "a client",
  );
  const { error } = await table.update({ staff_user_id: colleague.id })
    .eq("id", id);
  assertEquals(error, null);
  const after = must(
    await db.from("enrollment_module_staff").select("staff_user_id")
      .eq("id", id).single(),
  );
  assertEquals(after.staff_user_id, colleague.id);
});

Deno.test("whoever was handed one module hands it on to nobody, and grades nothing else of that client", async () => {
  const course = await givenCourse();
  const [helper, friend] = [
    await createPerson({ role: "instructor" }),
    await createPerson({ role: "instructor" }),
  ];
  const { id } = must(
    await db.from("enrollment_module_staff")
      .insert(assignment(helper, course)).select().single(),
  );
  const table = helper.client.from("enrollment_module_staff");
  const handed = await table.update({ staff_user_id: friend.id }).eq("id", id)
    .select();
  assertEquals(must(handed), []);
  assertRefused(
    await table.insert(assignment(friend, course)),
    "another",
  );
  const rows = must(
    await db.from("enrollment_module_staff").select("staff_user_id")
      .eq("enrollment_id", course.enrolment.id),
  );
  assertEquals(rows, [{ staff_user_id: helper.id }]);

  const elsewhere = await givenModule({
    program: { id: course.enrolment.programId },
  });
  for (
    const [module, isTheirs] of [[course.module, true], [
      elsewhere,
      false,
    ]] as const
  ) {
    const progress = must(
      await db.from("module_progress").insert({
        enrollment_id: course.enrolment.id,
        module_id: module.id,
      }).select("id").single(),
    );
    const answer = await helper.client.from("coach_module_feedback").insert({
      module_progress_id: progress.id,
      coach_id: helper.id,
      feedback: "Go on",
      status: "published",
    });
    if (isTheirs) assertEquals(answer.error, null);
    else assertRefused(answer, "feedback on another module");

    const template = must(
      await db.from("scenario_templates").insert({ id: crypto.randomUUID() })
        .select("id").single(),
    );
    const scenario = must(
      await db.from("scenario_assignments").insert({
        template_id: template.id,
        user_id: course.client.id,
        enrollment_id: course.enrolment.id,
        module_id: module.id,
        status: "submitted",
      }).select("id").single(),
    );
    assertEquals(
      must(
        await helper.client.from("scenario_assignments").select("id")
          .eq("id", scenario.id),
      ).length,
      isTheirs ? 1 : 0,
    );
  }
});

// user_roles ----------------------------------------------------------------------------------------

Deno.test("nobody makes oneself or anybody else an admin", async () => {
  for (const role of ["client", "coach", "instructor"] as const) {
    const person = await createPerson({ role });
    const other = await createPerson();
    const table = person.client.from("user_roles");
    const own = { user_id: person.id, role: "admin" as const };
    assertRefused(await table.insert(own), role);
    assertRefused(await table.insert({ ...own, user_id: other.id }), role);
    assertRefused(
      await table.upsert(own, { onConflict: "user_id,role" }),
      role,
    );
    const update = table.update({ role: "admin" }).eq("user_id", person.id);
    assertEquals(must(await update.select()), []);
    assertEquals(
      must(await table.delete().eq("user_id", person.id).select()),
      [],
    );
    const roles = must(
      await db.from("user_roles").select("user_id, role")
        .in("user_id", [person.id, other.id]),
    );
    assertEquals(roles, [{ user_id: person.id, role }]);
  }
  const answer = await anonClient().from("user_roles")
    .insert({ user_id: crypto.randomUUID(), role: "admin" });
  assertEquals([answer.error?.code, answer.status], ["42501", 401]);
});

Deno.test("an admin makes somebody an admin", async () => {
  const [admin, person] = [
    await createPerson({ role: "admin" }),
    await createPerson(),
  ];
  must(
    await admin.client.from("user_roles")
      .insert({ user_id: person.id, role: "admin" }).select().single(),
  );
  const all = await person.client.from("user_roles").select("user_id")
    .eq("user_id", admin.id);
  assertEquals(must(all).length, 1);
});
