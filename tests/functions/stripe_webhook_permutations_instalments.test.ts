import {
  type StripeAccount,
  type StripeEvent,
  stripeId,
} from "../support/stripe_account.ts";
import {
  type Lifecycle,
  permutationTest,
} from "../support/stripe_permutations.ts";
import { refunded } from "../support/stripe_payments.ts";
import type { State } from "../support/stripe_state.ts";
import { SubscriptionLife } from "../support/stripe_subscriptions.ts";
import { START } from "../support/stripe_webhook.ts";
import {
  enrolFor,
  givenPackage,
  givenUser,
  instalmentMetadata,
} from "../support/stripe_world.ts";
import { grant } from "../support/credits.ts";

const DAY = 86_400;
const COUNT = 3;
const EACH = 5_000;
const CREDITS = 300;
const EXPIRES = new Date((START + 365 * DAY) * 1000).toISOString();
const packageId = await givenPackage(CREDITS);
const granted: State["batches"][number] = {
  original_amount: CREDITS,
  remaining_amount: CREDITS,
  ledger: CREDITS,
  expires_at: EXPIRES,
  source_type: "purchase",
};

permutationTest(
  "an instalment purchase paid to the end",
  bought((life, checkout) => [
    checkout(),
    life.created("active"),
    life.paid(EACH, { reason: "subscription_create" }).event,
    life.paid(EACH).event,
    life.paid(EACH).event,
  ], { installments_paid: 3, status: "completed" }),
);

permutationTest(
  "an instalment purchase without its checkout",
  bought((life) => [
    life.created(),
    life.paid(EACH, { reason: "subscription_create" }).event,
    life.updated("active"),
    life.paid(EACH).event,
  ], { installments_paid: 2, status: "active" }),
);

permutationTest(
  "an instalment purchase of which the checkout alone has told",
  bought((_life, checkout) => [checkout()], {
    installments_paid: 1,
    status: "active",
  }),
);

permutationTest(
  "an instalment purchase of which the first invoice alone has told",
  bought((life) => [
    life.paid(EACH, { reason: "subscription_create" }).event,
  ], { installments_paid: 1, status: "active" }),
);

permutationTest(
  "an instalment purchase that ends with its last payment",
  bought((life) => [
    life.paid(EACH, { reason: "subscription_create" }).event,
    life.paid(EACH).event,
    life.paid(EACH).event,
    life.deleted(),
  ], { installments_paid: 3, status: "completed" }),
);

permutationTest(
  "an instalment purchase in a currency without decimals, paid for one time",
  bought((life, checkout) => [
    checkout("jpy"),
    life.created("active"),
    life.paid(EACH, { reason: "subscription_create", currency: "jpy" }).event,
  ], { installments_paid: 1, status: "active", currency: "jpy" }),
);

permutationTest(
  "a failed instalment that is paid in the end locks nothing",
  spent(
    (life) => {
      const { event, invoice } = life.failed(EACH);
      return [
        event,
        life.updated("past_due"),
        life.paid(EACH, { invoice }).event,
        life.updated("active"),
      ];
    },
    { installments_paid: 2, status: "active" },
    "paid",
  ),
);

permutationTest(
  "a default locks what its credits paid for",
  spent(
    (life) => [
      life.failed(EACH).event,
      life.failed(EACH, { final: true }).event,
      life.updated("unpaid"),
      life.deleted(),
    ],
    { installments_paid: 1, status: "defaulted" },
    "overdue",
  ),
);

permutationTest(
  "paying after the default unlocks",
  spent(
    (life) => {
      const { event, invoice } = life.failed(EACH, { final: true });
      return [
        event,
        life.updated("unpaid"),
        life.paid(EACH, { invoice }).event,
        life.updated("active"),
      ];
    },
    { installments_paid: 2, status: "active" },
    "paid",
  ),
);

permutationTest(
  "a refund of one instalment takes back its part",
  async (account) => {
    const { user, life } = await purchase(account);
    const first = life.paid(EACH, { reason: "subscription_create" });
    const second = life.paid(EACH);
    return {
      owner: user,
      events: [
        first.event,
        second.event,
        refunded(account, second.charge, EACH / 2),
        refunded(account, second.charge, EACH),
      ],
      expected: {
        batches: [{
          ...granted,
          remaining_amount: CREDITS * 2 / 3,
          ledger: CREDITS * 2 / 3,
        }],
        debt: 0,
      },
    };
  },
);

/** The columns of a schedule that tell how far it is. */
type Schedule = Partial<State["schedules"][number]>;

/** The life of an instalment purchase of which nothing is spent. */
function bought(
  live: (
    life: SubscriptionLife,
    checkout: (currency?: string) => StripeEvent,
  ) => StripeEvent[],
  schedule: Schedule & { installments_paid: number },
): Lifecycle {
  return async (account) => {
    const { user, life, checkout } = await purchase(account);
    const events = live(life, checkout);
    return {
      owner: user,
      events,
      expected: {
        batches: [granted],
        schedules: [scheduleOf(schedule)],
        debt: 0,
      },
    };
  };
}

/**
 * The life of an instalment purchase after its first payment, when two thirds of its credits are spent
 * on an enrolment; another enrolment was paid with other credits.
 */
function spent(
  live: (life: SubscriptionLife) => StripeEvent[],
  schedule: Schedule & { installments_paid: number },
  payment_status: string,
): Lifecycle {
  return async (account) => {
    const { user, life, checkout } = await purchase(account);
    await grant(user, 50, { expiresAt: EXPIRES });
    await enrolFor(user, 50);
    const before = [
      checkout(),
      life.created("active"),
      life.paid(EACH, { reason: "subscription_create" }).event,
    ];
    account.now += 30 * DAY;
    return {
      owner: user,
      before,
      meanwhile: () => enrolFor(user, 200),
      events: live(life),
      expected: {
        schedules: [scheduleOf(schedule)],
        enrolments: [
          { final_credit_cost: 200, payment_status },
          { final_credit_cost: 50, payment_status: "paid" },
        ],
      },
    };
  };
}

async function purchase(account: StripeAccount) {
  const user = await givenUser();
  const metadata = instalmentMetadata({
    user,
    packageId,
    credits: CREDITS,
    total: COUNT * EACH,
    count: COUNT,
    expiresAt: EXPIRES,
  });
  const life = new SubscriptionLife(account, {
    price: stripeId("price"),
    metadata: metadata.subscription,
  });
  return {
    user,
    life,
    checkout: (currency = "eur") =>
      life.checkout(metadata.session, { amount_total: EACH, currency }),
  };
}

function scheduleOf(
  schedule: Schedule & { installments_paid: number },
): Schedule {
  return {
    stripe_subscription_id: "sub 1",
    currency: "eur",
    installment_count: COUNT,
    installment_amount_cents: EACH,
    total_amount_cents: COUNT * EACH,
    amount_paid_cents: schedule.installments_paid * EACH,
    credits_granted: CREDITS,
    ...schedule,
  };
}
