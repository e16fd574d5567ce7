import Stripe from "stripe";
import * as z from "zod/mini";
import { readBytes } from "../_shared/body.ts";
import type { Json } from "../_shared/database.types.ts";
import { Refusal } from "../_shared/errors.ts";
import { signingSecrets } from "./settings.ts";

const BODY_LIMIT = 1024 * 1024;
/** How far the signature's time may be off, either way. Stripe's library looks into the past only. */
const TOLERANCE_SECONDS = 300;

/** What every snapshot event has. */
const EVENT = z.object({
  id: z.string().check(z.minLength(1)),
  type: z.string().check(z.minLength(1)),
  created: z.int(),
  data: z.object({ object: z.looseObject({}) }),
});

/**
 * The event in a request that Stripe signed, over the raw bytes.
 *
 * @returns the event as it was sent, or a refusal: 400, 413
 * @throws {ConfigurationError} without a secret
 */
export async function readEvent(
  request: Request,
  now: Date,
): Promise<Json | Refusal> {
  const secrets = signingSecrets();
  const body = await readBytes(request, BODY_LIMIT);
  if (body instanceof Refusal) return body;

  const header = request.headers.get("Stripe-Signature") ?? "";
  if (isFromTheFuture(header, now)) return new Refusal("invalid_signature");
  for (const secret of secrets) {
    const event = await verified(body, header, secret, now);
    if (event !== undefined) return event;
  }
  return new Refusal("invalid_signature");
}

/** Nothing where this secret did not sign it. */
async function verified(
  body: Uint8Array,
  header: string,
  secret: string,
  now: Date,
): Promise<Json | Refusal | undefined> {
  try {
    await Stripe.webhooks.constructEventAsync(
      new TextDecoder().decode(body),
      header,
      secret,
      TOLERANCE_SECONDS,
      undefined,
      now.getTime(),
    );
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) {
      return undefined;
    }
    if (error instanceof SyntaxError) return new Refusal("invalid_json");
    return new Refusal("thin_event"); // all that is left: the signature is right and it is JSON
  }
  const event: Json = JSON.parse(
    new TextDecoder().decode(body),
    (_key, value) => typeof value === "string" ? storable(value) : value,
  );
  return EVENT.safeParse(event).success
    ? event
    : new Refusal("invalid_request", "This is not an event.");
}

/** The text as PostgreSQL can keep it: a name may hold a zero byte, or half of a character. */
function storable(text: string): string {
  return text.replaceAll("\0", "\uFFFD").toWellFormed();
}

/** The header is `t=<seconds>,v1=<hex>…`; the time is part of what is signed. */
function isFromTheFuture(header: string, now: Date): boolean {
  const times = header.split(",").map((item) => item.split("="))
    .filter(([name]) => name === "t").map(([, value]) => parseInt(value ?? ""));
  const latest = now.getTime() / 1000 + TOLERANCE_SECONDS;
  return times.some((time) => !(time <= latest));
}
