import { assertEquals } from "@std/assert";
import { must } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import { stripeId } from "../support/stripe_account.ts";
import { SubscriptionLife } from "../support/stripe_subscriptions.ts";
import { givenOrg, givenTier } from "../support/stripe_world.ts";
import {
  apply,
  applyAll,
  newAccount,
  subscriptionOf,
} from "./stripe_events.ts";

const db = secretClient();
const account = newAccount();
const tier = await givenTier();

async function givenCustomer(price = tier.annual) {
  const org = await givenOrg();
  const life = new SubscriptionLife(account, { price });
  // as the web app's function does: nothing on the subscription
  const checkout = () =>
    life.checkout({
      type: "org_platform_subscription",
      organization_id: org.id,
    });
  return { org, life, checkout };
}

Deno.test("a subscription without metadata is the organisation's whose checkout it came from", async () => {
  const { org, life, checkout } = await givenCustomer();
  assertEquals(
    await applyAll([life.updated("active"), checkout()]),
    ["unmatched unknown_organization", "applied organization_set"],
  );
  const row = await subscriptionOf(org);
  assertEquals(
    [row.tier_id, row.stripe_subscription_id, row.stripe_customer_id],
    [tier.id, life.id, life.customer],
  );
  assertEquals([row.status, row.billing_period, row.canceled_at], [
    "active",
    "annual",
    null,
  ]);
  assertEquals(
    Date.parse(row.current_period_end ?? "") / 1000,
    life.periodEnd,
  );
  const waiting = must(
    await db.from("stripe_events").select("status").eq("subject", life.id),
  );
  assertEquals(waiting.map(({ status }) => status), ["applied", "applied"]);
});

Deno.test("a cancelled organisation has no tier, and says when it was cancelled", async () => {
  const { org, life, checkout } = await givenCustomer(tier.monthly);
  await applyAll([checkout(), life.updated("active")]);
  assertEquals((await subscriptionOf(org)).billing_period, "monthly");

  await apply(life.updated("past_due"));
  const owing = await subscriptionOf(org);
  assertEquals([owing.status, owing.tier_id], ["past_due", tier.id]);

  const end = life.deleted();
  await apply(end);
  const { status, tier_id, canceled_at } = await subscriptionOf(org);
  assertEquals([status, tier_id], ["canceled", null]);
  assertEquals(Date.parse(canceled_at ?? "") / 1000, end.created);
});

Deno.test("the next subscription is matched by the customer, and the last one's late events undo nothing", async () => {
  const { org, life, checkout } = await givenCustomer();
  await applyAll([checkout(), life.updated("active")]);
  account.now += 60;
  const next = new SubscriptionLife(account, {
    customer: life.customer,
    price: stripeId("price"),
  });
  const late = life.updated("past_due");
  await applyAll([next.updated("active"), late, life.deleted()]);
  const row = await subscriptionOf(org);
  assertEquals(
    [row.stripe_subscription_id, row.status, row.tier_id],
    [next.id, "active", tier.id],
  );
});

Deno.test("a row that is there already is found by its subscription, and by its customer", async () => {
  for (const known of ["subscription", "customer"]) {
    const { org, life } = await givenCustomer();
    must(
      await db.from("org_platform_subscriptions").insert({
        organization_id: org.id,
        stripe_subscription_id: known === "subscription" ? life.id : null,
        stripe_customer_id: known === "customer" ? life.customer : null,
      }).select("id"),
    );
    await apply(life.updated("active"));
    const { stripe_subscription_id, tier_id } = await subscriptionOf(org);
    assertEquals([stripe_subscription_id, tier_id], [life.id, tier.id], known);
  }
});

Deno.test("a checkout alone makes the row, and the tier of its metadata counts until the price is known", async () => {
  const { org, life } = await givenCustomer();
  const told = await givenTier();
  await apply(life.checkout({
    type: "org_platform_subscription",
    organization_id: org.id,
    tier_id: told.id,
  }));
  const row = await subscriptionOf(org);
  assertEquals([row.status, row.tier_id], ["active", told.id]);
  await apply(life.updated("active"));
  assertEquals((await subscriptionOf(org)).tier_id, tier.id);
});

Deno.test("what was never paid for leaves an organisation's own arrangement alone", async () => {
  const { org, life, checkout } = await givenCustomer();
  must(
    await db.from("org_platform_subscriptions").insert({
      organization_id: org.id,
      tier_id: tier.id,
    }).select("id"),
  );
  const unpaid = checkout();
  Object.assign(unpaid.data.object, { payment_status: "unpaid" });
  await applyAll([unpaid, life.created(), life.updated("incomplete_expired")]);
  const row = await subscriptionOf(org);
  assertEquals([row.status, row.stripe_subscription_id], ["active", null]);
});

Deno.test("a tier nobody knows needs a person, and a deleted customer is forgotten", async () => {
  const { org, life, checkout } = await givenCustomer(stripeId("price"));
  assertEquals(
    (await applyAll([life.updated("active"), checkout()]))[1],
    "unmatched unknown_tier",
  );

  const customer = { id: life.customer, object: "customer" };
  const { outcome } = await apply(account.tell("customer.deleted", customer));
  assertEquals(outcome, "customer_forgotten");
  assertEquals((await subscriptionOf(org)).stripe_customer_id, null);
  await apply(life.deleted());
  assertEquals((await subscriptionOf(org)).stripe_customer_id, null);
});
