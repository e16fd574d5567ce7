import { LOCAL_DEFAULTS } from "../../stack/defaults.ts";
import { bodyOf, sign } from "../../tests/support/calcom.ts";
import { unique } from "../../tests/support/rows.ts";
import { StripeAccount } from "../../tests/support/stripe_account.ts";
import { signatureOf } from "../../tests/support/stripe_gateway.ts";
import { PaymentLife } from "../../tests/support/stripe_payments.ts";
import { api } from "../../tests/support/stack.ts";
import type { World } from "./world.ts";

/** One kind of request, and how often it comes. */
export interface Kind {
  name: string;
  /** Of the sum of all. */
  weight: number;
  /** The statuses that are no error; 200 unless told. */
  expected?: number[];
  /** Prepares the n-th request of its kind. */
  request(n: number): Promise<Request> | Request;
}

const DAY = 86_400_000;

/** The traffic of a working day, by what asks for it. */
export function kindsOf(world: World): Kind[] {
  return [
    {
      name: "calendar-feed 304",
      weight: 40,
      expected: [304],
      request: (n) => {
        const { url, etag } = nth(world.feeds, n);
        return new Request(url, { headers: { "If-None-Match": etag } });
      },
    },
    {
      name: "calendar-feed 200",
      weight: 10,
      request: (n) => new Request(nth(world.feeds, n).url),
    },
    page("get_user_credit_summary_v2", 8, (n) => {
      const { id, token } = nth(world.clients, n);
      return { token, args: { p_user_id: id } };
    }),
    page("feedback_inbox", 6, (n) => ({ token: nth(world.clients, n).token })),
    page("student_development_profile", 5, (n) => ({
      token: world.coach.token,
      args: { p_client_user_id: nth(world.clients, n).id },
    })),
    page("readiness_dashboard", 3, () => ({ token: world.coach.token })),
    asUser("generate-calendar-url", 6, (n) => nth(world.clients, n).token),
    asUser("generate-reflection-prompt", 4, (n) => nth(world.clients, n).token),
    asUser(
      "accept-org-invite",
      3,
      (n) => nth(world.invited, n).token,
      (n) => ({ invite_token: nth(world.invited, n).invite }),
    ),
    stripeWebhook(world),
    calcomWebhook(world),
    {
      name: "credit-maintenance",
      weight: 1,
      // a second one while the first runs is refused
      expected: [200, 409],
      request: () =>
        post("/functions/v1/credit-maintenance", { action: "stats" }, {
          apikey: api.secretKey,
        }),
    },
  ];
}

/** A purchase of credits, told once each. */
function stripeWebhook({ clients, packageId }: World): Kind {
  const account = new StripeAccount(Math.floor((Date.now() - DAY) / 1000), 1);
  const secret = LOCAL_DEFAULTS["STRIPE_WEBHOOK_SECRET"] ?? "";
  return {
    name: "stripe-webhook",
    weight: 7,
    request: async (n) => {
      const event = new PaymentLife(account, {
        amount: 5_000,
        metadata: { package_id: packageId, user_id: nth(clients, n).id },
      }).completed();
      // the account is to hold no more at the end than at the start
      account.events.length = 0;
      account.objects.clear();
      const body = JSON.stringify(event);
      return post("/functions/v1/stripe-webhook", body, {
        "Stripe-Signature": await signatureOf(body, secret),
      });
    },
  };
}

/** Bookings, every other of which is called off by the next event. */
function calcomWebhook({ bookable }: World): Kind {
  let uid = "";
  return {
    name: "calcom-webhook",
    weight: 7,
    request: async (n) => {
      const isNew = n % 2 === 0;
      if (isNew) uid = unique("load");
      const body = JSON.stringify(bodyOf({
        ...bookable.common,
        trigger: isNew ? "BOOKING_CREATED" : "BOOKING_CANCELLED",
        uid,
        at: new Date(Date.now() + (isNew ? 0 : 1_000)),
        startsAt: new Date(Date.now() + (n % 300 + 1) * DAY),
      }));
      return post("/functions/v1/calcom-webhook", body, {
        "X-Cal-Signature-256": await sign(body),
      });
    },
  };
}

function page(
  name: string,
  weight: number,
  call: (n: number) => { token: string; args?: Record<string, string> },
): Kind {
  return {
    name,
    weight,
    request: (n) => {
      const { token, args = {} } = call(n);
      return post(`/rest/v1/rpc/${name}`, args, credentials(token));
    },
  };
}

function asUser(
  name: string,
  weight: number,
  token: (n: number) => string,
  body: (n: number) => unknown = () => ({}),
): Kind {
  return {
    name,
    weight,
    request: (n) =>
      post(`/functions/v1/${name}`, body(n), credentials(token(n))),
  };
}

function credentials(token: string): Record<string, string> {
  return { apikey: api.publishableKey, Authorization: `Bearer ${token}` };
}

function post(
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Request {
  return new Request(api.url + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

function nth<Item>(items: Item[], n: number): Item {
  const item = items[n % items.length];
  if (item === undefined) throw new Error("nobody to ask for");
  return item;
}
