import { type Owner, spend } from "../support/credits.ts";
import type { StripeAccount, StripeEvent } from "../support/stripe_account.ts";
import {
  DisputeLife,
  PaymentLife,
  refunded,
} from "../support/stripe_payments.ts";
import {
  type Expected,
  type Lifecycle,
  permutationTest,
} from "../support/stripe_permutations.ts";
import { START } from "../support/stripe_webhook.ts";
import {
  givenOrg,
  givenPendingPurchase,
  givenUser,
} from "../support/stripe_world.ts";

const CREDITS = 100;
const AMOUNT = 10_000;
const EXPIRES = new Date((START + 365 * 86_400) * 1000).toISOString();

for (
  const [who, given] of [["a user", givenUser], [
    "an organisation",
    givenOrg,
  ]] as const
) {
  permutationTest(
    `credits that ${who} pays for by a method that takes days`,
    bought(given, (life) => [
      life.completed("unpaid"),
      life.asyncSucceeded(),
    ], completed(CREDITS)),
  );

  permutationTest(
    `credits of ${who}, refunded in two parts`,
    bought(given, (life, account) => [
      life.completed(),
      refunded(account, life.charge, AMOUNT / 4),
      refunded(account, life.charge, AMOUNT / 2),
    ], completed(CREDITS / 2)),
  );

  permutationTest(
    `credits of ${who}, refunded in part and in full after some are spent`,
    bought(
      given,
      (life, account) => [
        refunded(account, life.charge, AMOUNT / 4),
        refunded(account, life.charge, AMOUNT),
      ],
      { ...completed(0), debt: 60 },
      60,
    ),
  );
}

permutationTest(
  "a payment that fails after days",
  bought(givenUser, (life) => [
    life.completed("unpaid"),
    life.asyncFailed(),
  ], { batches: [], purchases: [{ status: "failed" }] }),
);

permutationTest(
  "a checkout that nobody finishes",
  bought(givenUser, (life) => [life.expired()], {
    batches: [],
    purchases: [{ status: "expired" }],
  }),
);

permutationTest(
  "a dispute that is lost",
  bought(givenUser, (life, account) => {
    const dispute = new DisputeLife(account, life.charge);
    return [life.completed(), dispute.created(), dispute.closed("lost")];
  }, completed(0)),
);

permutationTest(
  "a dispute that is won",
  bought(givenUser, (life, account) => {
    const dispute = new DisputeLife(account, life.charge);
    return [life.completed(), dispute.created(), dispute.closed("won")];
  }, completed(CREDITS)),
);

permutationTest(
  "a dispute over what a refund has left, lost after some credits are spent",
  bought(
    givenUser,
    (life, account) => {
      const dispute = new DisputeLife(account, life.charge, AMOUNT * 3 / 4);
      return [
        refunded(account, life.charge, AMOUNT / 4),
        dispute.created(),
        dispute.closed("lost"),
      ];
    },
    { ...completed(0), debt: 30 },
    30,
  ),
);

permutationTest(
  "a dispute that is won after all credits are spent leaves no debt",
  bought(
    givenUser,
    (life, account) => {
      const dispute = new DisputeLife(account, life.charge);
      return [dispute.created(), dispute.closed("won")];
    },
    { ...completed(0), debt: 0 },
    CREDITS,
  ),
);

/** The life of one purchase of credits; with `spending` some are spent between it and the rest. */
function bought(
  given: () => Promise<Owner>,
  live: (life: PaymentLife, account: StripeAccount) => StripeEvent[],
  expected: Expected,
  spending = 0,
): Lifecycle {
  return async (account) => {
    const owner = await given();
    const life = new PaymentLife(account, { amount: AMOUNT });
    await givenPendingPurchase(owner, {
      session: life.id,
      credits: CREDITS,
      amount: AMOUNT,
      expiresAt: EXPIRES,
    });
    const before = spending > 0 ? [life.completed()] : [];
    return {
      owner,
      before,
      meanwhile: async () => {
        if (spending > 0) await spend(owner, spending);
      },
      events: live(life, account),
      expected: { debt: 0, ...expected },
    };
  };
}

/** A purchase that was made, and what is left of its credits. */
function completed(left: number): Expected {
  return {
    purchases: [{
      status: "completed",
      credits_purchased: CREDITS,
      amount_cents: AMOUNT,
      stripe_payment_intent_id: "pi 1",
      expires_at: EXPIRES,
    }],
    batches: [{
      original_amount: CREDITS,
      remaining_amount: left,
      ledger: left,
      expires_at: EXPIRES,
      source_type: "purchase",
    }],
  };
}
