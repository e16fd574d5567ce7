import { assertEquals, assertExists } from "@std/assert";
import { createPerson, type Person } from "../support/people.ts";
import {
  givenCohort,
  givenEnrolment,
  givenProgram,
  must,
} from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import {
  assertRefused,
  enroll,
  givenClient,
  placesOf,
  test,
} from "./credits_enrollment_clients.ts";

type Cohort = Awaited<ReturnType<typeof givenCohort>>;

const db = secretClient();

test("a program, or a cohort, takes no more than its capacity", async () => {
  const program = await givenProgram({ capacity: 2 });
  const cohort = await givenCohort({ program, capacity: 1 });
  const [first, second, third] = await Promise.all([
    givenClient(5),
    givenClient(5),
    givenClient(5),
  ]);
  const wish = { p_cohort_id: cohort.id };
  assertEquals((await enroll(first, program, wish)).success, true);
  await assertRefused(second, program, wish, "cohort_full");
  assertEquals(
    must(
      await second.client.rpc("check_cohort_capacity", {
        p_cohort_id: cohort.id,
      }),
    ),
    {
      has_capacity: false,
      capacity: 1,
      enrolled_count: 1,
      available_spots: 0,
      waitlist_count: 0,
      error: null,
    },
  );
  assertEquals((await placesOf(second, program)).available_spots, 1);
  assertEquals((await enroll(second, program)).success, true);
  assertEquals((await placesOf(third, program)).has_capacity, false);
  await assertRefused(third, program, {}, "program_full");

  must(
    await db.from("client_enrollments").update({ status: "completed" })
      .eq("client_user_id", first.id).select(),
  );
  assertEquals((await enroll(third, program, wish)).success, true);
});

test("without a capacity there is always a place, and without a cohort there is none", async () => {
  const person = await createPerson();
  const { has_capacity, capacity, available_spots } = await placesOf(
    person,
    await givenProgram(),
  );
  assertEquals([has_capacity, capacity, available_spots], [true, null, null]);
  for (
    const name of ["check_cohort_capacity", "check_program_capacity"] as const
  ) {
    const p_cohort_id = crypto.randomUUID();
    const unknown = must(
      name === "check_cohort_capacity"
        ? await person.client.rpc(name, { p_cohort_id })
        : await person.client.rpc(name, { p_program_id: p_cohort_id }),
    );
    assertEquals(unknown.has_capacity, false);
    assertExists(unknown.error);
  }
});

test("a full cohort's waitlist is joined at its end, once", async () => {
  const { cohort } = await givenFullCohort();
  const people = await Promise.all([
    createPerson(),
    createPerson(),
    createPerson(),
  ]);
  const other = await givenFullCohort();
  for (const [index, person] of people.entries()) {
    assertEquals(await join(person, cohort), {
      success: true,
      code: null,
      error: null,
      position: index + 1,
    });
  }
  for (const person of people) {
    await assertNot(person, cohort, "already_waiting");
  }
  assertEquals(await waitingOf(cohort), [
    [1, people[0].id],
    [2, people[1].id],
    [3, people[2].id],
  ]);
  assertEquals((await join(people[2], other.cohort)).position, 1);
  const { waitlist_count } = must(
    await people[0].client.rpc("check_cohort_capacity", {
      p_cohort_id: cohort.id,
    }),
  );
  assertEquals(waitlist_count, 3);
});

test("nobody waits for a cohort with places, their own, a closed or an unknown one", async () => {
  const person = await createPerson();
  await assertNot(person, await givenCohort(), "places_left");
  await assertNot(person, await givenCohort({ capacity: 1 }), "places_left");
  const { cohort, enrolled } = await givenFullCohort();
  await assertNot(enrolled, cohort, "already_enrolled");
  for (const status of ["completed", "cancelled"]) {
    const closed = await givenCohort({ capacity: 0, status });
    await assertNot(person, closed, "cohort_closed");
    assertEquals(await waitingOf(closed), []);
  }
  await assertNot(person, { id: crypto.randomUUID() }, "unknown_cohort");
  // drift-ignore not-granted: the refusal is what is tested
  const stranger = await db.rpc("join_cohort_waitlist", {
    p_cohort_id: cohort.id,
  });
  assertEquals(stranger.error?.code, "42501");
});

test("enrolling takes one off the list, and the next joins behind the others", async () => {
  const { cohort, enrolled } = await givenFullCohort();
  const [first, second, third] = await Promise.all([
    createPerson(),
    createPerson(),
    createPerson(),
  ]);
  await join(first, cohort);
  await join(second, cohort);
  const program = { id: cohort.programId };
  const wish = { p_cohort_id: cohort.id };
  await assertRefused(first, program, wish, "cohort_full");
  assertEquals((await waitingOf(cohort)).length, 2);

  must(
    await db.from("client_enrollments").update({ status: "completed" })
      .eq("client_user_id", enrolled.id).select(),
  );
  assertEquals((await enroll(first, program, wish)).success, true);
  assertEquals(await waitingOf(cohort), [[2, second.id]]);
  assertEquals((await join(third, cohort)).position, 3);
});

async function givenFullCohort(): Promise<
  { cohort: Cohort; enrolled: Person }
> {
  const cohort = await givenCohort({ capacity: 1 });
  const enrolled = await createPerson();
  await givenEnrolment({ client: enrolled, cohort });
  return { cohort, enrolled };
}

async function join({ client }: Person, cohort: { id: string }) {
  return must(
    await client.rpc("join_cohort_waitlist", { p_cohort_id: cohort.id }),
  );
}

async function assertNot(person: Person, cohort: { id: string }, code: string) {
  const result = await join(person, cohort);
  assertEquals(
    [result.success, result.code, result.position],
    [false, code, null],
  );
  assertExists(result.error);
}

async function waitingOf(cohort: { id: string }) {
  const rows = must(
    await db.from("cohort_waitlist").select("position, user_id")
      .eq("cohort_id", cohort.id).order("position"),
  );
  return rows.map(({ position, user_id }) => [position, user_id]);
}
