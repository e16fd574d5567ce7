import Stripe from "stripe";
import { required } from "../../../supabase/functions/_shared/env.ts";
import { answering, serviceClient } from "../_former/client.ts";

/**
 * How stripe-webhook used to take `customer.subscription.updated` of a user: the signature, the plan
 * that has the subscription's price, and that plan onto the profile. It kept nothing of the event,
 * neither its id nor its time, so that what comes twice or late counted as new.
 */
export default {
  fetch: (request: Request) => answering(() => receive(request)),
};

async function receive(request: Request): Promise<Response> {
  const event = await Stripe.webhooks.constructEventAsync(
    await request.text(),
    request.headers.get("Stripe-Signature") ?? "",
    required("STRIPE_WEBHOOK_SECRET"),
  );
  if (event.type === "customer.subscription.updated") {
    await changePlan(event.data.object);
  }
  return Response.json({ received: true });
}

async function changePlan(subscription: Stripe.Subscription): Promise<void> {
  const { status, metadata, items } = subscription;
  const [item] = items.data;
  if (status !== "active" || !item || !metadata["user_id"]) return;
  const client = serviceClient();
  const { data: price, error } = await client.from("plan_prices")
    .select("plan_id").eq("stripe_price_id", item.price.id).single();
  if (error) throw new Error(error.message);
  const { error: failed } = await client.from("profiles")
    .update({ plan_id: price.plan_id }).eq("id", metadata["user_id"]);
  if (failed) throw new Error(failed.message);
}
