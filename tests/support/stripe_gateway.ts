import Stripe from "stripe";
import { type OwnGateway, passOn, startOwnGateway } from "./gateway.ts";
import type { StripeEvent } from "./stripe_account.ts";

/** What may go wrong on the way, asked at each request. */
export interface Faults {
  /** Between the function and the database: not passed on, or done and then the answer lost. */
  database?: () => "refused" | "failed after" | "dropped after" | undefined;
  /** Between the function and Stripe: done, and the connection breaks before the answer. */
  answer?: () => boolean;
}

/** stripe-webhook behind a gateway of its own. */
export interface Gateway extends OwnGateway {
  /** How often the function has called the database. */
  databaseCalls: number;
  /** Delivers once, signed now. The status, or 0 when the connection broke. */
  deliver(event: StripeEvent | string): Promise<number>;
  /** Delivers until it is taken, as Stripe does. How many deliveries that took. */
  deliverUntilTaken(event: StripeEvent): Promise<number>;
}

const WEBHOOK_SECRET = "whsec_of_the_tests";
/** More than any sequence of faults of the tests; Stripe tries for three days. */
const MAX_ATTEMPTS = 30;

const stripe = new Stripe("sk_test_signs_only");

/**
 * A connection for each delivery: on a kept one that breaks, `fetch` tries again by itself, and the test
 * would not know.
 */
const apart = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });

/** The header of a delivery, by stripe's own helper. */
export async function signatureOf(
  payload: string,
  secret = WEBHOOK_SECRET,
): Promise<string> {
  return await stripe.webhooks.generateTestHeaderStringAsync({
    payload,
    secret,
  });
}

/** Starts stripe-webhook behind a gateway of its own, with Stripe's API at an address of the test. */
export async function startGateway(
  stripeApiUrl: string,
  { database = () => undefined, answer = () => false }: Faults = {},
): Promise<Gateway> {
  const dropped = new WeakSet<Response>();
  const own = await startOwnGateway({
    env: {
      STRIPE_API_URL: stripeApiUrl,
      STRIPE_SECRET_KEY: "sk_test_of_the_tests",
      STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    },
    rest,
    isLost: (request, response) =>
      dropped.has(response) ||
      (request.url.includes("/functions/v1/") && answer()),
  });
  const { url } = own;

  const gateway: Gateway = {
    url,
    databaseCalls: 0,
    deliver: (event) => deliver(url, event),
    deliverUntilTaken: async (event) => {
      for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
        const status = await deliver(url, event);
        if (status >= 200 && status < 300) return attempt;
        // what Stripe tries again may not succeed unchanged
        if (status >= 400 && status < 500) {
          throw new Error(`${event.type} is refused: ${status}`);
        }
      }
      throw new Error(`${event.type} is never taken`);
    },
    [Symbol.asyncDispose]: () => own[Symbol.asyncDispose](),
  };
  return gateway;

  async function rest(request: Request): Promise<Response> {
    gateway.databaseCalls++;
    const fault = database();
    if (fault === "refused") {
      await request.body?.cancel();
      return Response.json({ message: "no connection" }, { status: 503 });
    }
    const response = await passOn(request);
    if (fault === "dropped after") dropped.add(response);
    if (fault !== "failed after") return response;
    await response.body?.cancel();
    return Response.json({ code: "57P01", message: "gone" }, { status: 500 });
  }
}

async function deliver(
  url: string,
  event: StripeEvent | string,
): Promise<number> {
  const payload = typeof event === "string" ? event : JSON.stringify(event);
  try {
    const response = await fetch(`${url}/functions/v1/stripe-webhook`, {
      method: "POST",
      headers: { "Stripe-Signature": await signatureOf(payload) },
      body: payload,
      client: apart,
    });
    await response.arrayBuffer();
    return response.status;
  } catch (error) {
    if (error instanceof TypeError) return 0;
    throw error;
  }
}
