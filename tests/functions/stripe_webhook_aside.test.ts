import { assertEquals } from "@std/assert";
import { availableTo } from "../support/credits.ts";
import { must } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import {
  type StripeAccount,
  type StripeEvent,
  stripeId,
} from "../support/stripe_account.ts";
import {
  invoiceObject,
  invoicePaymentObject,
} from "../support/stripe_objects.ts";
import { PaymentLife, refunded } from "../support/stripe_payments.ts";
import { type Surroundings, webhookTest } from "../support/stripe_webhook.ts";
import { givenPackage, givenUser } from "../support/stripe_world.ts";

const db = secretClient();

/** A purchase of 100 credits for 10,000, not told of yet. */
async function givenPurchase(account: StripeAccount) {
  const user = await givenUser();
  const life = new PaymentLife(account, {
    amount: 10_000,
    metadata: { package_id: await givenPackage(100), user_id: user.id },
  });
  return { user, life };
}

/** Delivers an event, which is taken. What became of it. */
async function take({ gateway }: Surroundings, event: StripeEvent) {
  assertEquals(await gateway.deliver(event), 200);
  const { status, outcome } = must(
    await db.from("stripe_events").select("status, outcome").eq("id", event.id)
      .single(),
  );
  return `${status} ${outcome}`;
}

webhookTest(
  "stripe-webhook takes what PostgreSQL cannot keep as it is",
  async (surroundings) => {
    const { user, life } = await givenPurchase(surroundings.account());
    const paid = life.completed();
    Object.assign(paid.data.object, {
      customer_details: { email: null, name: "A\0B \ud800 \ud83d\ude00" },
    });
    assertEquals(await take(surroundings, paid), "applied purchase_completed");
    assertEquals(await availableTo(user), 100);
    const { payload } = must(
      await db.from("stripe_events").select("payload").eq("id", paid.id)
        .single(),
    );
    assertEquals(
      Reflect.get(Object(payload), "data").object.customer_details.name,
      "A\ufffdB \ufffd \ud83d\ude00",
    );
  },
);

webhookTest(
  "stripe-webhook keeps an amount that no purchase holds for a person",
  async (surroundings) => {
    const { user, life } = await givenPurchase(surroundings.account());
    const paid = life.completed();
    Object.assign(paid.data.object, { amount_total: 2_500_000_000 });
    assertEquals(await take(surroundings, paid), "unmatched unknown_amount");
    assertEquals(await availableTo(user), 0);
  },
);

webhookTest(
  "stripe-webhook sets an event of the other mode than its key's aside",
  async (surroundings) => {
    const { user, life } = await givenPurchase(surroundings.account());
    const paid = { ...life.completed(), livemode: true };
    assertEquals(await take(surroundings, paid), "ignored other_mode");
    assertEquals(await availableTo(user), 0);
  },
);

webhookTest(
  "stripe-webhook asks Stripe what a refunded payment paid, and sets what is not ours aside",
  async (surroundings) => {
    const account = surroundings.account();
    const direct = new PaymentLife(account, { amount: 5_000 });
    assertEquals(
      await take(surroundings, refunded(account, direct.charge, 5_000)),
      "ignored other_product",
    );

    const shop = new PaymentLife(account, {
      amount: 5_000,
      metadata: { order: "42" },
    });
    shop.completed();
    assertEquals(
      await take(surroundings, refunded(account, shop.charge, 5_000)),
      "ignored other_product",
    );

    const manual = new PaymentLife(account, { amount: 5_000 });
    const invoice = account.put(invoiceObject({
      customer: stripeId("cus"),
      reason: "manual",
      amount: 5_000,
      currency: "eur",
      at: account.now,
      to: account.now,
      paid: true,
    }));
    account.put(
      invoicePaymentObject(invoice, String(manual.charge.payment_intent)),
    );
    assertEquals(
      await take(surroundings, refunded(account, manual.charge, 5_000)),
      "ignored other_product",
    );

    const { life } = await givenPurchase(account);
    const paid = life.completed();
    assertEquals(
      await take(surroundings, refunded(account, life.charge, 5_000)),
      "unmatched unknown_payment",
    );
    await take(surroundings, paid);
    const left = must(
      await db.from("credit_batches").select(
        "remaining_amount, original_amount",
      )
        .eq("idempotency_key", `purchase:${life.id}`),
    );
    assertEquals(left, [{ remaining_amount: 50, original_amount: 100 }]);
  },
);
