import { LOCAL_DEFAULTS } from "../../stack/defaults.ts";
import { StripeAccount } from "../../tests/support/stripe_account.ts";
import { signatureOf } from "../../tests/support/stripe_gateway.ts";
import { SubscriptionLife } from "../../tests/support/stripe_subscriptions.ts";
import {
  givenPricedPlan,
  givenUser,
  type PricedPlan,
} from "../../tests/support/stripe_world.ts";
import type { Send } from "../contest.ts";
import { expecting } from "../request.ts";
import { webhook } from "./webhook.ts";

/** A day ago: what Stripe tells of has happened. */
const START = Math.floor(Date.now() / 1000) - 86_400;
const SECRET = LOCAL_DEFAULTS["STRIPE_WEBHOOK_SECRET"] ?? "";

/** `customer.subscription.updated`, each of another user's subscription, to another plan. */
export const stripeWebhook = webhook({
  name: "stripe-webhook",
  event: "subscription.updated",
  given: givenPricedPlan,
  delivery,
});

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
