import type Stripe from "stripe";
import type { HandledType, Wire } from "./stripe_types.ts";

/** Whatever Stripe has under an id. */
export interface ApiObject {
  id: string;
  object: string;
}

/** An event as Stripe delivers it. */
export interface StripeEvent {
  id: string;
  object: "event";
  api_version: string;
  /** Whole seconds since 1970, as all of Stripe's times. */
  created: number;
  type: string;
  data: { object: ApiObject; previous_attributes?: Record<string, unknown> };
  livemode: boolean;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
}

export type Subscription = Wire<Stripe.Subscription>;
export type Invoice = Wire<Stripe.Invoice>;
export type CheckoutSession = Wire<Stripe.Checkout.Session>;
export type Charge = Wire<Stripe.Charge>;
export type Dispute = Wire<Stripe.Dispute>;
export type Customer = Wire<Stripe.Customer>;
export type InvoicePayment = Wire<Stripe.InvoicePayment>;

/** Texts that the web app's own functions give Stripe to keep. */
export type Metadata = Record<string, string>;

/** The version that stripe's library of this repository is written for. */
export const API_VERSION = "2026-10-28.endive";

/**
 * A Stripe account for one test. It holds each object in its present state, which a stand-in of the API
 * answers with, and the events that told of each state before. Its clock moves by `tick` seconds an
 * event; with 0 everything happens within one second.
 */
export class StripeAccount {
  /** In the order in which they came to be. */
  readonly objects = new Map<string, ApiObject>();
  readonly events: StripeEvent[] = [];

  constructor(
    public now: number,
    readonly tick = 60,
    /** Where a stand-in of the API looks for them. */
    private readonly shown = new Map<string, ApiObject>(),
  ) {}

  /** Keeps the present state of an object. */
  put<Kept extends ApiObject>(object: Kept): Kept {
    this.objects.set(object.id, object);
    this.shown.set(object.id, object);
    return object;
  }

  /** Keeps an object and tells of it. */
  tell<Told extends ApiObject>(
    type: HandledType,
    object: Told,
    previous?: Record<string, unknown>,
  ): StripeEvent {
    this.put(object);
    const event: StripeEvent = {
      id: stripeId("evt"),
      object: "event",
      api_version: API_VERSION,
      created: this.now,
      type,
      data: {
        object: structuredClone(object),
        ...(previous ? { previous_attributes: previous } : {}),
      },
      livemode: false,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
    };
    this.now += this.tick;
    this.events.push(event);
    return event;
  }
}

/** The same change told a second time, under another event id, which Stripe does now and then. */
export function toldAgain(event: StripeEvent): StripeEvent {
  return { ...structuredClone(event), id: stripeId("evt") };
}

/** An id that no other test has. */
export function stripeId(prefix: string): string {
  return `${prefix}_${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}`;
}

// What an object is.

export function isSubscription(object: ApiObject): object is Subscription {
  return object.object === "subscription";
}

export function isInvoice(object: ApiObject): object is Invoice {
  return object.object === "invoice";
}

export function isSession(object: ApiObject): object is CheckoutSession {
  return object.object === "checkout.session";
}

export function isCharge(object: ApiObject): object is Charge {
  return object.object === "charge";
}

export function isDispute(object: ApiObject): object is Dispute {
  return object.object === "dispute";
}

export function isInvoicePayment(object: ApiObject): object is InvoicePayment {
  return object.object === "invoice_payment";
}
