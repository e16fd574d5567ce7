import { unique } from "../support/rows.ts";
import { value } from "../support/sql.ts";
import { stripeId } from "../support/stripe_account.ts";
import { SubscriptionLife } from "../support/stripe_subscriptions.ts";
import { assertCheck, type Cases } from "./operations_checks.ts";
import { address, signUp } from "./profile_sync_users.ts";
import { newAccount } from "./stripe_events.ts";

/** What waits for somebody, and how operations_health tells. */
export const INBOXES: Cases = {
  "stripe_inbox is amber while an event finds no plan, red after a day, green once it is replayed":
    async (sql) => {
      const user = await signUp(sql, { email: address() });
      const price = stripeId("price");
      const event = new SubscriptionLife(newAccount(), {
        price,
        metadata: { type: "user_subscription", user_id: user },
      }).updated("active");
      await sql.query(
        "select public.apply_stripe_event($1::text::jsonb, p_now => now())",
        [JSON.stringify(event)],
      );
      const waits = (status: string): [string, number, string] => [
        status,
        1,
        "unmatched_event",
      ];
      await assertCheck(sql, "stripe_inbox", waits("amber"));
      await assertCheck(sql, "stripe_inbox", waits("red"), "25 hours");

      const plan = await value(
        sql,
        "insert into public.plans (key, name) values ($1, 'Plan') returning id",
        [unique("plan")],
      );
      await sql.query(
        `insert into public.plan_prices (plan_id, billing_interval, price_cents, stripe_price_id)
         values ($1, 'month', 2900, $2)`,
        [plan, price],
      );
      await sql.query("select public.replay_stripe_event($1)", [event.id]);
      await assertCheck(sql, "stripe_inbox", ["green", 0, null], "25 hours");
    },

  "calcom_inbox is amber while a booking waits, red once its session is near":
    async (sql) => {
      const lineage = await value(
        sql,
        "insert into public.calcom_lineages default values returning id",
      );
      await sql.query(
        `insert into public.calcom_reviews (lineage_id, booking_uid, missing, starts_at)
         values ($1, 'booking', '{module_unknown}', now() + interval '3 days')`,
        [lineage],
      );
      const waits = (status: string): [string, number, string] => [
        status,
        1,
        "module_unknown",
      ];
      await assertCheck(sql, "calcom_inbox", waits("amber"));
      await assertCheck(sql, "calcom_inbox", waits("red"), "49 hours");
      await sql.query(
        "update public.calcom_reviews set resolved_at = now(), resolution = 'dismissed'",
      );
      await assertCheck(sql, "calcom_inbox", ["green", 0, null], "49 hours");
    },

  "calcom_inbox is amber for a day after a delivery was refused": async (
    sql,
  ) => {
    await sql.query(
      "select public.log_calcom_refusal('FORM_SUBMITTED', 'a form', '{}')",
    );
    await assertCheck(sql, "calcom_inbox", ["amber", 1, "refused"]);
    await assertCheck(sql, "calcom_inbox", ["green", 0, null], "25 hours");
  },

  "email_queue is amber and then red while nobody sends, amber while a mail is dead":
    async (sql) => {
      await sql.query(
        `insert into public.email_queue (recipient_email, template_key, scheduled_for)
         values ($1, 'no such template', now())`,
        [address()],
      );
      await assertCheck(sql, "email_queue", ["green", 0, null]);
      await assertCheck(sql, "email_queue", [
        "amber",
        0,
        "waiting",
      ], "6 minutes");
      await assertCheck(sql, "email_queue", [
        "red",
        0,
        "waiting",
      ], "16 minutes");

      await sql.query("select public.claim_emails()");
      await assertCheck(
        sql,
        "email_queue",
        ["amber", 1, "dead"],
        "16 minutes",
      );
      await sql.query(
        "update public.email_queue set status = 'suppressed' where status = 'dead'",
      );
      await assertCheck(sql, "email_queue", ["green", 0, null], "16 minutes");
    },
};
