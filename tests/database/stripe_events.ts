import type { Json } from "../../supabase/functions/_shared/database.types.ts";
import type { Owner } from "../support/credits.ts";
import { must } from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import { StripeAccount, type StripeEvent } from "../support/stripe_account.ts";

const db = secretClient();

/** Ten days ago, at midnight: what Stripe tells of has happened. */
export const START = Math.floor(Date.now() / 86_400_000) * 86_400 - 864_000;

/** A Stripe account of a test's own. */
export function newAccount(now = START): StripeAccount {
  return new StripeAccount(now);
}

/** What the inbox made of it, when it asked for nothing of Stripe's. */
export async function apply(
  event: StripeEvent,
  { fetched, now }: { fetched?: unknown; now?: Date } = {},
) {
  return must(
    await db.rpc("apply_stripe_event", {
      p_event: asJson(event),
      ...(fetched === undefined ? {} : { p_fetched: asJson(fetched) }),
      ...(now ? { p_now: now.toISOString() } : {}),
    }),
  );
}

/** Applies these one after another. The outcomes, as `status outcome`. */
export async function applyAll(events: StripeEvent[]): Promise<string[]> {
  const outcomes: string[] = [];
  for (const event of events) {
    const { status, outcome } = await apply(event);
    outcomes.push(`${status} ${outcome}`);
  }
  return outcomes;
}

/** What Stripe answers when it is asked which invoice a payment intent paid. */
export function invoicePaymentsOf(
  account: StripeAccount,
  paymentIntent: unknown,
): unknown {
  const data = [...account.objects.values()].filter((object) =>
    object.object === "invoice_payment" &&
    JSON.stringify(object).includes(String(paymentIntent))
  );
  return { object: "list", data };
}

/** The user's plan. */
export async function planOf({ id }: { id: string }) {
  const { plan_id, plan_expires_at } = must(
    await db.from("profiles").select("plan_id, plan_expires_at").eq("id", id)
      .single(),
  );
  return {
    plan: plan_id,
    expires: plan_expires_at && Date.parse(plan_expires_at) / 1000,
  };
}

/** The organisation's platform subscription. */
export async function subscriptionOf({ id }: Owner) {
  return must(
    await db.from("org_platform_subscriptions").select()
      .eq("organization_id", id).single(),
  );
}

/** The schedules of a subscription that count. */
export async function schedulesOf(subscription: string) {
  return must(
    await db.from("payment_schedules").select()
      .eq("stripe_subscription_id", subscription).is("duplicate_of", null),
  );
}

/** The kinds of what needs a person because of these ids of Stripe's or rows of ours. */
export async function attentionTo(...ids: string[]): Promise<string[]> {
  const rows = must(
    await db.from("stripe_attention").select("kind, subject, stripe_id").or(
      `subject.in.(${ids}),stripe_id.in.(${ids})`,
    ).order("kind"),
  );
  return rows.map(({ kind }) => String(kind));
}

/** What an owner owes: credits that nobody has settled. */
export async function debtOf({ id }: { id: string }): Promise<number> {
  const rows = must(
    await db.from("credit_debts").select("credits").eq("owner_id", id)
      .is("settled_at", null),
  );
  return rows.reduce((sum, { credits }) => sum + credits, 0);
}

/** The enrolments' payment statuses, in the order in which they were made. */
export async function statusesOf({ id }: { id: string }) {
  const rows = must(
    await db.from("client_enrollments").select("payment_status")
      .eq("client_user_id", id).order("created_at"),
  );
  return rows.map(({ payment_status }) => payment_status);
}

/** An event whose object has other values. */
export function changed<Event extends StripeEvent>(
  event: Event,
  values: Record<string, unknown>,
): Event {
  Object.assign(event.data.object, values);
  return event;
}

/** A value as JSON carries it. */
export function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}
