import {
  type Charge,
  type Invoice,
  type Metadata,
  type StripeAccount,
  type StripeEvent,
  stripeId,
  type Subscription,
} from "./stripe_account.ts";
import {
  chargeObject,
  customerObject,
  invoiceObject,
  invoicePaymentObject,
  sessionObject,
  subscriptionObject,
} from "./stripe_objects.ts";

const DAY = 86_400;

/** A subscription from its checkout to its end: each step changes the account and tells of it. */
export class SubscriptionLife {
  #subscription: Subscription;
  readonly customer: string;
  /** The invoice of the checkout, which is paid by `reason: "subscription_create"`. */
  readonly firstInvoice = stripeId("in");

  constructor(
    private readonly account: StripeAccount,
    { customer = stripeId("cus"), price, metadata = {} }: {
      customer?: string;
      price: string;
      /** The subscription's own, a copy of which is on each invoice. */
      metadata?: Metadata;
    },
  ) {
    this.customer = customer;
    this.#subscription = account.put(subscriptionObject({
      customer,
      price,
      metadata,
      status: "incomplete",
      from: account.now,
      to: account.now + 30 * DAY,
    }));
  }

  get id(): string {
    return this.#subscription.id;
  }

  /** When the period paid for ends. */
  get periodEnd(): number {
    return this.#subscription.items.data[0]?.current_period_end ?? NaN;
  }

  /** Its checkout; the session's metadata are not the subscription's. */
  checkout(
    metadata: Metadata,
    values: Parameters<typeof sessionObject>[0] = {},
  ): StripeEvent {
    return this.account.tell(
      "checkout.session.completed",
      sessionObject({
        mode: "subscription",
        status: "complete",
        payment_status: "paid",
        customer: this.customer,
        subscription: this.id,
        invoice: this.firstInvoice,
        metadata,
        created: this.account.now,
        ...values,
      }),
    );
  }

  created(status = "incomplete"): StripeEvent {
    return this.#tell("created", { status });
  }

  /** Any change: another status, price or period. */
  updated(
    status: string,
    { renewed = false, price }: { renewed?: boolean; price?: string } = {},
  ): StripeEvent {
    const [item] = this.#subscription.items.data;
    if (!item) throw new Error("a subscription without an item");
    const from = renewed ? item.current_period_end : item.current_period_start;
    const to = renewed ? from + 30 * DAY : item.current_period_end;
    return this.#tell("updated", {
      status,
      items: {
        ...this.#subscription.items,
        data: [{
          ...item,
          price: { ...item.price, id: price ?? item.price.id },
          current_period_start: from,
          current_period_end: to,
        }],
      },
    }, { status: this.#subscription.status });
  }

  paused(): StripeEvent {
    return this.#tell("paused", { status: "paused" });
  }

  resumed(): StripeEvent {
    return this.#tell("resumed", { status: "active" });
  }

  /** Its end, which nothing follows. */
  deleted(): StripeEvent {
    const at = this.account.now;
    return this.#tell("deleted", {
      status: "canceled",
      canceled_at: at,
      ended_at: at,
    });
  }

  /** The end of who pays for it; Stripe ends the subscription first. */
  customerDeleted(): StripeEvent {
    return this.account.tell(
      "customer.deleted",
      customerObject(this.customer, this.account.now),
    );
  }

  /** An invoice of it, paid by a charge of its own. */
  paid(
    amount: number,
    { currency = "eur", reason = "subscription_cycle", invoice }: {
      currency?: string;
      reason?: string;
      /** One that could not be paid before. */
      invoice?: Invoice;
    } = {},
  ): { event: StripeEvent; charge: Charge; invoice: Invoice } {
    const { account, customer } = this;
    const at = account.now;
    const settled: Invoice = invoice
      ? {
        ...invoice,
        status: "paid",
        amount_paid: amount,
        amount_remaining: 0,
        status_transitions: { ...invoice.status_transitions, paid_at: at },
      }
      : this.#invoice(amount, currency, reason, true);
    const paymentIntent = stripeId("pi");
    const charge = account.put(
      chargeObject({ customer, amount, currency, at, paymentIntent }),
    );
    account.put(invoicePaymentObject(settled, paymentIntent));
    const event = account.tell("invoice.paid", settled);
    return { event, charge, invoice: settled };
  }

  /** An invoice that could not be paid; `final` when Stripe will not try again. */
  failed(
    amount: number,
    { currency = "eur", final = false, invoice: open }: {
      currency?: string;
      final?: boolean;
      /** One that could not be paid before. */
      invoice?: Invoice;
    } = {},
  ): { event: StripeEvent; invoice: Invoice } {
    const invoice = {
      ...(open ?? this.#invoice(amount, currency, "subscription_cycle", false)),
      attempt_count: final ? 4 : 1,
      next_payment_attempt: final ? null : this.account.now + 3 * DAY,
    };
    const event = this.account.tell("invoice.payment_failed", invoice);
    return { event, invoice };
  }

  /** An invoice that is no longer to be paid. */
  voided(invoice: Invoice): StripeEvent {
    return this.account.tell("invoice.voided", {
      ...invoice,
      status: "void",
      next_payment_attempt: null,
      status_transitions: {
        ...invoice.status_transitions,
        voided_at: this.account.now,
      },
    });
  }

  #invoice(amount: number, currency: string, reason: string, paid: boolean) {
    return invoiceObject({
      id: reason === "subscription_create" ? this.firstInvoice : undefined,
      subscription: this.#subscription,
      customer: this.customer,
      reason,
      amount,
      currency,
      at: this.account.now,
      to: this.periodEnd,
      paid,
    });
  }

  #tell(
    what: "created" | "updated" | "deleted" | "paused" | "resumed",
    values: Partial<Subscription>,
    previous?: Record<string, unknown>,
  ): StripeEvent {
    this.#subscription = { ...this.#subscription, ...values };
    return this.account.tell(
      `customer.subscription.${what}`,
      this.#subscription,
      previous,
    );
  }
}
