import type { Owner } from "../support/credits.ts";
import type { StripeAccount } from "../support/stripe_account.ts";
import {
  type Lifecycle,
  permutationTest,
} from "../support/stripe_permutations.ts";
import { SubscriptionLife } from "../support/stripe_subscriptions.ts";
import {
  freePlan,
  givenPricedPlan,
  givenUser,
  givePlan,
  type PricedPlan,
} from "../support/stripe_world.ts";

const free = await freePlan();
const lower = await givenPricedPlan({ tier_level: 2 });
const plan = await givenPricedPlan({ tier_level: 3 });
const withFallback = await givenPricedPlan({
  tier_level: 3,
  fallback_plan_id: lower.id,
});
const higher = await givenPricedPlan({ tier_level: 4 });

permutationTest(
  "a subscription that ends leaves the free plan",
  subscribed(plan, (life) => [
    life.created(),
    life.updated("active"),
    life.updated("active", { renewed: true }),
    life.updated("past_due"),
    life.deleted(),
  ], () => ({ plan_id: free, plan_expires_at: null })),
);

permutationTest(
  "a subscription past due keeps its plan",
  subscribed(plan, (life) => [
    life.created(),
    life.updated("active"),
    life.updated("active", { renewed: true }),
    life.updated("past_due"),
  ], (life) => ({ plan_id: plan.id, plan_expires_at: endOf(life) })),
);

permutationTest(
  "a subscription left unpaid falls back to the plan's own fallback",
  subscribed(withFallback, (life) => [
    life.created("active"),
    life.updated("active", { renewed: true }),
    life.updated("past_due"),
    life.updated("unpaid"),
  ], () => ({ plan_id: lower.id, plan_expires_at: null })),
);

permutationTest(
  "a subscription whose first payment never came takes no plan that Stripe did not give",
  async (account) => {
    const user = await givenUser();
    await givePlan(user, plan);
    const life = subscriptionOf(user, plan, account);
    return {
      owner: user,
      events: [life.created(), life.updated("incomplete_expired")],
      expected: { plan: [{ plan_id: plan.id, plan_expires_at: null }] },
    };
  },
);

permutationTest(
  "a trial that is paused for want of a card falls back",
  subscribed(plan, (life) => [
    life.created("trialing"),
    life.updated("trialing"),
    life.paused(),
  ], () => ({ plan_id: free, plan_expires_at: null })),
);

permutationTest(
  "a paused trial that is resumed has its plan again",
  subscribed(plan, (life) => [
    life.created("trialing"),
    life.paused(),
    life.resumed(),
    life.updated("active", { renewed: true }),
  ], (life) => ({ plan_id: plan.id, plan_expires_at: endOf(life) })),
);

permutationTest(
  "the plan is that of the price changed to",
  subscribed(plan, (life) => [
    life.created(),
    life.updated("active"),
    life.updated("active", { price: higher.price }),
    life.updated("active", { price: lower.price }),
  ], (life) => ({ plan_id: lower.id, plan_expires_at: endOf(life) })),
);

permutationTest(
  "what an ended subscription tells late does not undo the next one",
  async (account) => {
    const user = await givenUser();
    const old = subscriptionOf(user, plan, account);
    const events = [old.created("active"), old.deleted()];
    const next = subscriptionOf(user, higher, account, old.customer);
    events.push(next.created(), next.updated("active"));
    return {
      owner: user,
      events,
      expected: {
        plan: [{ plan_id: higher.id, plan_expires_at: endOf(next) }],
      },
    };
  },
);

permutationTest(
  "the end of one of two subscriptions leaves the plan of the other",
  async (account) => {
    const user = await givenUser();
    const first = subscriptionOf(user, plan, account);
    const events = [first.created("active")];
    const second = subscriptionOf(user, higher, account, first.customer);
    events.push(
      second.created("active"),
      second.updated("past_due"),
      second.deleted(),
    );
    return {
      owner: user,
      events,
      expected: {
        plan: [{ plan_id: plan.id, plan_expires_at: endOf(first) }],
      },
    };
  },
);

permutationTest(
  "the end of a customer leaves the free plan",
  subscribed(plan, (life) => [
    life.created("active"),
    life.deleted(),
    life.customerDeleted(),
  ], () => ({ plan_id: free, plan_expires_at: null })),
);

permutationTest(
  "a subscription that says nothing of itself is its checkout's",
  async (account) => {
    const user = await givenUser();
    const life = new SubscriptionLife(account, { price: plan.price });
    const events = [
      life.created(),
      life.updated("active"),
      life.checkout({ type: "user_subscription", user_id: user.id }),
      life.updated("active", { renewed: true }),
    ];
    return {
      owner: user,
      events,
      expected: { plan: [{ plan_id: plan.id, plan_expires_at: endOf(life) }] },
    };
  },
);

/** The life of one user's subscription. */
function subscribed(
  { price }: PricedPlan,
  live: (life: SubscriptionLife) => Awaited<ReturnType<Lifecycle>>["events"],
  expected: (
    life: SubscriptionLife,
  ) => { plan_id: string; plan_expires_at: string | null },
): Lifecycle {
  return async (account) => {
    const user = await givenUser();
    const life = subscriptionOf(user, { price }, account);
    const events = live(life);
    return { owner: user, events, expected: { plan: [expected(life)] } };
  };
}

function subscriptionOf(
  user: Owner,
  { price }: { price: string },
  account: StripeAccount,
  customer?: string,
): SubscriptionLife {
  return new SubscriptionLife(account, {
    price,
    customer,
    metadata: { type: "user_subscription", user_id: user.id },
  });
}

function endOf({ periodEnd }: SubscriptionLife): string {
  return new Date(periodEnd * 1000).toISOString();
}
