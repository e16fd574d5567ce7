import Stripe from "stripe";
import type { Json } from "../_shared/database.types.ts";
import { apiKey, apiUrl } from "./settings.ts";

/** Stripe's API did not answer, or refused. Named after what went wrong; Stripe's message stays out. */
class StripeApiError extends Error {
  constructor(type: string, status: number | undefined) {
    super();
    this.name = `${type} (${status ?? 0})`;
  }
}

/** A webhook is answered within seconds, or Stripe counts it as failed. */
const TIMEOUT_MS = 8_000;

/**
 * Gets from Stripe what an event does not say.
 *
 * @param type `subscription`: its present state; `invoice_payments`: what a payment intent paid, the
 *   invoice, or the checkouts where it paid none
 * @throws {ConfigurationError} without STRIPE_SECRET_KEY
 * @throws {StripeApiError} when Stripe does not answer
 */
export async function fetchFromStripe(type: string, id: string): Promise<Json> {
  const stripe = client();
  try {
    return asJson(await read(stripe, type, id));
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    throw new StripeApiError(error.type, error.statusCode);
  }
}

async function read(stripe: Stripe, type: string, id: string) {
  switch (type) {
    case "subscription":
      return await stripe.subscriptions.retrieve(id);
    case "invoice_payments":
      return await paidBy(stripe, id);
    default:
      throw new RangeError(`nothing of Stripe's is called ${type}`);
  }
}

/** The payments of an intent, with the invoice in full, or else with the checkout sessions. */
async function paidBy(stripe: Stripe, paymentIntent: string) {
  const { data } = await stripe.invoicePayments.list({
    payment: { type: "payment_intent", payment_intent: paymentIntent },
  });
  try {
    const [payment] = data;
    if (payment === undefined) {
      const sessions = await stripe.checkout.sessions.list({
        payment_intent: paymentIntent,
      });
      return { data, sessions: sessions.data };
    }
    const { invoice } = payment;
    return typeof invoice === "string"
      ? {
        data: [{
          ...payment,
          invoice: await stripe.invoices.retrieve(invoice),
        }],
      }
      : { data };
  } catch (error) {
    // a restricted key that may not read these: a person has to say whose it is
    if (error instanceof Stripe.errors.StripePermissionError) return { data };
    throw error;
  }
}

/** Made where it is needed: most events need no key. */
function client(): Stripe {
  const { protocol, hostname, port } = apiUrl();
  return new Stripe(apiKey(), {
    protocol: protocol === "http:" ? "http" : "https",
    host: hostname,
    port: port || (protocol === "http:" ? 80 : 443),
    httpClient: Stripe.createFetchHttpClient(),
    timeout: TIMEOUT_MS,
    maxNetworkRetries: 1,
    telemetry: false,
  });
}

function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}
