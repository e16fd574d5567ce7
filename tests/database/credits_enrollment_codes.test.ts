import { assertEquals } from "@std/assert";
import type { Database } from "../../supabase/functions/_shared/database.types.ts";
import { createPerson, type Person } from "../support/people.ts";
import {
  givenCohort,
  givenProgram,
  must,
  only,
  unique,
} from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import {
  assertRefused,
  balanceOf,
  codeUsesOf,
  enroll,
  enrolmentsOf,
  fromNow,
  givenClient,
  test,
} from "./credits_enrollment_clients.ts";

type Tables = Database["public"]["Tables"];
type Discount = Partial<Tables["discount_codes"]["Insert"]>;
type EnrollmentCode = Partial<Tables["enrollment_codes"]["Insert"]>;
type Program = { id: string };

const DAY = 86_400_000;
const db = secretClient();

test("a discount takes its part off the price, and its use is written down", async () => {
  for (
    const [values, price, percent] of [
      [{ discount_type: "percent", discount_value: 25 }, 60, 25],
      [{ discount_type: "percent", discount_value: 100 }, 0, 100],
      [{ discount_type: "percent", discount_value: 250 }, 0, 100],
      [{ discount_type: "fixed_amount", discount_value: 30 }, 50, 37.5],
      [{ discount_type: "fixed_amount", discount_value: 500 }, 0, 100],
    ] as const
  ) {
    const person = await givenClient(100);
    const program = await givenProgram({ credit_cost: 80 });
    const { id, code } = await givenDiscount(values);
    const result = await enroll(person, program, {
      p_discount_code: code.toUpperCase(),
      p_original_credit_cost: 80,
      p_discount_percent: percent,
      p_final_credit_cost: price,
    });
    assertEquals(
      [result.success, result.original_credit_cost, result.final_credit_cost],
      [true, 80, price],
    );
    assertEquals(await balanceOf(person), 100 - price);
    const enrolment = only(await enrolmentsOf(person));
    assertEquals(
      [enrolment.discount_code_id, enrolment.discount_percent],
      [id, percent],
    );
    assertEquals(await discountUsesOf(id), [1, [{
      user_id: person.id,
      enrollment_id: result.enrollment_id,
      program_id: program.id,
      tier_name: "Essentials",
      original_price_credits: 80,
      discount_amount_credits: 80 - price,
      final_price_credits: price,
    }]]);
  }
});

test("a discount that is not valid here is refused, and is not used up by it", async () => {
  const person = await givenClient(100);
  const program = await givenProgram({ credit_cost: 80 });
  const somebodyElse = await createPerson();
  const invalid: Discount[] = [
    { is_active: false },
    { starts_at: fromNow(DAY) },
    { expires_at: fromNow(-DAY) },
    { max_uses: 3, uses_count: 3 },
    { valid_for_program_ids: [crypto.randomUUID()] },
    { valid_for_tier_names: ["Premium"] },
    { assigned_user_id: somebodyElse.id },
    { assigned_user_email: somebodyElse.email },
    { assigned_user_id: person.id, assigned_user_email: somebodyElse.email },
  ];
  for (const values of invalid) {
    const { id, code } = await givenDiscount(values);
    await assertRefused(
      person,
      program,
      { p_discount_code: code },
      "invalid_code",
    );
    assertEquals(await discountUsesOf(id), [values.uses_count ?? 0, []]);
  }
  const wish = { p_discount_code: unique("nothing") };
  await assertRefused(person, program, wish, "invalid_code");
  assertEquals(await balanceOf(person), 100);
});

test("a discount for this program, tier and person is taken", async () => {
  const person = await givenClient(100);
  const program = await givenProgram({
    credit_cost: 10,
    allow_repeat_enrollment: true,
  });
  const valid: Discount[] = [
    { starts_at: fromNow(-DAY), expires_at: fromNow(DAY) },
    { max_uses: 3, uses_count: 2 },
    { valid_for_program_ids: [program.id], valid_for_tier_names: ["premium"] },
    { valid_for_program_ids: [], valid_for_tier_names: [] },
    { assigned_user_id: person.id },
    { assigned_user_email: person.email.toUpperCase() },
  ];
  for (const values of valid) {
    const { code } = await givenDiscount(values);
    const result = await enroll(person, program, {
      p_tier: "Premium",
      p_discount_code: code,
    });
    assertEquals([result.code, result.final_credit_cost], [null, 5]);
  }
});

test("a refusal for another reason leaves the codes as they were", async () => {
  const person = await givenClient(10);
  const program = await givenProgram({ credit_cost: 80 });
  const discount = await givenDiscount();
  const code = await givenCode(program, { discount_percent: 50 });
  for (
    const wish of [
      { p_discount_code: discount.code },
      { p_enrollment_code: code.code },
    ]
  ) {
    await assertRefused(person, program, wish, "insufficient_credits");
    const { final_credit_cost } = await assertRefused(
      person,
      program,
      { ...wish, p_final_credit_cost: 0 },
      "price_mismatch",
    );
    assertEquals(final_credit_cost, 40);
    await assertRefused(
      person,
      program,
      { ...wish, p_discount_percent: 100 },
      "price_mismatch",
    );
  }
  assertEquals(await discountUsesOf(discount.id), [0, []]);
  assertEquals(await codeUsesOf(code.id), 0);
  assertEquals(await balanceOf(person), 10);
});

test("an enrolment code makes it free or cheaper, and counts its uses", async () => {
  const program = await givenProgram({ credit_cost: 80 });
  const cohort = await givenCohort({ program });
  for (
    const [values, price] of [
      [{ is_free: true }, 0],
      [{ is_free: true, discount_percent: 10 }, 0],
      [{ discount_percent: 25 }, 60],
      [{}, 80],
      [{ is_free: true, grants_tier: "essentials" }, 0],
      [{ is_free: true, cohort_id: cohort.id }, 0],
      [{ is_free: true, expires_at: fromNow(DAY) }, 0],
    ] as [EnrollmentCode, number][]
  ) {
    const person = await givenClient(100);
    const { id, code } = await givenCode(program, values);
    const result = await enroll(person, program, {
      p_enrollment_code: code.toUpperCase(),
      p_cohort_id: values.cohort_id ?? undefined,
    });
    assertEquals([result.code, result.final_credit_cost], [null, price]);
    assertEquals(await balanceOf(person), 100 - price);
    const enrolment = only(await enrolmentsOf(person));
    assertEquals(enrolment.enrollment_code_id, id);
    assertEquals(enrolment.payment_type, price === 0 ? "free" : "upfront");
    assertEquals(await codeUsesOf(id), 1);
  }
});

test("an enrolment code that grants a tier gives it, as the program spells it", async () => {
  const program = await givenProgram({ credit_cost: 80 });
  const { code } = await givenCode(program, {
    is_free: true,
    grants_tier: "premium",
  });
  const person = await createPerson();
  const { success } = await enroll(person, program, {
    p_enrollment_code: code,
  });
  assertEquals(success, true);
  assertEquals(only(await enrolmentsOf(person)).tier, "Premium");
});

test("an enrolment code works as often as it may", async () => {
  const program = await givenProgram({ credit_cost: 80 });
  for (
    const [values, uses] of [
      [{ code_type: "single_use" }, 1],
      [{ code_type: "multi_use", max_uses: 2 }, 2],
      [{ code_type: "multi_use", max_uses: null }, 3],
    ] as const
  ) {
    const { id, code } = await givenCode(program, { is_free: true, ...values });
    const wish = { p_enrollment_code: code };
    for (let use = 1; use <= 3; use++) {
      const person = await createPerson();
      if (use <= uses) {
        assertEquals((await enroll(person, program, wish)).code, null);
      } else await assertRefused(person, program, wish, "invalid_code");
    }
    assertEquals(await codeUsesOf(id), uses);
  }
});

test("an enrolment code that is not valid here is refused", async () => {
  const person = await givenClient(100);
  const program = await givenProgram({ credit_cost: 80 });
  const cohort = await givenCohort({ program });
  const other = await givenCohort({ program });
  for (
    const [owner, values, wish] of [
      [program, { cohort_id: cohort.id }, {}],
      [program, { cohort_id: cohort.id }, { p_cohort_id: other.id }],
      [await givenProgram(), {}, {}],
      [program, { expires_at: fromNow(-DAY) }, {}],
      [program, { is_active: false }, {}],
      [program, { grants_tier: "Premium" }, { p_tier: "Essentials" }],
      [program, { max_uses: 0 }, {}],
    ] as [Program, EnrollmentCode, { p_tier?: string; p_cohort_id?: string }][]
  ) {
    const { id, code } = await givenCode(owner, { is_free: true, ...values });
    await assertRefused(
      person,
      program,
      { ...wish, p_enrollment_code: code },
      "invalid_code",
    );
    assertEquals(await codeUsesOf(id), 0);
  }
});

test("both kinds of codes at once are refused", async () => {
  const person = await givenClient(100);
  const program = await givenProgram({ credit_cost: 80 });
  const discount = await givenDiscount();
  const code = await givenCode(program, { discount_percent: 50 });
  await assertRefused(
    person,
    program,
    { p_discount_code: discount.code, p_enrollment_code: code.code },
    "invalid_code",
  );
  assertEquals(await discountUsesOf(discount.id), [0, []]);
  assertEquals(await codeUsesOf(code.id), 0);
});

let creator: Promise<Person> | undefined;

/** A discount of 50 % unless told. */
async function givenDiscount(values: Discount = {}) {
  return must(
    await db.from("discount_codes").insert({
      code: unique("discount"),
      discount_type: "percent",
      discount_value: 50,
      ...values,
    }).select("id, code").single(),
  );
}

async function givenCode(program: Program, values: EnrollmentCode = {}) {
  return must(
    await db.from("enrollment_codes").insert({
      code: unique("code"),
      program_id: program.id,
      created_by: (await (creator ??= createPerson())).id,
      ...values,
    }).select("id, code").single(),
  );
}

/** The count of the code, and the uses that are written down. */
async function discountUsesOf(id: string) {
  const { uses_count } = must(
    await db.from("discount_codes").select("uses_count").eq("id", id).single(),
  );
  const uses = must(
    await db.from("discount_code_uses").select(
      "user_id, enrollment_id, program_id, tier_name, original_price_credits, discount_amount_credits, final_price_credits",
    ).eq("discount_code_id", id),
  );
  return [uses_count, uses];
}
