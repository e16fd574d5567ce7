import {
  type ApiObject,
  type CheckoutSession,
  type Invoice,
  type InvoicePayment,
  isCharge,
  isDispute,
  isInvoice,
  isSession,
  isSubscription,
  type StripeEvent,
  type Subscription,
} from "./stripe_account.ts";
import type { Owner } from "./credits.ts";

/** What the catalogue says of prices. */
export interface Catalogue {
  /** Stripe's price → plan. */
  plans: Map<string, { id: string; fallback: string }>;
  /** Stripe's price → tier and period. */
  tiers: Map<string, { id: string; period: string }>;
}

/** A purchase of credits noted down when its checkout was opened. */
export interface Purchase {
  session: string;
  credits: number;
  /** How many of them were spent before any money went back. */
  spent: number;
}

/** What an owner must have in the end. */
export interface Balance {
  plan: { plan_id: string | null; plan_expires_at: string | null } | undefined;
  subscription:
    | {
      tier_id: string | null;
      status: string | null;
      period: string | null;
      end: string | null;
    }
    | undefined;
  schedules: { paid: number; cents: number; status: string }[];
  /** What was granted. */
  batches: { granted: number }[];
  /** What is left of all of it, debts paid. */
  left: number;
  debt: number;
}

const LIVE = ["active", "trialing", "past_due"];
const GIVEN_UP = ["unpaid", "canceled", "incomplete_expired", "paused"];

/**
 * The rules, by the plainest means: the events in the order in which Stripe made them, each read once,
 * and what settled which invoice, which no event tells. It knows nothing of deliveries, repetitions or retries.
 */
export function balanceOf(
  owner: Owner,
  events: StripeEvent[],
  payments: InvoicePayment[],
  purchases: Purchase[],
  { plans, tiers }: Catalogue,
): Balance {
  const latest = new Map<string, ApiObject>();
  const paidInvoices = new Map<string, Invoice>();
  const paidSessions = new Map<string, CheckoutSession>();
  for (const { type, data: { object } } of events) {
    latest.set(object.id, object);
    if (isInvoice(object) && type === "invoice.paid") {
      paidInvoices.set(object.id, object);
    }
    if (isSession(object) && object.payment_status === "paid") {
      paidSessions.set(object.id, object);
    }
  }
  const all = [...latest.values()];
  const charges = all.filter(isCharge);
  const disputes = all.filter(isDispute);
  const subscriptions = all.filter(isSubscription)
    .toSorted((a, b) => a.created - b.created);
  const instalments = subscriptions.filter(({ metadata }) =>
    metadata.type === "credit_installment"
  );
  const memberships = subscriptions.filter((it) => !instalments.includes(it));

  const bought = purchases.flatMap(({ session: id, credits, spent }) => {
    const session = paidSessions.get(id);
    if (!session) return [];
    const back = credits * givenBack(
      String(session.payment_intent),
      session.amount_total ?? NaN,
    );
    return [{ granted: credits, spent, back }];
  });
  const schedules = instalments.map((subscription) => {
    const { credit_value, installment_count, total_amount_cents } =
      subscription.metadata;
    const paid = [...paidInvoices.values()].filter(({ parent }) =>
      parent?.subscription_details?.subscription === subscription.id
    );
    const cents = paid.reduce((sum, it) => sum + it.amount_paid, 0);
    const granted = Number(credit_value);
    const status = cents >= Number(total_amount_cents) ||
        paid.length >= Number(installment_count)
      ? "completed"
      : GIVEN_UP.includes(subscription.status)
      ? "defaulted"
      : "active";
    if (paid.length > 0) {
      const cash = paid.reduce(
        (sum, it) =>
          sum + it.amount_paid * givenBack(intentOf(it), it.amount_paid),
        0,
      );
      const missing = status === "defaulted"
        ? Number(total_amount_cents) - cents
        : 0;
      const back = granted * (cash + missing) / Number(total_amount_cents);
      bought.push({ granted, spent: 0, back });
    }
    return { paid: paid.length, cents, status };
  });

  const left = bought.reduce(
    (sum, { granted, spent, back }) =>
      sum + Math.max(granted - spent - back, 0),
    0,
  );
  const debt = bought.reduce(
    (sum, { granted, spent, back }) =>
      sum + Math.max(back - (granted - spent), 0),
    0,
  );
  return {
    plan: owner.type === "user" ? planOf() : undefined,
    subscription: owner.type === "org" ? tierOf() : undefined,
    schedules,
    batches: bought.map(({ granted }) => ({ granted })),
    left: Math.max(left - debt, 0),
    debt: Math.max(debt - left, 0),
  };

  function planOf(): Balance["plan"] {
    const live = memberships.findLast(({ status }) => LIVE.includes(status));
    const plan = live && plans.get(priceOf(live));
    if (plan) return { plan_id: plan.id, plan_expires_at: endOf(live) };
    const ended = memberships.findLast(({ status }) =>
      GIVEN_UP.includes(status)
    );
    const left = ended && plans.get(priceOf(ended));
    return { plan_id: left?.fallback ?? null, plan_expires_at: null };
  }

  function tierOf(): Balance["subscription"] {
    const last = memberships.at(-1);
    if (!last) return undefined;
    const tier = tiers.get(priceOf(last));
    return {
      tier_id: LIVE.includes(last.status) ? tier?.id ?? null : null,
      status: last.status,
      period: tier?.period ?? null,
      end: endOf(last),
    };
  }

  /** Which part of a payment went back, by refunds and by disputes that were not won. */
  function givenBack(paymentIntent: string, amount: number): number {
    const charge = charges.find((it) => it.payment_intent === paymentIntent);
    const disputed = disputes.filter((it) =>
      it.payment_intent === paymentIntent && it.status !== "won"
    );
    const back = (charge?.amount_refunded ?? 0) +
      disputed.reduce((sum, it) => sum + it.amount, 0);
    return Math.min(back / amount, 1);
  }

  function intentOf(invoice: Invoice): string {
    const payment = payments.find((it) => it.invoice === invoice.id);
    return String(payment?.payment.payment_intent);
  }
}

function priceOf({ items }: Subscription): string {
  return items.data[0]?.price.id ?? "";
}

function endOf({ items }: Subscription): string {
  const ends = items.data.map((it) => it.current_period_end);
  return new Date(Math.max(...ends) * 1000).toISOString();
}
