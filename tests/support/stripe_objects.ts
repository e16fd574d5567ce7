import type Stripe from "stripe";
import {
  type Charge,
  type CheckoutSession,
  type Customer,
  type Dispute,
  type Invoice,
  type InvoicePayment,
  type Metadata,
  stripeId,
  type Subscription,
} from "./stripe_account.ts";
import { ENDIVE } from "./stripe_fixtures.ts";

// Each new object starts from the fixture of its kind.

/** A subscription of one price. */
export function subscriptionObject(
  { id = stripeId("sub"), customer, price, metadata, status, from, to }: {
    id?: string;
    customer: string;
    price: string;
    metadata: Metadata;
    status: Stripe.Subscription.Status;
    from: number;
    to: number;
  },
): Subscription {
  const base: Subscription = structuredClone(
    ENDIVE["customer.subscription.created"][0].data.object,
  );
  const [item] = base.items.data;
  if (!item) throw new Error("the fixture has no item");
  return {
    ...base,
    id,
    customer,
    metadata,
    status,
    created: from,
    start_date: from,
    billing_cycle_anchor: from,
    latest_invoice: null,
    items: {
      ...base.items,
      data: [{
        ...item,
        id: stripeId("si"),
        subscription: id,
        price: { ...item.price, id: price },
        current_period_start: from,
        current_period_end: to,
      }],
    },
  };
}

/** An invoice; of a subscription where there is one, with a copy of its metadata. */
export function invoiceObject(
  {
    id = stripeId("in"),
    subscription,
    customer,
    reason,
    amount,
    currency,
    at,
    to,
    paid,
  }: {
    id?: string | undefined;
    subscription?: Subscription;
    customer: string;
    reason: string;
    amount: number;
    currency: string;
    at: number;
    to: number;
    paid: boolean;
  },
): Invoice {
  const base: Invoice = structuredClone(
    ENDIVE["invoice.paid"][0].data.object,
  );
  const [line] = base.lines.data;
  if (!line) throw new Error("the fixture has no line");
  return {
    ...base,
    id,
    customer,
    currency,
    created: at,
    billing_reason: reason,
    amount_due: amount,
    total: amount,
    subtotal: amount,
    amount_paid: paid ? amount : 0,
    amount_remaining: paid ? 0 : amount,
    status: paid ? "paid" : "open",
    attempt_count: 1,
    next_payment_attempt: null,
    period_start: at,
    period_end: at,
    status_transitions: {
      ...base.status_transitions,
      finalized_at: at,
      paid_at: paid ? at : null,
    },
    parent: subscription
      ? {
        quote_details: null,
        type: "subscription_details",
        subscription_details: {
          metadata: subscription.metadata,
          subscription: subscription.id,
        },
      }
      : null,
    lines: {
      ...base.lines,
      data: [{
        ...line,
        id: stripeId("il"),
        invoice: id,
        amount,
        currency,
        metadata: subscription?.metadata ?? {},
        period: { start: at, end: to },
        subscription: subscription?.id ?? null,
      }],
    },
  };
}

/** A checkout session. */
export function sessionObject(values: Partial<CheckoutSession>) {
  const base: CheckoutSession = structuredClone(
    ENDIVE["checkout.session.completed"][0].data.object,
  );
  return {
    ...base,
    id: stripeId("cs_test"),
    client_reference_id: null,
    payment_intent: null,
    subscription: null,
    invoice: null,
    metadata: {},
    ...values,
  };
}

/** A charge that went through. */
export function chargeObject(
  { customer, amount, currency, at, paymentIntent }: {
    customer: string | null;
    amount: number;
    currency: string;
    at: number;
    paymentIntent: string;
  },
): Charge {
  const base: Charge = structuredClone(
    ENDIVE["charge.refunded"][0].data.object,
  );
  return {
    ...base,
    id: stripeId("ch"),
    customer,
    amount,
    amount_captured: amount,
    amount_refunded: 0,
    currency,
    created: at,
    payment_intent: paymentIntent,
    refunded: false,
    disputed: false,
  };
}

/** A dispute of a charge, over all of it unless told. */
export function disputeObject(
  { charge, amount = charge.amount, at }: {
    charge: Charge;
    amount?: number;
    at: number;
  },
): Dispute {
  const base: Dispute = structuredClone(
    ENDIVE["charge.dispute.created"][0].data.object,
  );
  return {
    ...base,
    id: stripeId("du"),
    charge: charge.id,
    payment_intent: charge.payment_intent,
    amount,
    currency: charge.currency,
    created: at,
  };
}

/** Which payment of which intent settled an invoice: the only link between the two since basil. */
export function invoicePaymentObject(
  invoice: Invoice,
  paymentIntent: string,
): InvoicePayment {
  return {
    id: stripeId("inpay"),
    object: "invoice_payment",
    amount_paid: invoice.amount_paid,
    amount_requested: invoice.amount_due,
    created: invoice.created,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { type: "payment_intent", payment_intent: paymentIntent },
    status: "paid",
    status_transitions: { canceled_at: null, paid_at: invoice.created },
  };
}

/** A customer. */
export function customerObject(id: string, at: number): Customer {
  const base: Customer = structuredClone(
    ENDIVE["customer.deleted"][0].data.object,
  );
  return { ...base, id, created: at };
}
