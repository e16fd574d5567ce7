import { assertEquals } from "@std/assert";
import {
  assertSound,
  availableTo,
  batchesOf,
  grant,
  refund,
  spend,
} from "../support/credits.ts";
import { must, only } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import { refunded } from "../support/stripe_payments.ts";
import { givenInstalments as given } from "../support/stripe_instalments.ts";
import { enrolFor } from "../support/stripe_world.ts";
import {
  apply,
  applyAll,
  attentionTo,
  changed,
  debtOf,
  invoicePaymentsOf,
  schedulesOf,
  START,
  statusesOf,
} from "./stripe_events.ts";

const db = secretClient();

Deno.test.afterEach(assertSound);

/** Three payments of 10,000 for 300 credits, of which the first is made. */
async function givenInstalments(values: { count?: number } = {}) {
  const plan = await given({ now: START, ...values });
  const first = plan.life.paid(30_000 / (values.count ?? 3), {
    reason: "subscription_create",
  });
  await apply(first.event);
  return { ...plan, first };
}

type Plan = Awaited<ReturnType<typeof givenInstalments>>;

/** The ways in which a plan is broken: what Stripe tells of each. */
const BREAKS: Record<string, (plan: Plan) => Promise<unknown>> = {
  "is cancelled": ({ life }) => apply(life.deleted()),
  "is unpaid": ({ life }) => apply(life.updated("unpaid")),
  "is paused": ({ life }) => apply(life.paused()),
  "has an invoice that is given up": ({ life }) =>
    apply(life.failed(10_000, { final: true }).event),
  "has an invoice that is written off": ({ life, account }) => {
    const { invoice } = life.failed(10_000);
    return apply(
      account.tell("invoice.marked_uncollectible", {
        ...invoice,
        status: "uncollectible",
      }),
    );
  },
  "fails and is cancelled": async ({ life }) => {
    await apply(life.failed(10_000).event);
    await apply(life.deleted());
  },
};

for (const [how, breakIt] of Object.entries(BREAKS)) {
  Deno.test(`a plan that ${how} leaves what was paid for, and not a credit more`, async () => {
    const plan = await givenInstalments();
    assertEquals(await availableTo(plan.user), 300);
    await breakIt(plan);
    assertEquals(await availableTo(plan.user), 100);
    assertEquals((await schedulesOf(plan.life.id))[0]?.status, "defaulted");
    assertEquals((await spend(plan.user, 101)).code, "insufficient_credits");
    assertEquals((await spend(plan.user, 100)).success, true);
    assertEquals(await debtOf(plan.user), 0);
  });

  Deno.test(`what was spent beyond what was paid for is a debt when a plan ${how}`, async () => {
    const plan = await givenInstalments();
    await spend(plan.user, 250);
    await breakIt(plan);
    assertEquals([await availableTo(plan.user), await debtOf(plan.user)], [
      0,
      150,
    ]);
    const told = await attentionTo(`stripe:${plan.life.id}`);
    assertEquals(told, ["credit_debt"]);
  });
}

Deno.test("one of twelve paid and cancelled: a twelfth can be used, and somebody is told", async () => {
  const plan = await givenInstalments({ count: 12 });
  await apply(plan.life.deleted());
  assertEquals(await availableTo(plan.user), 25);
  assertEquals(await attentionTo(plan.life.id), ["plan_defaulted"]);
});

Deno.test("while a payment is missing the unpaid credits wait, and what was spent is no debt yet", async () => {
  const { user, life } = await givenInstalments();
  await spend(user, 150);
  const { event, invoice } = life.failed(10_000);
  await apply(event);
  assertEquals([await availableTo(user), await debtOf(user)], [0, 0]);
  await apply(life.paid(10_000, { invoice }).event);
  assertEquals(await availableTo(user), 150);
});

Deno.test("a payment after the default gives the credits back and takes the debt away", async () => {
  const { user, life } = await givenInstalments();
  await spend(user, 150);
  const { event, invoice } = life.failed(10_000, { final: true });
  await applyAll([event, life.updated("unpaid")]);
  assertEquals([await availableTo(user), await debtOf(user)], [0, 50]);

  await applyAll([
    life.paid(10_000, { invoice }).event,
    life.updated("active"),
  ]);
  assertEquals([await availableTo(user), await debtOf(user)], [150, 0]);
  assertEquals(only(await batchesOf(user)).remaining_amount, 150);
  assertEquals(await attentionTo(`stripe:${life.id}`), []);
});

Deno.test("what is given back of a spend after the default pays for what was not paid for", async () => {
  const { user, life } = await givenInstalments();
  const { spend_id } = await spend(user, 250);
  await apply(life.deleted());
  assertEquals([await availableTo(user), await debtOf(user)], [0, 150]);
  await refund(spend_id, { p_amount: 100 });
  assertEquals([await availableTo(user), await debtOf(user)], [0, 50]);
  await refund(spend_id);
  assertEquals([await availableTo(user), await debtOf(user)], [100, 0]);
});

Deno.test("an enrolment made after the default, too, is held by it", async () => {
  const { user, life } = await givenInstalments();
  await enrolFor(user, 40);
  await apply(life.deleted());
  await enrolFor(user, 40);
  assertEquals(await statusesOf(user), ["overdue", "overdue"]);
});

Deno.test("a trial grants nothing until the first payment, and a coupon of 100 % nothing at all", async () => {
  for (const status of ["trialing", "active"]) {
    const { user, life, metadata } = await given({ now: START });
    const checkout = life.checkout(metadata.session, {
      payment_status: "no_payment_required",
      amount_total: 0,
      amount_subtotal: status === "trialing" ? 0 : 10_000,
    });
    const free = changed(
      life.paid(10_000, { reason: "subscription_create" }).event,
      { total: 0, amount_due: 0, amount_paid: 0 },
    );
    await applyAll([life.created(status), checkout, free]);
    assertEquals(await availableTo(user), 0, status);
    assertEquals(
      await attentionTo(life.id),
      status === "active" ? ["nothing_paid"] : [],
    );
    await applyAll([life.updated("active"), life.paid(10_000).event]);
    assertEquals(await availableTo(user), 300, status);
    await apply(life.deleted());
    assertEquals(await availableTo(user), 100, status);
  }
});

const PAID = {
  "out of the customer's balance": { amount_due: 0, amount_paid: 0 },
  "out of band": { amount_paid: 0, paid_out_of_band: true },
  "with half of it out of the balance": {
    amount_due: 5_000,
    amount_paid: 5_000,
  },
  "on a billing date that was moved": { billing_reason: "subscription_update" },
  "with tax on top": {
    total: 11_900,
    amount_paid: 11_900,
    total_taxes: [{ amount: 1_900, tax_behavior: "exclusive" }],
  },
};
for (const [how, values] of Object.entries(PAID)) {
  Deno.test(`an instalment that is paid ${how} counts`, async () => {
    const { user, life } = await givenInstalments();
    await apply(changed(life.paid(10_000).event, values));
    const schedule = only(await schedulesOf(life.id));
    assertEquals([schedule.installments_paid, schedule.amount_paid_cents], [
      2,
      20_000,
    ]);
    await apply(life.deleted());
    assertEquals(await availableTo(user), 200);
  });
}

Deno.test("a proration is no instalment, whatever it comes to, and neither is a part of one", async () => {
  const { user, life } = await givenInstalments();
  const [part, whole] = [life.paid(3_333), life.paid(10_000)];
  const proration = changed(whole.event, {
    billing_reason: "subscription_update",
    lines: {
      object: "list",
      has_more: false,
      data: [{
        amount: 10_000,
        parent: { subscription_item_details: { proration: true } },
      }],
    },
  });
  await applyAll([part.event, proration, life.deleted()]);
  assertEquals((await schedulesOf(life.id))[0]?.installments_paid, 1);
  assertEquals(await availableTo(user), 100);
  assertEquals(await attentionTo(part.invoice.id, whole.invoice.id), [
    "odd_payment",
    "odd_payment",
  ]);
});

Deno.test("a coupon of a half: each payment is one, and what it paid for is what was paid", async () => {
  const { user, life } = await givenInstalments();
  await apply(
    changed(life.paid(10_000).event, { total: 5_000, amount_paid: 5_000 }),
  );
  assertEquals((await schedulesOf(life.id))[0]?.installments_paid, 2);
  await apply(life.deleted());
  assertEquals(await availableTo(user), 150);
});

Deno.test("a payment refunded after the default is not paid for either", async () => {
  const { account, user, life, first } = await givenInstalments();
  const second = life.paid(10_000);
  await applyAll([second.event, life.deleted()]);
  assertEquals(await availableTo(user), 200);
  const event = refunded(account, first.charge, 10_000);
  await apply(event, {
    fetched: invoicePaymentsOf(account, first.charge.payment_intent),
  });
  assertEquals(await availableTo(user), 100);
});

Deno.test("an invoice written off is decided, and one paid after all counts", async () => {
  const { account, user, life } = await givenInstalments();
  const { event, invoice } = life.failed(10_000, { final: true });
  await apply(event);
  assertEquals(await attentionTo(life.id), ["payment_given_up"]);
  await apply(
    account.tell("invoice.marked_uncollectible", {
      ...invoice,
      status: "uncollectible",
    }),
  );
  assertEquals(await attentionTo(life.id), []);
  assertEquals(await availableTo(user), 100);
  await apply(life.paid(10_000, { invoice }).event);
  assertEquals(await availableTo(user), 300);
});

for (const before of [1, 2]) {
  Deno.test(`a plan that the former function counted to ${before} goes on from there`, async () => {
    const { user, life } = await given({ now: START, count: 4 });
    const month = 30 * 86_400;
    must(
      await db.from("payment_schedules").insert({
        user_id: user.id,
        stripe_subscription_id: life.id,
        total_amount_cents: 30_000,
        installment_count: 4,
        installment_amount_cents: 7_500,
        installments_paid: before,
        amount_paid_cents: 0,
        credits_granted: 300,
        started_at: new Date((START - before * month) * 1000).toISOString(),
        next_payment_date: new Date(START * 1000).toISOString(),
      }).select("id"),
    );
    await grant(user, 300, { p_source_reference_id: life.id });
    const next = life.paid(7_500);
    await applyAll([next.event, life.updated("active"), life.deleted()]);
    const schedule = only(await schedulesOf(life.id));
    assertEquals([schedule.installments_paid, schedule.amount_paid_cents], [
      before + 1,
      7_500 * (before + 1),
    ]);
    assertEquals(await availableTo(user), 75 * (before + 1));
  });
}
