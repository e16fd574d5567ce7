import type { StripeAccount, StripeEvent } from "../support/stripe_account.ts";
import {
  type Lifecycle,
  permutationTest,
} from "../support/stripe_permutations.ts";
import type { State } from "../support/stripe_state.ts";
import { SubscriptionLife } from "../support/stripe_subscriptions.ts";
import { givenOrg, givenTier } from "../support/stripe_world.ts";

const tier = await givenTier();
const DAY = 86_400;

permutationTest(
  "an organisation's subscription, named by its checkout alone",
  subscribed((life, checkout) => [
    checkout(),
    life.created(),
    life.updated("active"),
    life.updated("active", { renewed: true }),
  ], (life) => ({ ...running(life), tier_id: tier.id, status: "active" })),
);

permutationTest(
  "an organisation's subscription past due keeps its tier",
  subscribed((life, checkout) => [
    checkout(),
    life.created(),
    life.updated("active"),
    life.updated("past_due"),
  ], (life) => ({ ...running(life), tier_id: tier.id, status: "past_due" })),
);

permutationTest(
  "an organisation that changes to yearly payment",
  subscribed((life, checkout) => [
    checkout(),
    life.created("active"),
    life.updated("active", { price: tier.annual }),
  ], (life) => ({
    ...running(life),
    tier_id: tier.id,
    status: "active",
    billing_period: "annual",
  })),
);

permutationTest(
  "an organisation's subscription that ends",
  async (account) => {
    const org = await givenOrg();
    const life = new SubscriptionLife(account, { price: tier.monthly });
    const events = [
      checkoutOf(org, life),
      life.created(),
      life.updated("active"),
      life.updated("active", { renewed: true }),
    ];
    const endedAt = account.now;
    events.push(life.deleted());
    return {
      owner: org,
      events,
      expected: {
        subscription: [{
          ...running(life),
          tier_id: null,
          status: "canceled",
          canceled_at: instant(endedAt),
        }],
      },
    };
  },
);

permutationTest(
  "an organisation that subscribes anew after its subscription ended",
  async (account) => {
    const org = await givenOrg();
    const old = new SubscriptionLife(account, { price: tier.monthly });
    const events = [checkoutOf(org, old), old.created("active"), old.deleted()];
    account.now += DAY; // two subscriptions of one second have no order
    const next = new SubscriptionLife(account, {
      price: tier.annual,
      customer: old.customer,
    });
    events.push(checkoutOf(org, next), next.created("active"));
    return {
      owner: org,
      events,
      expected: {
        subscription: [{
          ...running(next, 2),
          tier_id: tier.id,
          status: "active",
          billing_period: "annual",
        }],
      },
    };
  },
);

/** The life of one organisation's subscription. */
function subscribed(
  live: (life: SubscriptionLife, checkout: () => StripeEvent) => StripeEvent[],
  expected: (life: SubscriptionLife) => State["subscription"][number],
): Lifecycle {
  return async (account: StripeAccount) => {
    const org = await givenOrg();
    const life = new SubscriptionLife(account, { price: tier.monthly });
    const events = live(life, () => checkoutOf(org, life));
    return { owner: org, events, expected: { subscription: [expected(life)] } };
  };
}

/** What the web app's function puts on the checkout; it puts nothing on the subscription. */
function checkoutOf(org: { id: string }, life: SubscriptionLife): StripeEvent {
  return life.checkout({
    type: "org_platform_subscription",
    organization_id: org.id,
    tier_id: tier.id,
  });
}

function running(life: SubscriptionLife, nth = 1) {
  return {
    stripe_subscription_id: `sub ${nth}`,
    stripe_customer_id: "cus 1",
    billing_period: "monthly",
    current_period_start: instant(life.periodEnd - 30 * DAY),
    current_period_end: instant(life.periodEnd),
    canceled_at: null,
  };
}

function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
