import type { Owner } from "./credits.ts";
import type { Random } from "./random.ts";
import type { Metadata, StripeAccount, StripeEvent } from "./stripe_account.ts";
import type { Catalogue, Purchase } from "./stripe_oracle.ts";
import { DisputeLife, PaymentLife, refunded } from "./stripe_payments.ts";
import { SubscriptionLife } from "./stripe_subscriptions.ts";
import { instalmentMetadata } from "./stripe_world.ts";

/** Somebody to whom many things happen. */
export interface Customer {
  owner: Owner;
  account: StripeAccount;
  /** Told first: what was bought and spent before the chaos. */
  before: StripeEvent[];
  purchases: (Purchase & { amount: number })[];
}

const DAY = 86_400;
const CREDITS = 120;
/** Divides by four, so that every part of it is a whole number of credits. */
const AMOUNT = 12_000;

/** Makes the account of one owner live through anything that Stripe may tell of. */
export function live(
  random: Random,
  owner: Owner,
  account: StripeAccount,
  { plans, tiers }: Catalogue,
  { packageId, expiresAt }: { packageId: string; expiresAt: string },
): Customer {
  const customer: Customer = { owner, account, before: [], purchases: [] };
  if (random.chance(0.2)) purchase(true);
  for (let count = random.between(1, 3); count > 0; count--) {
    random.pick([() => purchase(false), instalments])();
  }
  for (let count = random.between(0, 2); count > 0; count--) {
    membership(count === 1);
  }
  return customer;

  /** A subscription of a plan or a tier; only the last of them may go on. */
  function membership(isLast: boolean): void {
    const prices = [...(owner.type === "user" ? plans : tiers).keys()];
    const [price = ""] = random.shuffled(prices);
    const metadata: Metadata = owner.type === "user"
      ? { type: "user_subscription", user_id: owner.id }
      : { type: "org_platform_subscription", organization_id: owner.id };
    const isNamed = owner.type === "user" && random.chance(0.5);
    const life = new SubscriptionLife(account, {
      price,
      metadata: isNamed ? metadata : {},
    });
    life.checkout(metadata);
    life.created(random.pick(["incomplete", "active", "trialing"]));
    for (let steps = random.between(1, 5); steps > 0; steps--) {
      random.pick([
        () => life.updated("active"),
        () => life.updated("active", { renewed: true }),
        () => life.updated("past_due"),
        () => life.updated("unpaid"),
        () => life.updated("active", { price: random.shuffled(prices)[0] }),
        () => (life.paused(), life.resumed()),
      ])();
    }
    if (!isLast || random.chance(0.3)) life.deleted();
    account.now += DAY;
  }

  function instalments(): void {
    if (owner.type === "org") return;
    const count = random.between(2, 4);
    const metadata = instalmentMetadata({
      user: owner,
      packageId,
      credits: CREDITS,
      total: AMOUNT,
      count,
      expiresAt,
    });
    const life = new SubscriptionLife(account, {
      price: "price_of_instalments",
      metadata: metadata.subscription,
    });
    const each = AMOUNT / count;
    if (random.chance(0.8)) {
      life.checkout(metadata.session, { amount_total: each, currency: "eur" });
    }
    life.created("active");
    life.paid(each, { reason: "subscription_create" });
    for (let left = random.between(0, count - 2); left > 0; left--) {
      account.now += 30 * DAY;
      if (random.chance(0.2)) {
        const { invoice } = life.failed(each);
        life.updated("past_due");
        life.paid(each, { invoice });
      } else life.paid(each);
      life.updated("active", { renewed: true });
    }
    if (random.chance(0.2)) {
      const { charge } = life.paid(each);
      refunded(account, charge, each / 2);
      if (random.chance(0.5)) refunded(account, charge, each);
    }
    if (random.chance(0.2)) {
      life.failed(each, { final: true });
      life.updated("unpaid");
    }
    if (random.chance(0.3)) life.deleted();
  }

  /** A purchase of credits; an early one is paid, and partly spent, before everything else. */
  function purchase(isEarly: boolean): void {
    const life = new PaymentLife(account, { amount: AMOUNT });
    const spent = isEarly ? random.between(1, 4) * (CREDITS / 4) : 0;
    customer.purchases.push({
      session: life.id,
      credits: CREDITS,
      amount: AMOUNT,
      spent,
    });
    if (isEarly) customer.before.push(life.completed());
    else {
      random.pick([
        () => life.completed(),
        () => (life.completed("unpaid"), life.asyncSucceeded()),
        () => (life.completed("unpaid"), life.asyncFailed()),
        () => life.expired(),
      ])();
    }
    const isPaid = account.events.at(-1)?.type !==
        "checkout.session.async_payment_failed" &&
      account.events.at(-1)?.type !== "checkout.session.expired";
    if (!isPaid) return;
    const quarters = random.between(0, 3);
    for (let quarter = 1; quarter <= quarters; quarter++) {
      if (random.chance(0.5) || quarter === quarters) {
        refunded(account, life.charge, quarter * (AMOUNT / 4));
      }
    }
    if (random.chance(0.3)) {
      const rest = AMOUNT - quarters * (AMOUNT / 4);
      const dispute = new DisputeLife(account, life.charge, rest);
      dispute.created();
      if (random.chance(0.7)) dispute.closed(random.pick(["won", "lost"]));
    }
  }
}
