import { asService } from "../_shared/database.ts";
import type { Json } from "../_shared/database.types.ts";
import { endpoint } from "../_shared/endpoint.ts";
import { Refusal } from "../_shared/errors.ts";
import type { Meter } from "../_shared/meter.ts";
import { readEvent } from "./event.ts";
import { fetchFromStripe } from "./fetch.ts";
import { isLive, signingSecrets } from "./settings.ts";

/**
 * `POST` of an event, signed by Stripe → `{ received, status, outcome }`. The SQL function takes the
 * event in and settles what it touches, all or nothing; whatever fails is a 5xx, and Stripe sends the
 * event again. Where the event alone cannot say what is newest or what was paid for, the object is
 * fetched from Stripe once, and counts. An event of the other mode, of test data or of real money, is kept
 * and has no effect.
 */
export default endpoint({
  name: "stripe-webhook",
  methods: ["POST"],
  configure: signingSecrets,
  failsAs: "internal_error",
  async handle({ request, now, meter }) {
    const event = await readEvent(request, now);
    if (event instanceof Refusal) return event;

    const { status, outcome } = await apply(event, now, meter);
    return Response.json({ received: true, status, outcome }, {
      headers: { "Cache-Control": "no-store" },
    });
  },
});

/** One call, and a second one where the first asks for an object of Stripe's. */
async function apply(event: Json, now: Date, meter: Meter) {
  const p_livemode = isLive();
  const args = {
    p_event: event,
    p_now: now.toISOString(),
    ...(p_livemode === undefined ? {} : { p_livemode }),
  };
  const database = asService(meter);
  const result = await database.call("apply_stripe_event", args);
  if (result.fetch_type === null || result.fetch_id === null) return result;

  const p_fetched = await fetchFromStripe(result.fetch_type, result.fetch_id);
  return await database.call("apply_stripe_event", { ...args, p_fetched });
}
