import {
  type Charge,
  type Dispute,
  type Metadata,
  type StripeAccount,
  type StripeEvent,
  stripeId,
} from "./stripe_account.ts";
import {
  chargeObject,
  disputeObject,
  sessionObject,
} from "./stripe_objects.ts";

/** A checkout that is paid once, without a subscription. */
export class PaymentLife {
  readonly id: string = stripeId("cs_test");
  readonly charge: Charge;

  constructor(
    private readonly account: StripeAccount,
    private readonly values: {
      amount: number;
      currency?: string;
      customer?: string;
      metadata?: Metadata;
    },
  ) {
    this.charge = account.put(chargeObject({
      customer: values.customer ?? null,
      amount: values.amount,
      currency: values.currency ?? "eur",
      at: account.now,
      paymentIntent: stripeId("pi"),
    }));
  }

  /** Paid at once, or by a method that takes days: then it is `unpaid` for now. */
  completed(paymentStatus: "paid" | "unpaid" = "paid"): StripeEvent {
    return this.#tell("completed", "complete", paymentStatus);
  }

  asyncSucceeded(): StripeEvent {
    return this.#tell("async_payment_succeeded", "complete", "paid");
  }

  asyncFailed(): StripeEvent {
    return this.#tell("async_payment_failed", "complete", "unpaid");
  }

  expired(): StripeEvent {
    return this.#tell("expired", "expired", "unpaid");
  }

  #tell(
    what:
      | "completed"
      | "async_payment_succeeded"
      | "async_payment_failed"
      | "expired",
    status: string,
    payment_status: string,
  ): StripeEvent {
    const { amount, currency = "eur", customer = null, metadata = {} } =
      this.values;
    return this.account.tell(
      `checkout.session.${what}`,
      sessionObject({
        id: this.id,
        mode: "payment",
        status,
        payment_status,
        amount_total: amount,
        amount_subtotal: amount,
        currency,
        customer,
        metadata,
        payment_intent: status === "expired"
          ? null
          : this.charge.payment_intent,
      }),
    );
  }
}

/** A refund: `total` is all that has been refunded of the charge with it. */
export function refunded(
  account: StripeAccount,
  charge: Charge,
  total: number,
): StripeEvent {
  return account.tell(
    "charge.refunded",
    {
      ...charge,
      amount_refunded: total,
      refunded: total === charge.amount,
    } satisfies Charge,
    { refunded: false },
  );
}

/** A dispute over a charge, or over a part of it. */
export class DisputeLife {
  #dispute: Dispute;

  constructor(
    private readonly account: StripeAccount,
    charge: Charge,
    amount = charge.amount,
  ) {
    this.#dispute = disputeObject({ charge, amount, at: account.now });
  }

  created(): StripeEvent {
    return this.#tell("created", "needs_response");
  }

  closed(status: "won" | "lost" | "warning_closed"): StripeEvent {
    return this.#tell("closed", status);
  }

  #tell(what: "created" | "closed", status: string): StripeEvent {
    this.#dispute = { ...this.#dispute, status };
    return this.account.tell(`charge.dispute.${what}`, this.#dispute);
  }
}
