import { assertEquals } from "@std/assert";
import {
  assertSound,
  availableTo,
  batchesOf,
  leftIn,
} from "../support/credits.ts";
import { createPerson } from "../support/people.ts";
import { must, only } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import { sqlTest, value } from "../support/sql.ts";
import { type Charge, stripeId, toldAgain } from "../support/stripe_account.ts";
import {
  DisputeLife,
  PaymentLife,
  refunded,
} from "../support/stripe_payments.ts";
import { SubscriptionLife } from "../support/stripe_subscriptions.ts";
import { givenPackage, givenUser } from "../support/stripe_world.ts";
import {
  apply,
  applyAll,
  attentionTo,
  changed,
  debtOf,
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
  return { user, life, batch: only(await batchesOf(user)).id };
}

/** A refund that Stripe could not make, or that was taken back. */
function refundFailed(
  charge: Charge,
  amount: number,
  type: "refund.failed" | "refund.updated" | "charge.refund.updated",
  status = "failed",
) {
  const refund = {
    id: stripeId("re"),
    object: "refund",
    amount,
    charge: charge.id,
    payment_intent: charge.payment_intent,
    status,
  };
  return account.tell(type, refund);
}

for (
  const type of [
    "refund.failed",
    "refund.updated",
    "charge.refund.updated",
  ] as const
) {
  Deno.test(`a refund that fails later gives the credits back, once (${type})`, async () => {
    for (const order of ["in order", "backwards"]) {
      const { life: { charge }, batch } = await givenPurchase();
      const [back, failed] = [
        refunded(account, charge, 10_000),
        refundFailed(charge, 10_000, type),
      ];
      const events = [back, failed, toldAgain(failed)];
      await applyAll(order === "in order" ? events : events.toReversed());
      assertEquals(await leftIn(batch), [100], order);
      // what is refunded after that counts
      await apply(refunded(account, charge, 4_000));
      assertEquals(await leftIn(batch), [60], order);
    }
  });
}

Deno.test("a refund that goes well changes nothing more", async () => {
  const { life: { charge }, batch } = await givenPurchase();
  await applyAll([
    refunded(account, charge, 10_000),
    refundFailed(charge, 10_000, "refund.updated", "succeeded"),
  ]);
  assertEquals(await leftIn(batch), [0]);
});

Deno.test("a lost dispute that is won on appeal gives the credits back, in any order", async () => {
  for (const order of ["in order", "backwards"]) {
    const { life: { charge }, batch, user } = await givenPurchase();
    const dispute = new DisputeLife(account, charge);
    const events = [
      dispute.created(),
      dispute.closed("lost"),
      dispute.closed("won"),
    ];
    await applyAll(order === "in order" ? events : events.toReversed());
    assertEquals([await leftIn(batch), await debtOf(user)], [[100], 0], order);
  }
});

Deno.test("money that comes back from a dispute is money", async () => {
  const { life: { charge }, batch } = await givenPurchase();
  const dispute = new DisputeLife(account, charge);
  const lost = [dispute.created(), dispute.closed("lost")];
  const reinstated = account.tell("charge.dispute.funds_reinstated", {
    ...lost[1]?.data.object ?? { id: "", object: "dispute" },
  });
  await applyAll([...lost, reinstated]);
  assertEquals(await leftIn(batch), [100]);
});

for (
  const [what, values] of Object.entries({
    "negative": { amount_total: -10_000 },
    "beyond what a purchase holds": { amount_total: 2_500_000_000 },
    "no whole number": { amount_total: 10.5 },
    "a text": { amount_total: "10000" },
    "nothing": { amount_total: 0, amount_subtotal: 10_000 },
  })
) {
  Deno.test(`an amount that is ${what} waits for a person, who can end it`, async () => {
    const user = await givenUser();
    const life = new PaymentLife(account, {
      amount: 10_000,
      metadata: { package_id: await givenPackage(100), user_id: user.id },
    });
    const event = changed(life.completed(), values);
    assertEquals(await applyAll([event]), ["unmatched unknown_amount"]);
    assertEquals(await availableTo(user), 0);
    const { error } = await db.rpc("dismiss_stripe_event", {
      p_id: event.id,
      p_note: "refunded in Stripe",
    });
    assertEquals(error, null);
    assertEquals(await attentionTo(event.id), []);
  });
}

Deno.test("credits that neither a package nor the amount bears out wait for a person", async () => {
  const user = await givenUser();
  const package_id = await givenPackage(100);
  for (const metadata of [{ package_id }, { package_id: "x" }]) {
    const life = new PaymentLife(account, {
      amount: 100,
      metadata: { ...metadata, user_id: user.id, credit_value: "5000" },
    });
    assertEquals(await applyAll([life.completed()]), [
      "unmatched unknown_package",
    ]);
  }
  const fair = new PaymentLife(account, {
    amount: 1_000_000,
    metadata: { package_id: "x", user_id: user.id, credit_value: "120" },
  });
  assertEquals(await applyAll([fair.completed()]), [
    "applied purchase_completed",
  ]);
  assertEquals(await availableTo(user), 120);
});

Deno.test("an event of a foreign account, or of the other mode, is kept and has no effect, replayed neither", async () => {
  const user = await givenUser();
  const life = new PaymentLife(account, {
    amount: 10_000,
    metadata: { package_id: await givenPackage(100), user_id: user.id },
  });
  const [foreign, live] = [life.completed(), life.completed()];
  Object.assign(foreign, { account: "acct_foreign" });
  Object.assign(live, { livemode: true });
  const { status, outcome } = await apply(foreign);
  assertEquals([status, outcome], ["ignored", "other_account"]);
  const answer = must(
    await db.rpc("apply_stripe_event", {
      p_event: JSON.parse(JSON.stringify(live)),
      p_livemode: false,
    }),
  );
  assertEquals([answer.status, answer.outcome], ["ignored", "other_mode"]);
  for (const { id } of [foreign, live]) {
    const replayed = must(await db.rpc("replay_stripe_event", { p_id: id }));
    assertEquals(replayed.status, "ignored");
  }
  assertEquals(await availableTo(user), 0);
});

Deno.test("subscriptions of other products are set aside, with what becomes of them", async () => {
  const life = new SubscriptionLife(account, { price: stripeId("price") });
  const events = [
    life.created("active"),
    life.checkout({ order: "42" }),
    life.paid(990).event,
    life.failed(990, { final: true }).event,
    life.deleted(),
  ];
  assertEquals(
    await applyAll(events),
    events.map(() => "ignored other_product"),
  );
  assertEquals(await attentionTo(life.id), []);
});

Deno.test("refunds of other products are set aside, by what Stripe says of their payment", async () => {
  const life = new PaymentLife(account, { amount: 5_000 });
  const manual = { id: stripeId("in"), object: "invoice", parent: null };
  const foreign = {
    ...manual,
    parent: {
      subscription_details: { subscription: "sub_foreign", metadata: {} },
    },
  };
  for (
    const fetched of [
      { data: [{ invoice: manual }] },
      { data: [{ invoice: foreign }] },
      { data: [], sessions: [] },
      { data: [], sessions: [{ id: "cs_x", metadata: { order: "42" } }] },
    ]
  ) {
    const { status, outcome } = await apply(
      refunded(account, life.charge, 5_000),
      { fetched },
    );
    assertEquals([status, outcome], ["ignored", "other_product"]);
  }
  const ours = {
    data: [],
    sessions: [{ id: life.id, metadata: { package_id: "x" } }],
  };
  const waiting = refunded(account, life.charge, 5_000);
  assertEquals((await apply(waiting, { fetched: ours })).status, "unmatched");
});

Deno.test("a refund that names its invoice, and nobody knows it, can be dismissed", async () => {
  const life = new PaymentLife(account, { amount: 5_000 });
  const event = changed(refunded(account, life.charge, 5_000), {
    invoice: stripeId("in"),
  });
  assertEquals(await applyAll([event]), ["unmatched unknown_payment"]);
  const dismiss = async (p_note: string) =>
    must(await db.rpc("dismiss_stripe_event", { p_id: event.id, p_note }));
  assertEquals((await dismiss(" ")).outcome, "note_missing");
  assertEquals((await dismiss("the shop's")).status, "dismissed");
  assertEquals((await dismiss("the shop's")).outcome, "unknown_event");
  assertEquals((await apply(event)).status, "duplicate");
  assertEquals(await attentionTo(event.id), []);
});

Deno.test("every row says what to do", async () => {
  const silent = must(
    await db.from("stripe_attention").select("kind").is("action", null),
  );
  assertEquals(silent, []);
});

Deno.test("an admin dismisses and the log says who and why; nobody else may", async () => {
  const [admin, client] = [
    await createPerson({ role: "admin" }),
    await createPerson(),
  ];
  const { user, life } = await givenPurchase();
  const { id } = refunded(account, life.charge, 1);
  assertEquals(user.type, "user");
  const unknown = changed(life.completed(), { amount_total: -1 });
  await apply(unknown);
  const p_note = "a mistake of the shop's";
  const refusal = await client.client.rpc("dismiss_stripe_event", {
    p_id: unknown.id,
    p_note,
  });
  assertEquals(refusal.error?.code, "42501");
  const done = must(
    await admin.client.rpc("dismiss_stripe_event", {
      p_id: unknown.id,
      p_note,
    }),
  );
  assertEquals(done.status, "dismissed");
  assertEquals(
    must(
      await admin.client.rpc("dismiss_stripe_event", { p_id: id, p_note }),
    ).status,
    "refused",
  );
  const lines = must(
    await db.from("admin_audit_logs").select("actor_id, details")
      .eq("action", "stripe.dismiss").eq("actor_id", admin.id),
  );
  assertEquals(lines.map(({ details }) => details), [{
    outcome: "done",
    kind: "unmatched_event",
    subject: unknown.id,
    detail: "unknown_amount",
    note: p_note,
  }]);
});

sqlTest("nothing waits for ever after its payload is deleted", async (sql) => {
  const event = changed(
    new PaymentLife(newAccount(), { amount: 1 }).completed(),
    { amount_total: -1 },
  );
  const waiting = () =>
    value(
      sql,
      "select count(*)::int from public.stripe_attention where subject = $1",
      [event.id],
    );
  await sql.query("select public.apply_stripe_event($1::text::jsonb)", [
    JSON.stringify(event),
  ]);
  assertEquals(await waiting(), 1);
  await sql.query(
    "select private.delete_stripe_payloads(now() + interval '91 days')",
  );
  assertEquals(await waiting(), 0);
});
