import { assertEquals } from "@std/assert";
import { must } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import { stripeId, toldAgain } from "../support/stripe_account.ts";
import { SubscriptionLife } from "../support/stripe_subscriptions.ts";
import {
  freePlan,
  givenPricedPlan,
  givenUser,
  givePlan,
} from "../support/stripe_world.ts";
import { apply, applyAll, newAccount, planOf } from "./stripe_events.ts";

const db = secretClient();
const account = newAccount();
const plan = await givenPricedPlan();
const free = await freePlan();

async function givenSubscriber(price = plan.price) {
  const user = await givenUser();
  const metadata = { type: "user_subscription", user_id: user.id };
  return {
    user,
    metadata,
    life: new SubscriptionLife(account, { price, metadata }),
  };
}

for (const status of ["active", "trialing", "past_due"]) {
  Deno.test(`a subscription that is ${status} holds the plan until its period ends`, async () => {
    const { user, life } = await givenSubscriber();
    await apply(life.updated(status));
    assertEquals(await planOf(user), {
      plan: plan.id,
      expires: life.periodEnd,
    });
  });
}

for (const status of ["unpaid", "canceled", "incomplete_expired", "paused"]) {
  Deno.test(`a subscription that becomes ${status} gives way to the plan's fallback`, async () => {
    const fallback = await givenPricedPlan();
    const dear = await givenPricedPlan({ fallback_plan_id: fallback.id });
    const { user, life } = await givenSubscriber(dear.price);
    await applyAll([life.updated("active"), life.updated(status)]);
    assertEquals(await planOf(user), { plan: fallback.id, expires: null });
  });
}

Deno.test("where a plan names no fallback the free plan follows", async () => {
  const { user, life } = await givenSubscriber();
  assertEquals(await applyAll([life.updated("active"), life.deleted()]), [
    "applied plan_set",
    "applied fallback_set",
  ]);
  assertEquals(await planOf(user), { plan: free, expires: null });
});

Deno.test("a subscription that was never paid for changes no plan", async () => {
  const { user, life } = await givenSubscriber();
  const other = await givenPricedPlan();
  await givePlan(user, other);
  await applyAll([life.created(), life.updated("incomplete_expired")]);
  assertEquals((await planOf(user)).plan, other.id);
});

Deno.test("while another subscription holds, the end of one takes nothing", async () => {
  const { user, metadata, life } = await givenSubscriber();
  const dear = await givenPricedPlan();
  account.now += 60;
  const newer = new SubscriptionLife(account, { price: dear.price, metadata });
  await applyAll([newer.updated("active"), life.updated("active")]);
  assertEquals((await planOf(user)).plan, dear.id);
  await apply(life.deleted());
  assertEquals((await planOf(user)).plan, dear.id);
  await apply(newer.deleted());
  assertEquals((await planOf(user)).plan, free);
});

Deno.test("when the newest subscription ends, an older one that still holds gives the plan", async () => {
  const { user, metadata, life } = await givenSubscriber();
  const dear = await givenPricedPlan();
  account.now += 60;
  const newer = new SubscriptionLife(account, { price: dear.price, metadata });
  await applyAll([
    life.updated("active"),
    newer.updated("active"),
    newer.deleted(),
  ]);
  assertEquals((await planOf(user)).plan, plan.id);
});

Deno.test("what an admin gives after Stripe had its say stays, until something newer is bought", async () => {
  const { user, metadata, life } = await givenSubscriber();
  const [gift, dear] = [await givenPricedPlan(), await givenPricedPlan()];
  await apply(life.updated("active"));
  await givePlan(user, gift);
  assertEquals((await apply(life.updated("past_due"))).outcome, "plan_kept");
  assertEquals((await apply(life.deleted())).outcome, "plan_kept");
  assertEquals((await planOf(user)).plan, gift.id);

  const newer = new SubscriptionLife(account, { price: dear.price, metadata });
  await apply(newer.updated("active"));
  assertEquals((await planOf(user)).plan, dear.id);
});

Deno.test("a plan that Stripe did not give outlasts a subscription of which only the end is known", async () => {
  for (const gift of [plan, await givenPricedPlan()]) {
    const { user, life } = await givenSubscriber();
    await givePlan(user, gift);
    const end = life.deleted();
    await apply(end);
    await apply({ ...end, id: stripeId("evt") });
    assertEquals((await planOf(user)).plan, gift.id);
  }
});

Deno.test("the price wins over metadata, and where a price is unknown the plan stays and a person is told", async () => {
  const [other, user] = [await givenPricedPlan(), await givenUser()];
  const metadata = {
    type: "user_subscription",
    user_id: user.id,
    plan_id: other.id,
  };
  const life = new SubscriptionLife(account, { price: plan.price, metadata });
  await apply(life.updated("active"));
  assertEquals((await planOf(user)).plan, plan.id);

  const { status, outcome } = await apply(
    life.updated("active", { price: stripeId("price") }),
  );
  assertEquals([status, outcome], ["unmatched", "unknown_plan"]);
  assertEquals((await planOf(user)).plan, plan.id);
});

Deno.test("whoever subscribed before is known by their customer", async () => {
  const { user, metadata, life } = await givenSubscriber();
  const silent = new SubscriptionLife(account, {
    customer: life.customer,
    price: plan.price,
  });
  assertEquals((await apply(silent.updated("active"))).outcome, "unknown_user");
  assertEquals(metadata.user_id, user.id);
  await apply(life.created());
  assertEquals((await planOf(user)).plan, plan.id);
});

Deno.test("a user id that is no uuid, or nobody's, is no user", async () => {
  for (const user_id of ["42", "", crypto.randomUUID()]) {
    const life = new SubscriptionLife(account, {
      price: plan.price,
      metadata: { type: "user_subscription", user_id },
    });
    const { status, outcome } = await apply(life.updated("active"));
    assertEquals([status, outcome], ["unmatched", "unknown_user"]);
  }
});

Deno.test("an event that says nothing new is a duplicate, one that lost is stale", async () => {
  const { user, life } = await givenSubscriber();
  const [active, late] = [life.updated("active"), life.updated("past_due")];
  assertEquals(
    await applyAll([late, late, toldAgain(late), active]),
    [
      "applied plan_set",
      "duplicate received_before",
      "duplicate plan_unchanged",
      "stale plan_unchanged",
    ],
  );
  assertEquals((await planOf(user)).plan, plan.id);
});

Deno.test("within a second previous_attributes decide, and where they cannot, Stripe is asked", async () => {
  const { user, metadata, life } = await givenSubscriber();
  const dear = await givenPricedPlan();
  const [first, second] = [
    life.updated("active"),
    life.updated("unpaid"),
  ];
  second.created = first.created;
  assertEquals(await applyAll([second, first]), [
    "applied nothing_held",
    "stale fallback_set", // late, but it tells that the subscription did hold
  ]);
  assertEquals((await planOf(user)).plan, free);

  const flip = new SubscriptionLife(account, { price: plan.price, metadata });
  const [there, back] = [flip.updated("active"), flip.updated("past_due")];
  back.created = there.created;
  back.data.previous_attributes = {};
  there.data.previous_attributes = {};
  Object.assign(back.data.object, { metadata: { ...metadata, plan: "dear" } });
  await apply(there);
  const asked = await apply(back);
  assertEquals([asked.status, asked.fetch_type, asked.fetch_id], [
    "needs_fetch",
    "subscription",
    flip.id,
  ]);
  const kept = must(
    await db.from("stripe_events").select("id").eq("id", back.id),
  );
  assertEquals(kept, [], "nothing is kept until Stripe has answered");
  const newest = flip.updated("active", { price: dear.price }).data.object;
  await apply(back, { fetched: newest });
  assertEquals((await planOf(user)).plan, dear.id);
});
