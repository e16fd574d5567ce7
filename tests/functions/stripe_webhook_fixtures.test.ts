import { assertEquals } from "@std/assert";
import { must } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import { stripeId } from "../support/stripe_account.ts";
import { ENDIVE } from "../support/stripe_fixtures.ts";
import { type Surroundings, webhookTest } from "../support/stripe_webhook.ts";
import {
  givenPackage,
  givenPricedPlan,
  givenUser,
} from "../support/stripe_world.ts";

const db = secretClient();
const FIXTURES = new URL("../fixtures/stripe/", import.meta.url);

/** Of the fixtures: whose they are, and what they pay for. */
const USER = "8d5f9f1e-2b0e-4a55-9a44-2f7b6b8f4c11";
const PRICE = "price_1PgafmB7WZ01zgkW6dKueIc5";
const METADATA = '"order_id":"6cab1798-a27f-4de7-8225-378eb584352b"';

const ACTIVE =
  "customer.subscription.updated.incomplete-to-active.same-second.json";
const BOUGHT = "checkout.session.async_payment_succeeded.json";

/** What becomes of each fixture of the current API version, after what comes before it. */
const OUTCOMES: [file: string, before: string[], outcome: string][] = [
  [
    "checkout.session.completed.subscription.json",
    [],
    "unmatched unknown_plan",
  ],
  [
    "checkout.session.completed.subscription.json",
    [ACTIVE],
    "applied plan_unchanged",
  ],
  [
    "checkout.session.completed.no_payment_required.trial.json",
    [ACTIVE],
    "applied plan_unchanged",
  ],
  [
    "checkout.session.completed.async-unpaid.json",
    [],
    "applied awaiting_payment",
  ],
  [
    "checkout.session.async_payment_succeeded.json",
    [],
    "applied purchase_completed",
  ],
  ["checkout.session.async_payment_failed.json", [], "applied purchase_failed"],
  ["checkout.session.expired.json", [], "applied purchase_expired"],
  ["customer.subscription.created.json", [], "applied nothing_held"],
  [ACTIVE, [], "applied plan_set"],
  ["customer.subscription.updated.past_due.json", [], "applied plan_set"],
  [
    "customer.subscription.updated.portal-cancel-flexible.json",
    [],
    "applied plan_set",
  ],
  ["customer.subscription.updated.renewal.json", [ACTIVE], "applied plan_set"],
  ["customer.subscription.paused.json", [ACTIVE], "applied fallback_set"],
  ["customer.subscription.resumed.json", [], "applied plan_set"],
  ["customer.subscription.deleted.json", [ACTIVE], "applied fallback_set"],
  ["invoice.paid.json", [ACTIVE], "applied plan_unchanged"],
  ["invoice.paid.renewal.json", [ACTIVE], "applied plan_unchanged"],
  ["invoice.paid.no-parent.manual.json", [], "ignored no_subscription"],
  ["invoice.payment_failed.json", [ACTIVE], "applied plan_unchanged"],
  ["invoice.voided.json", [ACTIVE], "applied plan_unchanged"],
  ["charge.refunded.partial.json", [BOUGHT], "applied purchase_completed"],
  ["charge.refunded.full.json", [BOUGHT], "applied purchase_completed"],
  ["charge.refunded.full.json", [], "ignored other_product"],
  ["charge.dispute.created.json", [BOUGHT], "applied purchase_completed"],
  ["charge.dispute.closed.lost.json", [BOUGHT], "applied purchase_completed"],
  ["charge.dispute.closed.won.json", [BOUGHT], "applied purchase_completed"],
  ["customer.deleted.json", [], "applied customer_forgotten"],
];

for (const [file, before, outcome] of OUTCOMES) {
  webhookTest(
    `stripe-webhook, ${file}${
      before.length ? ` after ${before}` : ""
    }: ${outcome}`,
    async (surroundings) => {
      const own = await ownIds();
      for (const earlier of before) {
        await take(surroundings, own(await read(`endive/${earlier}`)));
      }
      assertEquals(
        await take(surroundings, own(await read(`endive/${file}`))),
        outcome,
      );
    },
  );
}

Deno.test("there is a fixture for every handled type, and each of them is told of here", async () => {
  const told = new Set<string>();
  for (const [file] of OUTCOMES) {
    told.add(JSON.parse(await read(`endive/${file}`)).type);
  }
  assertEquals([...told].sort(), Object.keys(ENDIVE).sort());
});

for (
  const [file, outcome] of [
    [
      "captured/checkout.session.completed.clover.redacted.json",
      "ignored not_ours",
    ],
    [
      "captured/customer.subscription.updated.renewal.basil.json",
      "ignored other_product",
    ],
    [
      "captured/invoice.payment_succeeded.basil.redacted.json",
      "ignored other_mode",
    ],
    ["before-basil/checkout_session_completed.json", "ignored other_mode"],
    [
      "before-basil/subscription_created.json",
      "ignored other_product",
    ],
    [
      "before-basil/subscription_updated.json",
      "ignored other_product",
    ],
    [
      "before-basil/subscription_deleted.json",
      "ignored other_product",
    ],
    ["before-basil/invoice_paid.json", "ignored other_product"],
    ["before-basil/invoice_updated.json", "ignored type_not_handled"],
    ["before-basil/charge_refunded.json", "unmatched unknown_payment"],
    ["before-basil/charge_dispute_created.json", "ignored other_product"],
  ]
) {
  webhookTest(
    `stripe-webhook takes ${file} as it is, and nobody here is its owner: ${outcome}`,
    async (surroundings) => {
      const text = await read(file ?? "");
      // two of the older ones have one id
      const sent = text.replace(
        '{"id":"evt_3KtQThJDPojXS6LN0E06aNxq"',
        `{"id":"${stripeId("evt")}"`,
      );
      assertEquals(await take(surroundings, sent), outcome);
    },
  );
}

webhookTest(
  "an endpoint left on a version before basil gives and ends plans just so",
  async (surroundings) => {
    const user = await givenUser();
    const { price, id } = await givenPricedPlan();
    const customer = stripeId("cus");
    const subscription = stripeId("sub");
    const own = (text: string) =>
      text.replaceAll("price_1IDQm5JDPojXS6LNM31hxKzp", price)
        .replaceAll("sub_JdIzvfy6o5GZRd", subscription)
        .replaceAll("cus_IhGfebO16cMIGN", customer)
        .replace(
          /"metadata":\{"project_id":"312"/,
          `"metadata":{"user_id":"${user.id}"`,
        )
        .replace(/^\{"id":"\w+"/, `{"id":"${stripeId("evt")}"`);
    const created = own(await read("before-basil/subscription_created.json"));
    assertEquals(await take(surroundings, created), "applied plan_set");
    const { plan_id, plan_expires_at } = must(
      await db.from("profiles").select("plan_id, plan_expires_at")
        .eq("id", user.id).single(),
    );
    assertEquals(
      [plan_id, Date.parse(plan_expires_at ?? "") / 1000],
      [id, 1625740918],
    );
    const ended = own(await read("before-basil/subscription_deleted.json"));
    assertEquals(await take(surroundings, ended), "applied fallback_set");
  },
);

/** A fixture's text, compact as Stripe sends it. */
async function read(file: string): Promise<string> {
  const text = await Deno.readTextFile(new URL(file, FIXTURES));
  return JSON.stringify(JSON.parse(text));
}

/** Gives fixtures a user, a price and a package, and ids of Stripe's that no other test has. */
async function ownIds(): Promise<(text: string) => string> {
  const [user, plan, packageId] = [
    await givenUser(),
    await givenPricedPlan(),
    await givenPackage(100),
  ];
  const suffix = stripeId("x").slice(2);
  return (text) =>
    text.replaceAll(USER, user.id)
      .replaceAll(
        METADATA,
        `"user_id":"${user.id}","package_id":"${packageId}"`,
      )
      .replace(
        /"(evt|cs_test|sub|in|pi|ch|du|cus)_\w+"/g,
        (id) => `${id.slice(0, -1)}_${suffix}"`,
      )
      .replaceAll(PRICE, plan.price);
}

/** Delivers it. What the inbox says of it. */
async function take(
  { gateway }: Surroundings,
  text: string,
): Promise<string> {
  assertEquals(await gateway.deliver(text), 200);
  const { status, outcome, payload } = must(
    await db.from("stripe_events").select().eq("id", JSON.parse(text).id)
      .single(),
  );
  assertEquals(payload, JSON.parse(text));
  return `${status} ${outcome}`;
}
