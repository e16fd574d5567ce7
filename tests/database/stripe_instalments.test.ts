import { assertEquals } from "@std/assert";
import { assertSound, batchesOf } from "../support/credits.ts";
import { givenProgram, must } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import { toldAgain } from "../support/stripe_account.ts";
import { SubscriptionLife } from "../support/stripe_subscriptions.ts";
import {
  enrolFor,
  givenPackage,
  givenUser,
  instalmentMetadata,
} from "../support/stripe_world.ts";
import {
  apply,
  applyAll,
  attentionTo,
  newAccount,
  schedulesOf,
  START,
} from "./stripe_events.ts";

const db = secretClient();
const DAY = 86_400;

Deno.test.afterEach(assertSound);

/** 300 credits for 30,000, in three payments. */
async function givenInstalments(
  { now = START, user, ...values }: {
    now?: number;
    user?: Awaited<ReturnType<typeof givenUser>>;
    count?: number;
  } = {},
) {
  const account = newAccount(now);
  const buyer = user ?? await givenUser();
  const metadata = instalmentMetadata({
    user: buyer,
    packageId: await givenPackage(300),
    credits: 300,
    total: 30_000,
    count: 3,
    expiresAt: "2099-01-01T00:00:00Z",
    ...values,
  });
  const life = new SubscriptionLife(account, {
    price: "price_of_instalments",
    metadata: metadata.subscription,
  });
  return { account, user: buyer, metadata, life };
}

/** The enrolments' payment statuses, in the order in which they were made. */
async function statusesOf({ id }: { id: string }) {
  const rows = must(
    await db.from("client_enrollments").select("payment_status")
      .eq("client_user_id", id).order("created_at"),
  );
  return rows.map(({ payment_status }) => payment_status);
}

Deno.test("three payments complete a schedule, and all credits come with the first", async () => {
  const { user, life } = await givenInstalments();
  const first = life.paid(10_000, { reason: "subscription_create" });
  await applyAll([first.event, toldAgain(first.event)]);
  const [schedule] = await schedulesOf(life.id);
  assertEquals(
    [
      schedule?.installments_paid,
      schedule?.amount_paid_cents,
      schedule?.status,
    ],
    [1, 10_000, "active"],
  );
  const [batch] = await batchesOf(user);
  assertEquals(
    [batch?.remaining_amount, batch?.idempotency_key],
    [300, `stripe:subscription:${life.id}`],
  );
  assertEquals(Date.parse(batch?.expires_at ?? ""), Date.UTC(2099, 0));

  await applyAll([life.paid(10_000).event, life.paid(10_000).event]);
  const [done, ...others] = await schedulesOf(life.id);
  assertEquals(
    [done?.installments_paid, done?.status, done?.next_payment_date, others],
    [3, "completed", null, []],
  );
  assertEquals((await batchesOf(user)).length, 1);
});

Deno.test("payments fall due on the day of the first, or the month's last", async () => {
  const { life, account } = await givenInstalments({
    now: Date.UTC(2027, 0, 31, 9) / 1000,
    count: 4,
  });
  const dates: string[] = [];
  for (let paid = 1; paid <= 3; paid++) {
    const reason = paid === 1 ? "subscription_create" : "subscription_cycle";
    await apply(life.paid(7_500, { reason }).event);
    const [schedule] = await schedulesOf(life.id);
    dates.push(new Date(schedule?.next_payment_date ?? 0).toISOString());
    account.now += 28 * DAY;
  }
  assertEquals(dates, [
    "2027-02-28T09:00:00.000Z",
    "2027-03-31T09:00:00.000Z",
    "2027-04-30T09:00:00.000Z",
  ]);
});

Deno.test("the currency is the invoice's, and amounts are in its smallest unit", async () => {
  const { life } = await givenInstalments();
  await apply(
    life.paid(10_000, {
      reason: "subscription_create",
      currency: "jpy",
    }).event,
  );
  const [schedule] = await schedulesOf(life.id);
  assertEquals(
    [
      schedule?.currency,
      schedule?.amount_paid_cents,
      schedule?.total_amount_cents,
    ],
    ["jpy", 10_000, 30_000],
  );
});

Deno.test("a payment beyond the agreed number is shown to a person and counts for nothing", async () => {
  const { life } = await givenInstalments({ count: 2 });
  const surplus = [
    life.paid(15_000, { reason: "subscription_create" }),
    life.paid(15_000),
    life.paid(15_000),
  ];
  await applyAll(surplus.map(({ event }) => event));
  const [schedule] = await schedulesOf(life.id);
  assertEquals(
    [
      schedule?.installments_paid,
      schedule?.amount_paid_cents,
      schedule?.status,
    ],
    [2, 30_000, "completed"],
  );
  assertEquals(await attentionTo(life.id), ["surplus_payment"]);
});

Deno.test("a missed payment marks what its credits paid for, a default locks it, and paying unlocks it", async () => {
  const { user, life } = await givenInstalments();
  await apply(life.paid(10_000, { reason: "subscription_create" }).event);
  const program = await givenProgram();
  must(
    await db.from("client_enrollments").insert({
      client_user_id: user.id,
      program_id: program.id,
      payment_status: "outstanding",
    }).select("id"),
  );
  await enrolFor(user, 120);
  await enrolFor(user, 0);
  assertEquals(await statusesOf(user), ["outstanding", "paid", "paid"]);

  const { event, invoice } = life.failed(10_000);
  await apply(event);
  assertEquals(await statusesOf(user), ["outstanding", "outstanding", "paid"]);
  assertEquals(await attentionTo(life.id), []);

  await apply(life.failed(10_000, { final: true, invoice }).event);
  assertEquals(await statusesOf(user), ["outstanding", "overdue", "paid"]);
  assertEquals((await schedulesOf(life.id))[0]?.status, "defaulted");
  assertEquals(await attentionTo(life.id), ["payment_given_up"]);

  await apply(life.paid(10_000, { invoice }).event);
  assertEquals(await statusesOf(user), ["outstanding", "paid", "paid"]);
  assertEquals((await schedulesOf(life.id))[0]?.status, "active");
  assertEquals(await attentionTo(life.id), []);
});

for (const end of ["unpaid", "canceled"]) {
  Deno.test(`a subscription that is ${end} before the last payment is a default`, async () => {
    const { user, life } = await givenInstalments();
    await apply(life.paid(10_000, { reason: "subscription_create" }).event);
    await enrolFor(user, 300);
    await apply(end === "canceled" ? life.deleted() : life.updated(end));
    assertEquals(await statusesOf(user), ["overdue"]);
    assertEquals((await schedulesOf(life.id))[0]?.status, "defaulted");
  });
}

Deno.test("an enrolment paid from two plans is as late as the later of them", async () => {
  const user = await givenUser();
  const [one, other] = [
    await givenInstalments({ user }),
    await givenInstalments({ user }),
  ];
  for (const { life } of [one, other]) {
    await apply(life.paid(10_000, { reason: "subscription_create" }).event);
  }
  await enrolFor(user, 500);
  const late = one.life.failed(10_000, { final: true });
  const later = other.life.failed(10_000);
  await applyAll([late.event, later.event]);
  assertEquals(await statusesOf(user), ["overdue"]);
  await apply(one.life.paid(10_000, { invoice: late.invoice }).event);
  assertEquals(await statusesOf(user), ["outstanding"]);
  await apply(other.life.paid(10_000, { invoice: later.invoice }).event);
  assertEquals(await statusesOf(user), ["paid"]);
});

Deno.test("an instalment that is void is no longer owed", async () => {
  const { user, life } = await givenInstalments();
  await apply(life.paid(10_000, { reason: "subscription_create" }).event);
  await enrolFor(user, 300);
  const { event, invoice } = life.failed(10_000, { final: true });
  await applyAll([event, life.voided(invoice)]);
  assertEquals(await statusesOf(user), ["paid"]);
});

Deno.test("without the numbers, or with credits that have lapsed, a person is asked", async () => {
  const bare = await givenInstalments();
  const metadata = { ...bare.metadata.subscription, credit_value: "NaN" };
  const life = new SubscriptionLife(bare.account, {
    price: "price_of_instalments",
    metadata: { ...metadata, package_id: crypto.randomUUID() },
  });
  const paid = life.paid(10_000, { reason: "subscription_create" });
  assertEquals(await applyAll([paid.event]), ["unmatched unknown_numbers"]);
  assertEquals(await attentionTo(life.id), ["unmatched_event"]);

  const lapsed = await givenInstalments();
  const { event } = lapsed.life.paid(10_000, { reason: "subscription_create" });
  const { outcome } = await apply(event, { now: new Date("2100-01-01") });
  assertEquals(outcome, "credits_lapsed");
  assertEquals(await batchesOf(lapsed.user), []);
});
