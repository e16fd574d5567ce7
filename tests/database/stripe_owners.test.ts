import { assertEquals } from "@std/assert";
import { availableTo } from "../support/credits.ts";
import { must } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import { type StripeEvent, stripeId } from "../support/stripe_account.ts";
import { PaymentLife } from "../support/stripe_payments.ts";
import { SubscriptionLife } from "../support/stripe_subscriptions.ts";
import {
  freePlan,
  givenOrg,
  givenPackage,
  givenPricedPlan,
  givenTier,
  givenUser,
  givePlan,
} from "../support/stripe_world.ts";
import {
  apply,
  applyAll,
  attentionTo,
  changed,
  newAccount,
  planOf,
  subscriptionOf,
} from "./stripe_events.ts";

const db = secretClient();
const account = newAccount();
const free = await freePlan();
const basic = await givenPricedPlan({ tier_level: 2 });
const pro = await givenPricedPlan({ tier_level: 5 });

/** The address of a user, as anybody may type it. */
async function addressOf({ id }: { id: string }): Promise<string> {
  const { email } = must(
    await db.from("profiles").select("email").eq("id", id).single(),
  );
  return String(email);
}

/** A subscription of a user's, as our own function makes it. */
function subscriptionFor(
  user: { id: string },
  { price }: { price: string },
  values: Record<string, string> = {},
): SubscriptionLife {
  account.now += 60;
  return new SubscriptionLife(account, {
    price,
    metadata: { type: "user_subscription", user_id: user.id, ...values },
  });
}

Deno.test("an address typed at a checkout owns nothing until the person has confirmed it", async () => {
  const victim = await givenUser();
  await givePlan(victim, pro);
  const stranger = new SubscriptionLife(account, { price: basic.price });
  const session = changed(stranger.checkout({ type: "user_subscription" }), {
    customer_details: { email: (await addressOf(victim)).toUpperCase() },
  });
  const told = [stranger.updated("active"), session, stranger.deleted()];
  await applyAll(told);
  assertEquals((await planOf(victim)).plan, pro.id);
  const hints = must(
    await db.from("stripe_attention").select("hint_user_id, action")
      .eq("subject", session.id),
  );
  assertEquals(hints.map(({ hint_user_id }) => hint_user_id), [victim.id]);

  const other = new SubscriptionLife(account, { price: pro.price });
  const buyer = await givenUser();
  await applyAll([
    other.updated("active"),
    changed(other.checkout({ type: "user_subscription" }), {
      customer_details: { email: await addressOf(buyer) },
    }),
  ]);
  assertEquals((await planOf(buyer)).plan, null);
  const assigned = must(
    await db.rpc("assign_stripe_owner", {
      p_id: other.id,
      p_owner_type: "user",
      p_owner_id: buyer.id,
      p_note: "confirmed by mail",
    }),
  );
  assertEquals([assigned.status, assigned.outcome], ["applied", "plan_set"]);
  assertEquals((await planOf(buyer)).plan, pro.id);
  assertEquals(await attentionTo(other.id), []);
});

Deno.test("credits of a checkout without an owner wait for a person, whatever address was typed", async () => {
  const user = await givenUser();
  const life = new PaymentLife(account, {
    amount: 10_000,
    metadata: { package_id: await givenPackage(100) },
  });
  const paid = changed(life.completed(), {
    customer_details: { email: await addressOf(user) },
  });
  assertEquals(await applyAll([paid]), ["unmatched unknown_user"]);
  assertEquals(await availableTo(user), 0);
  const { error } = await db.rpc("assign_stripe_owner", {
    p_id: life.id,
    p_owner_type: "user",
    p_owner_id: user.id,
    p_note: "confirmed by mail",
  });
  assertEquals(error, null);
  assertEquals(await availableTo(user), 100);
});

Deno.test("a plan that Stripe did not give is not replaced by a lower one, and comes back after a higher one", async () => {
  for (const order of ["in order", "backwards"]) {
    const user = await givenUser();
    const gift = await givenPricedPlan({ tier_level: 3 });
    await givePlan(user, gift);
    const lower = subscriptionFor(user, basic);
    await tell([lower.updated("active")], order);
    assertEquals((await planOf(user)).plan, gift.id, order);
    await apply(lower.deleted());
    assertEquals((await planOf(user)).plan, gift.id, order);

    const higher = subscriptionFor(user, pro);
    await apply(higher.updated("active"));
    assertEquals((await planOf(user)).plan, pro.id, order);
    await tell([higher.updated("past_due"), higher.deleted()], order);
    assertEquals(await planOf(user), { plan: gift.id, expires: null }, order);
  }
});

Deno.test("what Stripe itself gave before does not come back", async () => {
  const user = await givenUser();
  await givePlan(user, pro);
  const life = subscriptionFor(user, pro);
  await applyAll([life.updated("active"), life.deleted()]);
  assertEquals((await planOf(user)).plan, free);
});

Deno.test("a price that nobody has entered changes nothing, in any order, and is told until it is entered", async () => {
  for (const order of ["in order", "backwards"]) {
    const user = await givenUser();
    const life = subscriptionFor(user, basic, { plan_id: pro.id });
    const price = stripeId("price");
    const events = [
      life.created("active"),
      life.updated("active", { price }),
    ];
    await tell(events, order);
    assertEquals((await planOf(user)).plan, basic.id, order);
    assertEquals(
      new Set(await attentionTo(life.id)),
      new Set(["unmatched_event"]),
    );

    must(
      await db.from("plan_prices").insert({
        plan_id: pro.id,
        billing_interval: crypto.randomUUID(),
        price_cents: 1,
        stripe_price_id: price,
      }).select("id"),
    );
    const replayed = must(
      await db.rpc("replay_stripe_event", { p_id: events[1]?.id ?? "" }),
    );
    assertEquals(replayed.outcome, "plan_set", order);
    assertEquals((await planOf(user)).plan, pro.id, order);
    assertEquals(await attentionTo(life.id), [], order);
  }
});

Deno.test("an organisation's tier, too, stays at an unknown price, and a person is told", async () => {
  for (const order of ["in order", "backwards"]) {
    const [org, tier] = [await givenOrg(), await givenTier()];
    const life = new SubscriptionLife(account, { price: tier.annual });
    const checkout = life.checkout({
      type: "org_platform_subscription",
      organization_id: org.id,
    });
    const events = [
      checkout,
      life.created("active"),
      life.updated("active", { price: stripeId("price") }),
    ];
    await tell(events, order);
    assertEquals((await subscriptionOf(org)).tier_id, tier.id, order);
    assertEquals(
      (await attentionTo(life.id)).includes("unmatched_event"),
      true,
    );
  }
});

Deno.test("of two live subscriptions the better plan holds, and somebody is told, until one ends", async () => {
  for (const order of ["in order", "backwards"]) {
    const user = await givenUser();
    const [good, cheap] = [
      subscriptionFor(user, pro),
      subscriptionFor(user, basic),
    ];
    await tell([good.updated("active"), cheap.updated("active")], order);
    assertEquals((await planOf(user)).plan, pro.id, order);
    assertEquals(await attentionTo(cheap.id), ["two_subscriptions"], order);
    await apply(cheap.deleted());
    assertEquals((await planOf(user)).plan, pro.id, order);
    assertEquals(await attentionTo(cheap.id, good.id), [], order);
  }
});

Deno.test("of two plans of one level the dearer is the better", async () => {
  const user = await givenUser();
  const dear = await givenPricedPlan({ tier_level: 2 });
  must(
    await db.from("plan_prices").update({ price_cents: 9_900 })
      .eq("plan_id", dear.id).select("id"),
  );
  const [good, cheap] = [
    subscriptionFor(user, dear),
    subscriptionFor(user, basic),
  ];
  await applyAll([good.updated("active"), cheap.updated("active")]);
  assertEquals((await planOf(user)).plan, dear.id);
  assertEquals(await attentionTo(cheap.id), ["two_subscriptions"]);
});

Deno.test("of two tiers the dearer holds, and somebody is told", async () => {
  const [org, low, high] = [
    await givenOrg(),
    await givenTier(),
    await givenTier(),
  ];
  must(
    await db.from("org_platform_tiers").update({ annual_fee_cents: 90_000 })
      .eq("id", high.id).select("id"),
  );
  const metadata = {
    type: "org_platform_subscription",
    organization_id: org.id,
  };
  const dear = new SubscriptionLife(account, { price: high.annual, metadata });
  account.now += 60;
  const cheap = new SubscriptionLife(account, { price: low.annual, metadata });
  await applyAll([dear.updated("active"), cheap.updated("active")]);
  assertEquals((await subscriptionOf(org)).tier_id, high.id);
  assertEquals(await attentionTo(cheap.id), ["two_subscriptions"]);
});

Deno.test("a tier that Stripe did not give is not replaced by a lower one, and comes back", async () => {
  const [org, low, gift, high] = [
    await givenOrg(),
    await givenTier(),
    await givenTier(),
    await givenTier(),
  ];
  for (const [tier, annual_fee_cents] of [[gift, 100], [high, 200]] as const) {
    must(
      await db.from("org_platform_tiers").update({ annual_fee_cents })
        .eq("id", tier.id).select("id"),
    );
  }
  must(
    await db.from("org_platform_subscriptions").insert({
      organization_id: org.id,
      tier_id: gift.id,
    }).select("id"),
  );
  const metadata = {
    type: "org_platform_subscription",
    organization_id: org.id,
  };
  const cheap = new SubscriptionLife(account, { price: low.annual, metadata });
  const held: (string | null)[] = [];
  const take = async (event: StripeEvent) => {
    await apply(event);
    held.push((await subscriptionOf(org)).tier_id);
  };
  await take(cheap.updated("active"));
  await take(cheap.deleted());
  account.now += 60;
  const dear = new SubscriptionLife(account, { price: high.annual, metadata });
  await take(dear.updated("active"));
  await take(dear.deleted());
  assertEquals(held, [gift.id, gift.id, high.id, gift.id]);
  const { status, stripe_subscription_id } = await subscriptionOf(org);
  assertEquals([status, stripe_subscription_id], ["active", null]);
});

Deno.test("a subscription whose user_id is edited is the other's, who keeps what is better and is told of", async () => {
  const [one, other] = [await givenUser(), await givenUser()];
  const [own, moved] = [
    subscriptionFor(other, pro),
    subscriptionFor(one, basic),
  ];
  await applyAll([own.updated("active"), moved.updated("active")]);
  const edited = changed(moved.updated("active"), {
    metadata: { type: "user_subscription", user_id: other.id },
  });
  await apply(edited);
  assertEquals((await planOf(one)).plan, null);
  assertEquals((await planOf(other)).plan, pro.id);
  assertEquals(await attentionTo(moved.id), ["two_subscriptions"]);
});

/** Applies these as they are or the other way round. */
async function tell(events: StripeEvent[], order: string): Promise<void> {
  await applyAll(order === "in order" ? events : events.toReversed());
}
