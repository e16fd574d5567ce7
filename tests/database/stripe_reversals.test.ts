import { assertEquals } from "@std/assert";
import {
  assertSound,
  batchesOf,
  entriesOf,
  leftIn,
  type Owner,
  spend,
} from "../support/credits.ts";
import { must, only } from "../support/rows.ts";
import { sqlTest, value } from "../support/sql.ts";
import { secretClient } from "../support/stack.ts";
import { toldAgain } from "../support/stripe_account.ts";
import {
  DisputeLife,
  PaymentLife,
  refunded,
} from "../support/stripe_payments.ts";
import { SubscriptionLife } from "../support/stripe_subscriptions.ts";
import {
  givenPackage,
  givenPricedPlan,
  givenUser,
  instalmentMetadata,
} from "../support/stripe_world.ts";
import {
  apply,
  applyAll,
  attentionTo,
  invoicePaymentsOf,
  newAccount,
} from "./stripe_events.ts";

const db = secretClient();
const account = newAccount();

Deno.test.afterEach(assertSound);

/** 100 credits for 10,000. */
async function givenPurchase() {
  const user = await givenUser();
  const life = new PaymentLife(account, {
    amount: 10_000,
    metadata: { package_id: await givenPackage(100), user_id: user.id },
  });
  await apply(life.completed());
  const { id } = only(await batchesOf(user));
  return { user, life, batch: id };
}

/** What the owner owes. */
async function debtsOf({ id }: Owner): Promise<number[]> {
  const rows = must(
    await db.from("credit_debts").select("credits").eq("owner_id", id)
      .is("settled_at", null),
  );
  return rows.map(({ credits }) => credits);
}

Deno.test("refunds take credits in proportion, each once: the figure is cumulative", async () => {
  const { user, life: { charge }, batch } = await givenPurchase();
  const [part, more] = [
    refunded(account, charge, 2_500),
    refunded(account, charge, 3_333),
  ];
  await applyAll([part, toldAgain(part)]);
  assertEquals(await leftIn(batch), [75]);
  await applyAll([more, toldAgain(part)]);
  assertEquals(await leftIn(batch), [67]);
  await apply(refunded(account, charge, 10_000));
  assertEquals(await leftIn(batch), [0]);
  assertEquals(await entriesOf(batch), [
    ["grant", 100],
    ["reversal", -25],
    ["reversal", -8],
    ["reversal", -67],
  ]);
  assertEquals(await debtsOf(user), []);
});

Deno.test("what is spent becomes a debt, which an operator settles", async () => {
  const { user, life: { charge }, batch } = await givenPurchase();
  await spend(user, 80);
  await apply(refunded(account, charge, 5_000));
  assertEquals([await leftIn(batch), await debtsOf(user)], [[0], [30]]);
  assertEquals(
    await attentionTo(`stripe:${charge.payment_intent}`),
    ["credit_debt"],
  );
  must(
    await db.from("credit_debts").update({
      settled_at: new Date().toISOString(),
      note: "paid by transfer",
    }).eq("owner_id", user.id).select("id"),
  );
  assertEquals(await attentionTo(`stripe:${charge.payment_intent}`), []);
  await apply(refunded(account, charge, 10_000));
  assertEquals(await debtsOf(user), [50]);
});

sqlTest(
  "credits that lapsed unused are no debt, and those the browser granted are found",
  async (sql) => {
    const user = crypto.randomUUID();
    await sql.query("insert into auth.users (id, email) values ($1, $2)", [
      user,
      `${user}@example.com`,
    ]);
    const purchase = await value(
      sql,
      `insert into public.user_credit_purchases
       (user_id, credits_purchased, amount_cents, stripe_payment_intent_id)
     values ($1, 100, 10000, $2) returning id`,
      [user, `pi_${user}`],
    );
    const batch = await value(
      sql,
      `select public.grant_credit_batch('user', $1, 100, now() + interval '1 day', 'purchase',
       p_source_reference_id => $2)`,
      [user, purchase],
    );
    await value(
      sql,
      "select (private.spend_credits('user', $1, 10, null, null, null, null)).success",
      [user],
    );
    await sql.query(
      "update public.credit_batches set expires_at = now() where id = $1",
      [batch],
    );
    await sql.query("select private.expire_credits(now())");
    const charge = {
      ...new PaymentLife(newAccount(), { amount: 10_000 }).charge,
      payment_intent: `pi_${user}`,
    };
    await sql.query("select public.apply_stripe_event($1::text::jsonb)", [
      JSON.stringify(refunded(newAccount(), charge, 10_000)),
    ]);
    assertEquals(
      await sql.query(
        "select credits from public.credit_debts where batch_id = $1",
        [batch],
      ),
      [{ credits: 10 }],
    );
  },
);

Deno.test("a dispute takes the credits, and gives them back when it is won", async () => {
  for (const status of ["won", "warning_closed", "lost"] as const) {
    const { user, life: { charge }, batch } = await givenPurchase();
    await spend(user, 40);
    const dispute = new DisputeLife(account, charge);
    const [opened, closed] = [dispute.created(), dispute.closed(status)];
    await apply(opened);
    assertEquals([await leftIn(batch), await debtsOf(user)], [[0], [40]]);
    await applyAll([closed, toldAgain(closed), toldAgain(opened)]);
    assertEquals(
      [await leftIn(batch), await debtsOf(user)],
      status === "lost" ? [[0], [40]] : [[60], []],
      status,
    );
  }
});

Deno.test("a refund and a dispute of one charge never take more than was granted", async () => {
  const { user, life: { charge }, batch } = await givenPurchase();
  const dispute = new DisputeLife(account, charge);
  await applyAll([dispute.created(), refunded(account, charge, 10_000)]);
  assertEquals([await leftIn(batch), await debtsOf(user)], [[0], []]);
  await apply(dispute.closed("won"));
  assertEquals([await leftIn(batch), await debtsOf(user)], [[0], []]);
});

Deno.test("a refund that comes before the purchase waits for it", async () => {
  const user = await givenUser();
  const life = new PaymentLife(account, {
    amount: 10_000,
    metadata: { package_id: await givenPackage(100), user_id: user.id },
  });
  const refund = refunded(account, life.charge, 4_000);
  const asked = await apply(refund);
  assertEquals(
    [asked.status, asked.fetch_type, asked.fetch_id],
    ["needs_fetch", "invoice_payments", life.charge.payment_intent],
  );
  const { outcome } = await apply(refund, { fetched: { data: [] } });
  assertEquals(outcome, "unknown_payment");
  await apply(life.completed());
  assertEquals(only(await batchesOf(user)).remaining_amount, 60);
  const { status } = must(
    await db.from("stripe_events").select("status").eq("id", refund.id)
      .single(),
  );
  assertEquals(status, "applied");
});

Deno.test("an instalment given back takes its share of all credits, a surplus payment none", async () => {
  const user = await givenUser();
  const metadata = instalmentMetadata({
    user,
    packageId: await givenPackage(300),
    credits: 300,
    total: 20_000,
    count: 2,
    expiresAt: "2099-01-01T00:00:00Z",
  });
  const life = new SubscriptionLife(account, {
    price: "price_of_instalments",
    metadata: metadata.subscription,
  });
  const payments = [
    life.paid(10_000, { reason: "subscription_create" }),
    life.paid(10_000),
    life.paid(10_000),
  ];
  await applyAll(payments.map(({ event }) => event));
  assertEquals(await attentionTo(life.id), ["surplus_payment"]);

  for (const [index, left] of [[2, 300], [0, 150], [1, 0]] as const) {
    const charge = payments[index]?.charge;
    if (!charge) throw new Error("no such payment");
    await apply(refunded(account, charge, 10_000), {
      fetched: invoicePaymentsOf(account, charge.payment_intent),
    });
    assertEquals(only(await batchesOf(user)).remaining_amount, left);
  }
  assertEquals(await attentionTo(life.id), []);
});

Deno.test("a plan's refund takes no credits, and needs nobody", async () => {
  const user = await givenUser();
  const { price } = await givenPricedPlan();
  const life = new SubscriptionLife(account, {
    price,
    metadata: { type: "user_subscription", user_id: user.id },
  });
  const { event, charge } = life.paid(2_900);
  const refund = refunded(account, charge, 2_900);
  await apply(life.updated("active"));
  const early = await apply(refund, {
    fetched: invoicePaymentsOf(account, charge.payment_intent),
  });
  assertEquals(early.outcome, "unknown_payment");
  await apply(event);
  assertEquals((await apply(toldAgain(refund))).outcome, "no_credits");
  assertEquals(await attentionTo(String(charge.payment_intent)), []);
});
