import type Stripe from "stripe";

/** The events that take effect, of which there is a fixture. */
export type FixtureType =
  | "checkout.session.completed"
  | "checkout.session.async_payment_succeeded"
  | "checkout.session.async_payment_failed"
  | "checkout.session.expired"
  | "customer.subscription.created"
  | "customer.subscription.updated"
  | "customer.subscription.deleted"
  | "customer.subscription.paused"
  | "customer.subscription.resumed"
  | "invoice.paid"
  | "invoice.payment_failed"
  | "invoice.voided"
  | "charge.refunded"
  | "charge.dispute.created"
  | "charge.dispute.closed"
  | "customer.deleted";

/** The events that take effect; every other type is answered with 200 and ignored. */
export type HandledType =
  | FixtureType
  | "invoice.marked_uncollectible"
  | "charge.refund.updated"
  | "refund.failed"
  | "refund.updated"
  | "charge.dispute.updated"
  | "charge.dispute.funds_reinstated";

/**
 * A type of stripe's as it comes over the wire: a Decimal is a string, and what the compiler reads
 * from a JSON file is never narrower than `string`. What an update changed is a part of an object,
 * which stripe's types claim to be whole.
 */
export type Wire<T> = T extends Stripe.Decimal | string ? string
  : T extends number | boolean | null | undefined ? T
  : {
    [Key in keyof T]: Key extends "previous_attributes" ? unknown
      : Wire<T[Key]>;
  };

/** An event of one type, over the wire. */
export type WireEvent<Type extends HandledType> = Wire<
  Extract<Stripe.Event, { type: Type }>
>;
