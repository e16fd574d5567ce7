import type { Owner } from "./credits.ts";
import { must } from "./rows.ts";
import { secretClient } from "./stack.ts";
import type { StripeAccount } from "./stripe_account.ts";

const db = secretClient();

const PURCHASE =
  "status, credits_purchased, amount_cents, currency, expires_at, package_id, stripe_checkout_session_id, stripe_payment_intent_id";

/** All rows of an owner that Stripe's events may change. */
export type State = Awaited<ReturnType<typeof rowsOf>>;

/**
 * The rows of an owner for a comparison with those of others to whom the same happened: ids that each
 * has for itself are numbered, and what only says when a row was written is left out.
 */
export async function stateOf(
  owner: Owner,
  account: StripeAccount,
): Promise<State> {
  const rows = JSON.stringify(await rowsOf(owner));
  return JSON.parse(
    masked(rows, owner, account),
    (_key, value) => Array.isArray(value) ? sorted(value) : instant(value),
  );
}

async function rowsOf({ type, id }: Owner) {
  const [
    plan,
    subscription,
    schedules,
    purchases,
    batches,
    ledger,
    debts,
    enrolments,
  ] = await Promise.all([
    db.from("profiles").select("plan_id, plan_expires_at").eq("id", id),
    db.from("org_platform_subscriptions").select(
      "tier_id, stripe_subscription_id, stripe_customer_id, billing_period, current_period_start, current_period_end, status, canceled_at",
    ).eq("organization_id", id),
    db.from("payment_schedules").select(
      "stripe_subscription_id, stripe_customer_id, total_amount_cents, currency, installment_count, installment_amount_cents, installments_paid, amount_paid_cents, next_payment_date, started_at, completed_at, cancelled_at, status, credits_granted, credit_package_id",
    ).eq("user_id", id),
    type === "user"
      ? db.from("user_credit_purchases").select(PURCHASE).eq("user_id", id)
      : db.from("org_credit_purchases").select(PURCHASE)
        .eq("organization_id", id),
    db.from("credit_batches").select(
      "id, original_amount, remaining_amount, expires_at, source_type",
    ).eq("owner_type", type).eq("owner_id", id),
    db.from("credit_ledger").select("batch_id, amount")
      .eq("owner_type", type).eq("owner_id", id),
    db.from("credit_debts").select("credits")
      .eq("owner_type", type).eq("owner_id", id).is("settled_at", null),
    db.from("client_enrollments").select("final_credit_cost, payment_status")
      .eq("client_user_id", id),
  ]);
  return {
    plan: must(plan),
    subscription: must(subscription),
    schedules: must(schedules),
    purchases: must(purchases),
    batches: must(batches).map(({ id, ...batch }) => ({
      ...batch,
      ledger: must(ledger).filter(({ batch_id }) => batch_id === id)
        .reduce((sum, { amount }) => sum + amount, 0),
    })),
    debt: must(debts).reduce((sum, { credits }) => sum + credits, 0),
    enrolments: must(enrolments),
  };
}

/** The one way to write an instant: PostgreSQL has others. */
function instant(value: unknown): unknown {
  return typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value)
    ? new Date(value).toISOString()
    : value;
}

function sorted<Row>(rows: Row[]): Row[] {
  return rows.toSorted((a, b) =>
    JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
  );
}

/** Numbers Stripe's ids by kind, in the order in which the account made them. */
function masked(text: string, owner: Owner, account: StripeAccount): string {
  const counts: Record<string, number> = {};
  const ids = new Set(
    JSON.stringify([...account.objects.values()])
      .match(/\b[a-z_]+_[0-9a-f]{24}\b/g),
  );
  for (const id of ids) {
    const kind = id.slice(0, id.lastIndexOf("_"));
    counts[kind] = (counts[kind] ?? 0) + 1;
    text = text.replaceAll(id, `${kind} ${counts[kind]}`);
  }
  return text.replaceAll(owner.id, owner.type);
}
