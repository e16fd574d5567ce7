import {
  type ApiObject,
  type Charge,
  type Invoice,
  isCharge,
  isInvoice,
  isInvoicePayment,
  isSubscription,
  type StripeEvent,
  type Subscription,
} from "./stripe_account.ts";

/** The version of the fixtures of an endpoint that nobody ever changed. */
const API_VERSION = "2020-03-02";

/** An event as that endpoint gets it: what basil took away is in its old place, the new ones are gone. */
export function beforeBasil(
  event: StripeEvent,
  objects: Map<string, ApiObject>,
): StripeEvent {
  return {
    ...event,
    api_version: API_VERSION,
    data: { ...event.data, object: formerly(event.data.object, objects) },
  };
}

function formerly(
  object: ApiObject,
  objects: Map<string, ApiObject>,
): ApiObject {
  if (isSubscription(object)) return formerSubscription(object);
  if (isInvoice(object)) return formerInvoice(object, objects);
  if (isCharge(object)) {
    return given({ ...object, invoice: invoiceOf(object, objects) });
  }
  return object;
}

function formerSubscription({ items, ...rest }: Subscription): ApiObject {
  const [first] = items.data;
  return given({
    ...rest,
    current_period_start: first?.current_period_start,
    current_period_end: first?.current_period_end,
    items: {
      ...items,
      data: items.data.map((
        { current_period_start: _start, current_period_end: _end, ...item },
      ) => item),
    },
  });
}

function formerInvoice(
  { parent, lines, ...rest }: Invoice,
  objects: Map<string, ApiObject>,
): ApiObject {
  const charge = [...objects.values()].filter(isCharge)
    .find((it) => invoiceOf(it, objects) === rest.id);
  return given({
    ...rest,
    subscription: parent?.subscription_details?.subscription ?? null,
    paid: rest.status === "paid",
    charge: charge?.id ?? null,
    payment_intent: charge?.payment_intent ?? null,
    lines: {
      ...lines,
      data: lines.data.map(({ parent: _parent, pricing, ...line }) => ({
        ...line,
        type: "subscription",
        price: { id: pricing?.price_details?.price, object: "price" },
        proration: false,
      })),
    },
  });
}

function invoiceOf(
  { payment_intent }: Charge,
  objects: Map<string, ApiObject>,
): string | null {
  const settled = [...objects.values()].filter(isInvoicePayment)
    .find((it) => it.payment.payment_intent === payment_intent)?.invoice;
  return typeof settled === "string" ? settled : null;
}

/** An object with fields that its present type does not have. */
function given<Former extends ApiObject>(object: Former): ApiObject {
  return object;
}
