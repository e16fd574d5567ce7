import chargeDisputeClosedLost from "../fixtures/stripe/endive/charge.dispute.closed.lost.json" with {
  type: "json",
};
import chargeDisputeClosedWon from "../fixtures/stripe/endive/charge.dispute.closed.won.json" with {
  type: "json",
};
import chargeDisputeCreated from "../fixtures/stripe/endive/charge.dispute.created.json" with {
  type: "json",
};
import chargeRefundedFull from "../fixtures/stripe/endive/charge.refunded.full.json" with {
  type: "json",
};
import chargeRefundedPartial from "../fixtures/stripe/endive/charge.refunded.partial.json" with {
  type: "json",
};
import checkoutSessionAsyncPaymentFailed from "../fixtures/stripe/endive/checkout.session.async_payment_failed.json" with {
  type: "json",
};
import checkoutSessionAsyncPaymentSucceeded from "../fixtures/stripe/endive/checkout.session.async_payment_succeeded.json" with {
  type: "json",
};
import checkoutSessionCompletedAsyncUnpaid from "../fixtures/stripe/endive/checkout.session.completed.async-unpaid.json" with {
  type: "json",
};
import checkoutSessionCompletedNoPaymentRequiredTrial from "../fixtures/stripe/endive/checkout.session.completed.no_payment_required.trial.json" with {
  type: "json",
};
import checkoutSessionCompletedSubscription from "../fixtures/stripe/endive/checkout.session.completed.subscription.json" with {
  type: "json",
};
import checkoutSessionExpired from "../fixtures/stripe/endive/checkout.session.expired.json" with {
  type: "json",
};
import customerDeleted from "../fixtures/stripe/endive/customer.deleted.json" with {
  type: "json",
};
import customerSubscriptionCreated from "../fixtures/stripe/endive/customer.subscription.created.json" with {
  type: "json",
};
import customerSubscriptionDeleted from "../fixtures/stripe/endive/customer.subscription.deleted.json" with {
  type: "json",
};
import customerSubscriptionPaused from "../fixtures/stripe/endive/customer.subscription.paused.json" with {
  type: "json",
};
import customerSubscriptionResumed from "../fixtures/stripe/endive/customer.subscription.resumed.json" with {
  type: "json",
};
import customerSubscriptionUpdatedIncompleteToActiveSameSecond from "../fixtures/stripe/endive/customer.subscription.updated.incomplete-to-active.same-second.json" with {
  type: "json",
};
import customerSubscriptionUpdatedPastDue from "../fixtures/stripe/endive/customer.subscription.updated.past_due.json" with {
  type: "json",
};
import customerSubscriptionUpdatedPortalCancelFlexible from "../fixtures/stripe/endive/customer.subscription.updated.portal-cancel-flexible.json" with {
  type: "json",
};
import customerSubscriptionUpdatedRenewal from "../fixtures/stripe/endive/customer.subscription.updated.renewal.json" with {
  type: "json",
};
import invoicePaid from "../fixtures/stripe/endive/invoice.paid.json" with {
  type: "json",
};
import invoicePaidNoParentManual from "../fixtures/stripe/endive/invoice.paid.no-parent.manual.json" with {
  type: "json",
};
import invoicePaidRenewal from "../fixtures/stripe/endive/invoice.paid.renewal.json" with {
  type: "json",
};
import invoicePaymentFailed from "../fixtures/stripe/endive/invoice.payment_failed.json" with {
  type: "json",
};
import invoiceVoided from "../fixtures/stripe/endive/invoice.voided.json" with {
  type: "json",
};
import type { FixtureType, WireEvent } from "./stripe_types.ts";

/**
 * At least one event of each handled type in the current API version, as its JSON says. The compiler
 * checks every field against stripe's published types.
 */
export const ENDIVE = {
  "charge.dispute.closed": [chargeDisputeClosedLost, chargeDisputeClosedWon],
  "charge.dispute.created": [chargeDisputeCreated],
  "charge.refunded": [chargeRefundedFull, chargeRefundedPartial],
  "checkout.session.async_payment_failed": [checkoutSessionAsyncPaymentFailed],
  "checkout.session.async_payment_succeeded": [
    checkoutSessionAsyncPaymentSucceeded,
  ],
  "checkout.session.completed": [
    checkoutSessionCompletedAsyncUnpaid,
    checkoutSessionCompletedNoPaymentRequiredTrial,
    checkoutSessionCompletedSubscription,
  ],
  "checkout.session.expired": [checkoutSessionExpired],
  "customer.deleted": [customerDeleted],
  "customer.subscription.created": [customerSubscriptionCreated],
  "customer.subscription.deleted": [customerSubscriptionDeleted],
  "customer.subscription.paused": [customerSubscriptionPaused],
  "customer.subscription.resumed": [customerSubscriptionResumed],
  "customer.subscription.updated": [
    customerSubscriptionUpdatedIncompleteToActiveSameSecond,
    customerSubscriptionUpdatedPastDue,
    customerSubscriptionUpdatedPortalCancelFlexible,
    customerSubscriptionUpdatedRenewal,
  ],
  "invoice.paid": [invoicePaid, invoicePaidNoParentManual, invoicePaidRenewal],
  "invoice.payment_failed": [invoicePaymentFailed],
  "invoice.voided": [invoiceVoided],
} satisfies { [Type in FixtureType]: [WireEvent<Type>, ...WireEvent<Type>[]] };
