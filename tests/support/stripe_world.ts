import type { Owner } from "./credits.ts";
import { createUser, uniqueEmail } from "./people.ts";
import { givenProgram, type Insert, must, unique } from "./rows.ts";
import { secretClient } from "./stack.ts";
import { type Metadata, stripeId } from "./stripe_account.ts";

// What is in the database before Stripe tells of anything.

const db = secretClient();

/** A user who has nothing yet. */
export async function givenUser(): Promise<Owner> {
  return {
    type: "user",
    id: await createUser({ email: uniqueEmail(), email_confirm: true }),
  };
}

/** An organisation that has nothing yet. */
export async function givenOrg(): Promise<Owner> {
  const { id } = must(
    await db.from("organizations").insert({ name: "Org", slug: unique("org") })
      .select("id").single(),
  );
  return { type: "org", id };
}

/** A plan and what Stripe calls its price. */
export interface PricedPlan {
  id: string;
  price: string;
}

/** A plan that is sold by the month. */
export async function givenPricedPlan(
  values: Insert<"plans"> = {},
): Promise<PricedPlan> {
  const { id } = must(
    await db.from("plans").insert({
      key: unique("plan"),
      name: "Plan",
      ...values,
    }).select("id").single(),
  );
  const price = stripeId("price");
  must(
    await db.from("plan_prices").insert({
      plan_id: id,
      billing_interval: "month",
      price_cents: 2900,
      stripe_price_id: price,
    }).select("id"),
  );
  return { id, price };
}

/** Puts a user on a plan, as the former function and admins did. */
export async function givePlan(
  user: Owner,
  plan: { id: string },
): Promise<void> {
  must(
    await db.from("profiles").update({ plan_id: plan.id }).eq("id", user.id)
      .select("id"),
  );
}

/** The plan that everybody has who pays for none. */
export async function freePlan(): Promise<string> {
  return must(
    await db.from("plans").select("id").eq("key", "free").single(),
  ).id;
}

/** A tier of the platform and its two prices. */
export interface Tier {
  id: string;
  annual: string;
  monthly: string;
}

/** A tier that organisations can subscribe to. */
export async function givenTier(): Promise<Tier> {
  const [annual, monthly] = [stripeId("price"), stripeId("price")];
  const { id } = must(
    await db.from("org_platform_tiers").insert({
      name: "Tier",
      slug: unique("tier"),
      stripe_annual_price_id: annual,
      stripe_monthly_price_id: monthly,
    }).select("id").single(),
  );
  return { id, annual, monthly };
}

/** A package of credits that users can buy. */
export async function givenPackage(credits: number): Promise<string> {
  return must(
    await db.from("credit_topup_packages").insert({
      name: "Package",
      slug: unique("package"),
      credit_value: credits,
      price_cents: 10_000,
    }).select("id").single(),
  ).id;
}

/** The purchase that the web app's function notes down when it opens a checkout. */
export async function givenPendingPurchase(
  owner: Owner,
  { session, credits, amount, currency = "eur", expiresAt }: {
    session: string;
    credits: number;
    amount: number;
    currency?: string;
    expiresAt: string;
  },
): Promise<void> {
  const purchase = {
    credits_purchased: credits,
    amount_cents: amount,
    currency,
    stripe_checkout_session_id: session,
    expires_at: expiresAt,
    status: "pending",
  };
  must(
    owner.type === "user"
      ? await db.from("user_credit_purchases")
        .insert({ user_id: owner.id, ...purchase }).select("id")
      : await db.from("org_credit_purchases")
        .insert({ organization_id: owner.id, ...purchase }).select("id"),
  );
}

/** What the web app's function puts on the checkout and on the subscription of an instalment purchase. */
export function instalmentMetadata(
  { user, packageId, credits, total, count, expiresAt }: {
    user: Owner;
    packageId: string;
    credits: number;
    total: number;
    count: number;
    expiresAt: string;
  },
): { session: Metadata; subscription: Metadata } {
  const session = {
    type: "credit_installment",
    user_id: user.id,
    package_id: packageId,
    credit_value: String(credits),
  };
  return {
    session,
    subscription: {
      ...session,
      total_amount_cents: String(total),
      installment_amount_cents: String(total / count),
      installment_count: String(count),
      expires_at: expiresAt,
      package_slug: "package",
    },
  };
}

/** Enrols a user for so many of their credits, as if they had done it themselves. */
export async function enrolFor(user: Owner, credits: number): Promise<void> {
  const program = await givenProgram({ credit_cost: credits });
  const result = must(
    await db.rpc("enroll_with_credits", {
      p_client_user_id: user.id,
      p_program_id: program.id,
    }),
  );
  if (!result.success) throw new Error(`not enrolled: ${result.code}`);
}
