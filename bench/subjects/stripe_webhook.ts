import { LOCAL_DEFAULTS } from "../../stack/defaults.ts";
import { StripeAccount } from "../../tests/support/stripe_account.ts";
import { signatureOf } from "../../tests/support/stripe_gateway.ts";
import { SubscriptionLife } from "../../tests/support/stripe_subscriptions.ts";
import {
  givenPricedPlan,
  givenUser,
  type PricedPlan,
} from "../../tests/support/stripe_world.ts";
import type { Contestant, Send } from "../contest.ts";
import { expecting } from "../request.ts";
import type { Subject } from "../subject.ts";
import { FLOOR } from "./floor.ts";

const NAME = "stripe-webhook";
/** A day ago: what Stripe tells of has happened. */
const START = Math.floor(Date.now() / 1000) - 86_400;
const SECRET = LOCAL_DEFAULTS["STRIPE_WEBHOOK_SECRET"] ?? "";

/** `customer.subscription.updated`, each of another user's subscription, to another plan. */
export const stripeWebhook: Subject = {
  name: NAME,
  async *contests({ progress }) {
    const plan = await givenPricedPlan();
    for (const parallel of [1, 8]) {
      progress(`${NAME}: ${parallel} at once`);
      const delivered = (name: string, role: Contestant["role"]) => ({
        name: "subscription.updated",
        role,
        prepare: () => delivery(name, plan),
      });
      yield {
        subject: NAME,
        size: `${parallel} at once`,
        parallel,
        contestants: [
          FLOOR,
          delivered(NAME, "ours"),
          delivered(`former-${NAME}`, "replaced"),
        ],
      };
    }
  },
};

async function delivery(name: string, plan: PricedPlan): Promise<Send> {
  const user = await givenUser();
  const subscription = new SubscriptionLife(new StripeAccount(START), {
    price: plan.price,
    metadata: { type: "user_subscription", user_id: user.id },
  });
  const body = JSON.stringify(subscription.updated("active"));
  return expecting(200, `/functions/v1/${name}`, {
    method: "POST",
    headers: { "Stripe-Signature": await signatureOf(body, SECRET) },
    body,
  });
}
