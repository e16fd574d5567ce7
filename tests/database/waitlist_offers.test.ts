import { assert, assertEquals } from "@std/assert";
import { createPerson, type Person } from "../support/people.ts";
import {
  type Cohort,
  givenCohort,
  givenEnrolment,
  givenProgram,
  givenProgramCoach,
  must,
  only,
} from "../support/rows.ts";
import { parallel, tally } from "../support/parallel.ts";
import { postgresTest } from "../support/sql.ts";
import { secretClient } from "../support/stack.ts";
import {
  enroll,
  enrolmentsOf,
  givenClient,
  givenRelationship,
} from "./credits_enrollment_clients.ts";

const db = secretClient();
const HOUR = 3_600_000;

Deno.test("a place that comes free is held for the first on the waitlist, who is told", async () => {
  const { cohort, enrolled } = await givenFullCohort();
  const [first, second, stranger] = [
    await waiting(cohort),
    await waiting(cohort),
    await createPerson(),
  ];
  await leave(enrolled);

  const until = (await statusOf(first, cohort)).offer_expires_at;
  const hours = (Date.parse(until ?? "") - Date.now()) / HOUR;
  assert(hours > 47 && hours <= 48, `${hours} hours`);
  assertEquals(await toldTo(first), [
    `A place is free in Leading Well`,
  ]);
  assertEquals(await toldTo(second), []);

  for (const person of [stranger, second]) {
    assertEquals((await tryToEnroll(person, cohort)).code, "cohort_full");
    assertEquals(await placesFor(person, cohort), [false, 0]);
  }
  assertEquals(
    must(
      await stranger.client.rpc("join_cohort_waitlist", {
        p_cohort_id: cohort.id,
      }),
    ).position,
    3,
  );
  assertEquals(await placesFor(first, cohort), [true, 1]);
  assertEquals((await tryToEnroll(first, cohort)).success, true);
  assertEquals((await statusOf(second, cohort)).offer_expires_at, null);
});

Deno.test("who lets the time pass makes room for the next, and may join again at the end", async () => {
  const { cohort, enrolled } = await givenFullCohort();
  const [first, second, stranger] = [
    await waiting(cohort),
    await waiting(cohort),
    await createPerson(),
  ];
  await leave(enrolled);
  await lapse(first, cohort);
  assertEquals((await tryToEnroll(stranger, cohort)).code, "cohort_full");
  assertEquals(await toldTo(second), ["A place is free in Leading Well"]);
  assertEquals((await tryToEnroll(first, cohort)).code, "cohort_full");
  assertEquals(await join(first, cohort), [true, 3]);
  assertEquals(await join(first, cohort), [false, null]);

  await lapse(second, cohort);
  must(await db.rpc("offer_waitlist_places"));
  assertEquals((await toldTo(first)).length, 2);
  assertEquals((await tryToEnroll(first, cohort)).success, true);
});

Deno.test("when nobody on the list takes it, the place is anybody's", async () => {
  const { cohort, enrolled } = await givenFullCohort();
  const [first, stranger] = [await waiting(cohort), await createPerson()];
  await leave(enrolled);
  await lapse(first, cohort);
  must(await db.rpc("offer_waitlist_places"));
  assertEquals(await toldTo(first), ["A place is free in Leading Well"]);
  assertEquals(await placesFor(stranger, cohort), [true, 1]);
  assertEquals((await tryToEnroll(stranger, cohort)).success, true);
});

for (
  const [how, free] of [
    ["an enrollment is deleted", async (_: Cohort, { id }: Person) => {
      must(
        await db.from("client_enrollments").delete().eq("client_user_id", id)
          .select(),
      );
    }],
    ["somebody moves to another cohort", async (cohort, { id }) => {
      const other = await givenCohort({ program: { id: cohort.programId } });
      must(
        await db.from("client_enrollments").update({ cohort_id: other.id })
          .eq("client_user_id", id).select(),
      );
    }],
    ["an admin raises the capacity", async (cohort) => {
      const admin = await createPerson({ role: "admin" });
      must(
        await admin.client.from("program_cohorts").update({ capacity: 2 })
          .eq("id", cohort.id).select(),
      );
    }],
    ["an admin takes the capacity away", async (cohort) => {
      const admin = await createPerson({ role: "admin" });
      must(
        await admin.client.from("program_cohorts").update({ capacity: null })
          .eq("id", cohort.id).select(),
      );
    }],
  ] as [string, (cohort: Cohort, enrolled: Person) => Promise<void>][]
) {
  Deno.test(`a place is offered when ${how}`, async () => {
    const { cohort, enrolled } = await givenFullCohort();
    const first = await waiting(cohort);
    await free(cohort, enrolled);
    assertEquals(await toldTo(first), ["A place is free in Leading Well"]);
  });
}

Deno.test("who declines by leaving the list passes the place on", async () => {
  const { cohort, enrolled } = await givenFullCohort();
  const [first, second] = [await waiting(cohort), await waiting(cohort)];
  await leave(enrolled);
  must(
    await first.client.from("cohort_waitlist").delete()
      .eq("cohort_id", cohort.id).select(),
  );
  assertEquals(await toldTo(second), ["A place is free in Leading Well"]);
});

Deno.test("a full program offers no place of its cohorts, and a closed cohort none", async () => {
  const program = await givenProgram({ capacity: 2 });
  const cohort = await givenCohort({ program, capacity: 1 });
  const enrolled = await createPerson();
  await givenEnrolment({ client: enrolled, cohort });
  const first = await waiting(cohort);
  const other = await createPerson();
  await givenEnrolment({ client: other, program });
  await givenEnrolment({ client: await createPerson(), program });
  await leave(enrolled);
  assertEquals(await toldTo(first), []);
  await leave(other);
  must(await db.rpc("offer_waitlist_places"));
  assertEquals((await toldTo(first)).length, 1);

  const closed = await givenFullCohort();
  const late = await waiting(closed.cohort);
  must(
    await db.from("program_cohorts").update({ status: "completed" })
      .eq("id", closed.cohort.id).select(),
  );
  await leave(closed.enrolled);
  assertEquals(await toldTo(late), []);
});

Deno.test("staff enroll the client for whom a place is held, and an admin anybody", async () => {
  const { cohort, enrolled } = await givenFullCohort();
  const program = { id: cohort.programId };
  const coach = await createPerson({ role: "coach" });
  await givenProgramCoach({ program, coach });
  const [first, second] = [await waiting(cohort), await waiting(cohort)];
  for (const client of [first, second]) await givenRelationship(client, coach);
  await leave(enrolled);
  const wish = { p_cohort_id: cohort.id };
  assertEquals(
    (await enroll(coach, program, { ...wish, p_client_user_id: second.id }))
      .code,
    "cohort_full",
  );
  assertEquals(
    (await enroll(coach, program, { ...wish, p_client_user_id: first.id }))
      .success,
    true,
  );
  const admin = await createPerson({ role: "admin" });
  const promoted = await enroll(admin, program, {
    ...wish,
    p_client_user_id: second.id,
    p_force: true,
    p_enrollment_source: "waitlist_promotion",
  });
  assertEquals(promoted.success, true);
  assertEquals(
    only(await enrolmentsOf(second)).enrollment_source,
    "waitlist_promotion",
  );
});

Deno.test("nobody offers themselves a place", async () => {
  const { cohort } = await givenFullCohort();
  const first = await waiting(cohort);
  // drift-ignore not-granted: the refusal is what is tested
  const { error } = await first.client.from("cohort_waitlist").update({
    offer_expires_at: new Date(Date.now() + HOUR).toISOString(),
  }).eq("cohort_id", cohort.id);
  assertEquals(error?.code, "42501");
});

postgresTest(
  "of 20 who run for a freed place, and 3 who wait for it, the first who waits gets it",
  async (sql) => {
    const { cohort, enrolled } = await givenFullCohort();
    const line = [
      await waiting(cohort),
      await waiting(cohort),
      await waiting(cohort),
    ];
    const runners = await Promise.all(
      Array.from({ length: 20 }, () => givenClient(1)),
    );
    const everybody = [...runners, ...line];
    const leaving = sql`
    update public.client_enrollments set status = 'completed' where client_user_id = ${enrolled.id}`;
    const codes = await Promise.all([
      leaving.then(() => "left"),
      ...await parallel(everybody.length, (index) =>
        Promise.resolve(
          sql`
          select coalesce(code, 'enrolled') as code
          from public.enroll_with_credits(
            ${
            everybody[index]!.id
          }, ${cohort.programId}, p_cohort_id => ${cohort.id}
          )`.then(([row]) => String(row?.code)),
        )).then((all) => all),
    ]);
    const { enrolled: got = 0 } = tally(codes);
    assert(got <= 1);
    await sql`select public.offer_waitlist_places()`;
    const first = line[0]!;
    if (got === 0) {
      assertEquals((await tryToEnroll(first, cohort)).success, true);
    }
    assertEquals((await enrolmentsOf(first)).length, 1);
    for (const person of everybody.filter((it) => it !== first)) {
      assertEquals(await enrolmentsOf(person), []);
    }
  },
);

async function givenFullCohort(): Promise<
  { cohort: Cohort; enrolled: Person }
> {
  const cohort = await givenCohort({ capacity: 1 });
  const enrolled = await createPerson();
  await givenEnrolment({ client: enrolled, cohort });
  return { cohort, enrolled };
}

/** Somebody at the end of the waitlist. */
async function waiting(cohort: Cohort): Promise<Person> {
  const person = await createPerson();
  const [isWaiting] = await join(person, cohort);
  assertEquals(isWaiting, true);
  return person;
}

async function join({ client }: Person, cohort: Cohort) {
  const { success, position } = must(
    await client.rpc("join_cohort_waitlist", { p_cohort_id: cohort.id }),
  );
  return [success, position];
}

async function leave({ id }: { id: string }): Promise<void> {
  must(
    await db.from("client_enrollments").update({ status: "completed" })
      .eq("client_user_id", id).select(),
  );
}

/** Two days later. */
async function lapse({ id }: Person, cohort: Cohort): Promise<void> {
  must(
    await db.from("cohort_waitlist").update({
      offer_expires_at: new Date(Date.now() - 1000).toISOString(),
    }).eq("user_id", id).eq("cohort_id", cohort.id).select().single(),
  );
}

function tryToEnroll(person: Person, cohort: Cohort) {
  return enroll(person, { id: cohort.programId }, { p_cohort_id: cohort.id });
}

async function placesFor({ client }: Person, cohort: Cohort) {
  const { has_capacity, available_spots } = must(
    await client.rpc("check_cohort_capacity", { p_cohort_id: cohort.id }),
  );
  return [has_capacity, available_spots];
}

async function statusOf({ client }: Person, cohort: Cohort) {
  return must(
    await client.rpc("cohort_waitlist_status", { p_cohort_id: cohort.id })
      .single(),
  );
}

async function toldTo({ id }: Person): Promise<string[]> {
  const told = must(
    await db.from("notifications").select(
      "title, notification_types!inner(key)",
    )
      .eq("user_id", id).eq("notification_types.key", "waitlist_place"),
  );
  return told.map(({ title }) => title);
}
