import { assertEquals } from "@std/assert";
import { readMigrations } from "../../stack/migrations.ts";
import { MIGRATIONS_DIR } from "../../stack/paths.ts";
import { onFreshDatabase, type Session, value } from "../support/sql.ts";
import type { StripeEvent } from "../support/stripe_account.ts";
import { SubscriptionLife } from "../support/stripe_subscriptions.ts";
import { newAccount } from "./stripe_events.ts";

const FIRST_OF_STRIPE = "20260326112918";
const USER = "00000000-0000-4000-8000-000000000001";

/** What redeliveries and returning browsers left behind when there were no keys. */
const LEFT_BEHIND = `
insert into auth.users (id, email) values ('${USER}', 'buyer@example.com');
insert into public.user_credit_purchases
  (user_id, credits_purchased, amount_cents, stripe_checkout_session_id, status, notes, created_at)
values
  ('${USER}', 10, 100, 'cs_twice', 'pending', null, '2026-01-01'),
  ('${USER}', 10, 100, 'cs_twice', 'completed', null, '2026-01-02'),
  ('${USER}', 10, 100, 'cs_twice', 'completed', 'by hand', '2026-01-03'),
  ('${USER}', 10, 100, 'cs_once', 'pending', null, '2026-01-04'),
  ('${USER}', 10, 100, null, 'completed', null, '2026-01-05'),
  ('${USER}', 10, 100, null, 'completed', null, '2026-01-06');
insert into public.plans (id, key, name, tier_level) values ('${USER}', 'sold', 'Sold', 3);
insert into public.plan_prices (plan_id, billing_interval, price_cents, stripe_price_id)
values ('${USER}', 'month', 1000, 'price_of_plan');
update public.profiles set plan_id = '${USER}' where id = '${USER}';
insert into public.organizations (id, name, slug) values ('${USER}', 'Org', 'org');
insert into public.org_credit_purchases
  (organization_id, credits_purchased, amount_cents, stripe_checkout_session_id, status)
values ('${USER}', 10, 100, 'cs_org', 'pending'), ('${USER}', 10, 100, 'cs_org', 'pending');
insert into public.programs (id, slug, name, category) values ('${USER}', 'p', 'P', 'cta');
insert into public.client_enrollments (id, client_user_id, program_id)
values ('${USER}', '${USER}', '${USER}');
insert into public.payment_schedules
  (enrollment_id, user_id, stripe_subscription_id, total_amount_cents, installment_count,
   installment_amount_cents, installments_paid, amount_paid_cents, credits_granted)
values
  ('${USER}', '${USER}', 'sub_twice', 30000, 3, 10000, 1, 10000, 300),
  ('${USER}', '${USER}', 'sub_twice', 30000, 3, 10000, 2, 20000, 300);
`;

Deno.test("rows that share a session or a subscription are kept, and one stands for them", async () => {
  await onProduction(async (sql) => {
    const purchases = await sql.query(
      `select stripe_checkout_session_id as session, status, notes, duplicate_of is not null as is_duplicate
       from public.user_credit_purchases
       order by is_duplicate, stripe_checkout_session_id nulls last, status desc`,
    );
    const note = "Checkout session cs_twice";
    assertEquals(purchases.map((row) => Object.values(row)), [
      ["cs_once", "pending", null, false],
      ["cs_twice", "completed", null, false],
      [null, "completed", null, false],
      [null, "completed", null, false],
      [null, "pending", note, true],
      [null, "completed", `by hand ${note}`, true],
    ]);
    assertEquals(
      await value(
        sql,
        "select count(*)::int from public.org_credit_purchases where duplicate_of is not null",
      ),
      1,
    );
    assertEquals(
      await sql.query(
        `select installments_paid, status, duplicate_of is null as counts from public.payment_schedules
         order by counts`,
      ),
      [
        { installments_paid: 1, status: "cancelled", counts: false },
        { installments_paid: 2, status: "active", counts: true },
      ],
    );
  });
});

Deno.test("payments that were counted before the facts begin stay counted, once", async () => {
  await onProduction(async (sql) => {
    const life = new SubscriptionLife(newAccount(), {
      price: "price_of_instalments",
      metadata: {
        type: "credit_installment",
        user_id: USER,
        credit_value: "300",
      },
    });
    const take = async (event: StripeEvent) =>
      await value(
        sql,
        "select (public.apply_stripe_event($1::text::jsonb)).outcome",
        [JSON.stringify(event).replaceAll(life.id, "sub_twice")],
      );
    const paid = () =>
      sql.query(
        `select installments_paid, amount_paid_cents, status from public.payment_schedules
         where duplicate_of is null`,
      );

    const before = life.paid(10_000).event; // ten days ago
    assertEquals(await take(before), "schedule_active");
    assertEquals(await paid(), [
      { installments_paid: 2, amount_paid_cents: 20000, status: "active" },
    ]);

    const { event, invoice } = life.paid(10_000);
    const now = Math.ceil(Date.now() / 1000) + 60;
    Object.assign(invoice.status_transitions, { paid_at: now });
    Object.assign(event.data.object, invoice);
    assertEquals(await take(event), "schedule_completed");
    assertEquals(await paid(), [
      { installments_paid: 3, amount_paid_cents: 30000, status: "completed" },
    ]);
    assertEquals(
      await value(sql, "select count(*)::int from public.credit_batches"),
      0,
      "whether those credits were granted is not known here",
    );
  });
});

Deno.test("a plan that may have been Stripe's when the facts begin ends with a subscription from before, once and for all", async () => {
  await onProduction(async (sql) => {
    const plan = () =>
      value(
        sql,
        `select plan.key from public.profiles p join public.plans plan on plan.id = p.plan_id
         where p.id = '${USER}'`,
      );
    assertEquals(await plan(), "sold");
    const life = new SubscriptionLife(newAccount(), {
      price: "price_of_plan",
      metadata: { type: "user_subscription", user_id: USER },
    });
    const end = life.deleted();
    for (const id of [end.id, "evt_again"]) {
      await sql.query("select public.apply_stripe_event($1::text::jsonb)", [
        JSON.stringify({ ...end, id }),
      ]);
      assertEquals(await plan(), "free");
    }
  });
});

/** Runs Stripe's migrations on what was left behind, and then `work`. */
async function onProduction(
  work: (sql: Session) => Promise<void>,
): Promise<void> {
  const migrations = await readMigrations(MIGRATIONS_DIR);
  const folder = await Deno.makeTempDir();
  for (const { file, version, sql } of migrations) {
    if (version < FIRST_OF_STRIPE) {
      await Deno.writeTextFile(`${folder}/${file}`, sql);
    }
  }
  await onFreshDatabase({ migrations: folder }, async (database) => {
    await database.transaction((sql) => sql.script(LEFT_BEHIND));
    for (const { sql, version } of migrations) {
      if (version < FIRST_OF_STRIPE) continue;
      await database.transaction((session) => session.script(sql));
    }
    await database.transaction(work);
  });
}
