import { assertEquals, assertExists } from "@std/assert";
import { createPerson } from "../support/people.ts";
import {
  givenCohort,
  givenEnrolment,
  givenProgram,
  givenProgramCoach,
  must,
  only,
  unique,
} from "../support/rows.ts";
import { anonClient, secretClient } from "../support/stack.ts";
import {
  assertRefused,
  balanceOf,
  type Caller,
  enroll,
  enrolmentsOf,
  givenClient,
  givenRelationship,
  givenTierPlan,
  test,
  type Wish,
} from "./credits_enrollment_clients.ts";

const db = secretClient();

test("the price is the tier's, else the program's, and the tier by default the first", async () => {
  const program = await givenProgram({ credit_cost: 50 });
  const plan = await givenTierPlan(program, "Premium", 80);
  await givenTierPlan(program, "Essentials", null);
  for (
    const [wanted, tier, price] of [
      [undefined, "Essentials", 50],
      ["Essentials", "Essentials", 50],
      ["Premium", "Premium", 80],
      ["premium", "Premium", 80],
    ] as const
  ) {
    const person = await givenClient(100);
    const result = await enroll(person, program, { p_tier: wanted });
    assertEquals(
      [result.success, result.original_credit_cost, result.final_credit_cost],
      [true, price, price],
    );
    assertEquals(await balanceOf(person), 100 - price);
    const [enrolment] = await enrolmentsOf(person);
    assertEquals(enrolment?.id, result.enrollment_id);
    assertEquals(enrolment?.tier, tier);
    assertEquals(enrolment?.final_credit_cost, price);
    if (price === 80) assertEquals(enrolment?.program_plan_id, plan);
  }
});

test("the plan is the tier's, unless an admin chooses another", async () => {
  const program = await givenProgram();
  const essentials = await givenTierPlan(program, "Essentials", 5);
  const premium = await givenTierPlan(program, "Premium", 80);
  const admin = await createPerson({ role: "admin" });
  for (const by of [undefined, admin]) {
    const person = await givenClient(5);
    const { success } = await enroll(by ?? person, program, {
      p_client_user_id: person.id,
      p_program_plan_id: premium,
    });
    assertEquals(success, true);
    assertEquals(
      only(await enrolmentsOf(person)).program_plan_id,
      by === admin ? premium : essentials,
    );
  }
});

test("a program of which nothing has a price is free, as its page shows, and says so", async () => {
  const person = await givenClient(5);
  const result = await enroll(person, await givenProgram());
  assertEquals([result.success, result.final_credit_cost, result.spend_id], [
    true,
    0,
    null,
  ]);
  const enrolment = only(await enrolmentsOf(person));
  assertEquals([enrolment.payment_type, enrolment.status], ["free", "active"]);
  assertEquals(await balanceOf(person), 5);
});

test("a tier without a price beside one that has one is nobody's for nothing, but for an admin who insists", async () => {
  const program = await givenProgram();
  await givenTierPlan(program, "Premium", 80);
  await givenTierPlan(program, "Essentials", null);
  const [coach, admin] = [
    await createPerson({ role: "coach" }),
    await createPerson({ role: "admin" }),
  ];
  await givenProgramCoach({ program, coach });
  const person = await givenClient(100);
  await givenRelationship(person, coach);
  for (const p_tier of [undefined, "Essentials", "essentials"]) {
    for (const { client } of [person, coach, admin]) {
      await assertRefused(
        { id: person.id, client },
        program,
        { p_client_user_id: person.id, p_tier },
        "no_price",
      );
    }
  }
  assertEquals(await balanceOf(person), 100);
  const { success, final_credit_cost } = await enroll(admin, program, {
    p_client_user_id: person.id,
    p_force: true,
  });
  assertEquals([success, final_credit_cost], [true, 0]);
});

test("a price below nothing is none; a price of nothing is free", async () => {
  const wrong = await givenProgram({ credit_cost: -5 });
  const free = await givenProgram();
  await givenTierPlan(free, "Essentials", 0);
  const person = await givenClient(10);
  await assertRefused(person, wrong, {}, "no_price");
  assertEquals((await enroll(person, free)).final_credit_cost, 0);
  await assertRefused(person, free, { p_tier: "Premium" }, "already_enrolled");
  await assertRefused(
    await givenClient(5),
    free,
    { p_tier: "Premium" },
    "no_price",
  );
});

test("an unknown program or tier, and one that is not for credits, are refused", async () => {
  const person = await givenClient(100);
  const program = await givenProgram({ credit_cost: 10 });
  const separate = await givenProgram({ requires_separate_purchase: true });
  const inactive = await givenProgram({ is_active: false });
  for (
    const [wanted, wish, code] of [
      [program, { p_tier: "Gold" }, "unknown_tier"],
      [separate, {}, "not_for_credits"],
      [inactive, {}, "unknown_program"],
      [{ id: crypto.randomUUID() }, {}, "unknown_program"],
    ] as const
  ) await assertRefused(person, wanted, wish, code);
  assertEquals(await balanceOf(person), 100);
});

test("a caller with other figures is told the price and pays nothing", async () => {
  const person = await givenClient(100);
  const program = await givenProgram({ credit_cost: 40 });
  for (
    const wish of [
      { p_final_credit_cost: 0 },
      { p_original_credit_cost: 0, p_final_credit_cost: 0 },
      { p_discount_percent: 100 },
      { p_discount_percent: 100, p_final_credit_cost: 0 },
      { p_final_credit_cost: -40 },
      { p_final_credit_cost: 41 },
      { p_original_credit_cost: 80 },
    ]
  ) {
    const result = await assertRefused(person, program, wish, "price_mismatch");
    assertEquals(
      [result.original_credit_cost, result.final_credit_cost],
      [40, 40],
    );
  }
  assertEquals(await balanceOf(person), 100);
  const { success } = await enroll(person, program, {
    p_original_credit_cost: 40,
    p_discount_percent: 0,
    p_final_credit_cost: 40,
  });
  assertEquals(success, true);
});

test("too few credits leave no enrolment and the balance untouched", async () => {
  const person = await givenClient(10);
  const program = await givenProgram({ credit_cost: 50 });
  const result = await assertRefused(
    person,
    program,
    {},
    "insufficient_credits",
  );
  assertEquals(Object(result.credit_details).remaining_needed, 40);
  assertEquals(result.final_credit_cost, 50);
  assertEquals(await balanceOf(person), 10);
  const log = must(
    await person.client.from("credit_consumption_log").select(),
  );
  assertEquals(log, []);
});

test("the spend, its ledger entries and the enrolment know of one another", async () => {
  const person = await givenClient(10);
  const program = await givenProgram({ credit_cost: 7 });
  const result = await enroll(person, program);
  assertExists(result.enrollment_id);
  assertExists(result.spend_id);
  assertEquals(Object(result.credit_details).spend_id, result.spend_id);
  assertEquals(Object(result.credit_details).consumed, 7);
  const entry = must(
    await person.client.from("credit_ledger")
      .select("amount, balance_after, cause").eq(
        "spend_id",
        result.spend_id ?? "",
      )
      .single(),
  );
  assertEquals(entry, {
    amount: -7,
    balance_after: 3,
    cause: `enrollment:${result.enrollment_id}`,
  });
  const spend = must(
    await person.client.from("credit_spends").select(
      "amount, action_type, action_reference_id",
    ).eq("id", result.spend_id ?? "").single(),
  );
  assertEquals(spend, {
    amount: 7,
    action_type: "enrollment",
    action_reference_id: result.enrollment_id,
  });
});

test("an enrolment is for oneself, or for a client of staff of the program", async () => {
  const program = await givenProgram({ credit_cost: 10 });
  const [coach, other, elsewhere, stranger, person] = await Promise.all([
    createPerson({ role: "coach" }),
    createPerson({ role: "coach" }),
    createPerson({ role: "coach" }),
    createPerson(),
    givenClient(10),
  ]);
  await givenProgramCoach({ program, coach });
  await givenProgramCoach({ program, coach: other });
  await givenRelationship(person, coach);
  await givenRelationship(person, elsewhere);
  const wish = { p_client_user_id: person.id };
  // a client of a program of theirs is not a client of theirs, whose credits they spend
  const another = await givenProgram();
  await givenProgramCoach({ program: another, coach: other });
  await givenEnrolment({ client: person, program: another });
  for (const { client } of [other, elsewhere, stranger]) {
    await assertRefused(
      { id: person.id, client },
      program,
      wish,
      "not_allowed",
    );
  }
  const anon = await anonClient().rpc("enroll_with_credits", {
    ...wish,
    p_program_id: program.id,
  });
  assertEquals(anon.error?.code, "42501");
  assertEquals(await balanceOf(person), 10);
  assertEquals((await enroll(coach, program, wish)).success, true);
  assertEquals(await balanceOf(person), 0);
  assertEquals((await enrolmentsOf(person)).length, 2);
});

test("a client is told who enrolled them, in what, and for how many of their credits", async () => {
  const program = await givenProgram({ credit_cost: 10 });
  const [coach, admin] = [
    await createPerson({ role: "coach", name: "Mihai Ionescu" }),
    await createPerson({ role: "admin", name: "The Office" }),
  ];
  await givenProgramCoach({ program, coach });
  const [ana, ben, cris] = [
    await givenClient(10),
    await givenClient(10),
    await givenClient(10),
  ];
  await givenRelationship(ana, coach);
  await enroll(coach, program, { p_client_user_id: ana.id });
  await enroll(admin, program, {
    p_client_user_id: ben.id,
    p_force: true,
    p_enrollment_code: await freeCodeOf(program, admin),
  });
  await enroll(cris, program);
  assertEquals(await toldTo(ana), [[
    "You are enrolled in Leading Well",
    "Mihai Ionescu enrolled you in Leading Well. It cost 10 of your credits.",
  ]]);
  assertEquals(await toldTo(ben), [[
    "You are enrolled in Leading Well",
    "The Office enrolled you in Leading Well. It cost you nothing.",
  ]]);
  assertEquals(await toldTo(cris), []);
});

test("who sent a client, and where from, is kept where it is known", async () => {
  const program = await givenProgram();
  const [coach, admin, partner, stranger] = [
    await createPerson({ role: "coach" }),
    await createPerson({ role: "admin" }),
    await createPerson(),
    await createPerson(),
  ];
  await givenProgramCoach({ program, coach });
  must(
    await db.from("partner_codes").insert({
      code: unique("PARTNER"),
      partner_id: partner.id,
      program_id: program.id,
    }).select(),
  );
  const cases: {
    by?: Caller;
    claims: Wish;
    source: string | null;
    referrer: string | null;
  }[] = [
    {
      claims: { p_enrollment_source: "admin", p_referred_by: partner.id },
      source: "self",
      referrer: null,
    },
    {
      by: coach,
      claims: { p_enrollment_source: "admin", p_referred_by: coach.id },
      source: "staff",
      referrer: null,
    },
    {
      by: admin,
      claims: { p_enrollment_source: "admin", p_referred_by: admin.id },
      source: "admin",
      referrer: admin.id,
    },
    {
      by: admin,
      claims: { p_enrollment_source: "self", p_referred_by: partner.id },
      source: "admin",
      referrer: partner.id,
    },
    {
      by: admin,
      claims: {
        p_enrollment_source: "waitlist_promotion",
        p_referred_by: stranger.id,
      },
      source: "admin",
      referrer: null,
    },
    {
      by: admin,
      claims: { p_referred_by: crypto.randomUUID() },
      source: "admin",
      referrer: null,
    },
    {
      by: { id: "", client: db },
      claims: { p_enrollment_source: "import", p_referred_by: stranger.id },
      source: "import",
      referrer: stranger.id,
    },
    {
      by: { id: "", client: db },
      claims: { p_referred_by: crypto.randomUUID() },
      source: null,
      referrer: null,
    },
  ];
  for (const { by, claims, source, referrer } of cases) {
    const person = await givenClient(1);
    await givenRelationship(person, coach);
    const { success } = await enroll(by ?? person, program, {
      ...claims,
      p_client_user_id: person.id,
    });
    assertEquals(success, true);
    const enrolment = only(await enrolmentsOf(person));
    assertEquals(
      [enrolment.enrollment_source, enrolment.referred_by],
      [source, referrer],
    );
  }
  const own = await givenClient(1);
  await enroll(admin, program, {
    p_client_user_id: own.id,
    p_referred_by: own.id,
  });
  assertEquals(only(await enrolmentsOf(own)).referred_by, null);
});

test("force, past the capacity, is for admins", async () => {
  const program = await givenProgram({ capacity: 0, credit_cost: 10 });
  const [admin, coach, person] = await Promise.all([
    createPerson({ role: "admin" }),
    createPerson({ role: "coach" }),
    givenClient(15),
  ]);
  await givenProgramCoach({ program, coach });
  await givenRelationship(person, coach);
  const wish: Wish = { p_client_user_id: person.id, p_force: true };
  for (const { client } of [person, coach]) {
    await assertRefused(
      { id: person.id, client },
      program,
      wish,
      "not_allowed",
    );
  }
  await assertRefused(person, program, {}, "program_full");
  const { success } = await enroll(admin, program, wish);
  assertEquals(success, true);
  assertEquals(await balanceOf(person), 5);
});

test("a cohort of another program, or one that is closed, is refused", async () => {
  const person = await givenClient(10);
  const program = await givenProgram({ credit_cost: 10 });
  for (
    const cohort of [
      await givenCohort(),
      await givenCohort({ program, status: "completed" }),
      await givenCohort({ program, status: "cancelled" }),
      { id: crypto.randomUUID() },
    ]
  ) {
    const wish = { p_cohort_id: cohort.id };
    await assertRefused(person, program, wish, "unknown_cohort");
  }
  const upcoming = await givenCohort({ program, status: "upcoming" });
  const { success } = await enroll(person, program, {
    p_cohort_id: upcoming.id,
  });
  assertEquals(success, true);
  assertEquals(only(await enrolmentsOf(person)).cohort_id, upcoming.id);
});

test("a second enrolment is refused unless the program allows it, and is then numbered", async () => {
  const person = await givenClient(100);
  const once = await givenProgram({ credit_cost: 10 });
  const repeatable = await givenProgram({
    credit_cost: 10,
    allow_repeat_enrollment: true,
  });
  await givenEnrolment({ client: person, program: once, status: "completed" });
  const refused = await enroll(person, once);
  assertEquals(refused.code, "already_enrolled");
  for (const number of [1, 2]) {
    const { enrollment_id } = await enroll(person, repeatable);
    const enrolments = await enrolmentsOf(person);
    assertEquals(
      enrolments.find(({ id }) => id === enrollment_id)?.enrollment_number,
      number,
    );
  }
  assertEquals(await balanceOf(person), 80);
});

async function toldTo(person: { id: string }) {
  const told = must(
    await db.from("notifications")
      .select("title, message, notification_types!inner(key)")
      .eq("user_id", person.id)
      .eq("notification_types.key", "program_enrolled"),
  );
  return told.map(({ title, message }) => [title, message]);
}

async function freeCodeOf(
  program: { id: string },
  admin: { id: string },
): Promise<string> {
  const { code } = must(
    await db.from("enrollment_codes").insert({
      code: unique("FREE"),
      program_id: program.id,
      created_by: admin.id,
      code_type: "single_use",
      is_free: true,
    }).select("code").single(),
  );
  return code;
}
