import { assert, assertEquals } from "@std/assert";
import { callRpc } from "../support/credits.ts";
import { createPerson } from "../support/people.ts";
import { must } from "../support/rows.ts";
import { postgresTest, sqlTest, value } from "../support/sql.ts";
import { api, secretClient } from "../support/stack.ts";
import { stripeId } from "../support/stripe_account.ts";
import { SubscriptionLife } from "../support/stripe_subscriptions.ts";
import { givenPricedPlan, givenUser } from "../support/stripe_world.ts";
import { apply, attentionTo, newAccount, planOf } from "./stripe_events.ts";

const db = secretClient();
const account = newAccount();

/** A subscription to a price that nobody has entered yet. */
async function givenUnknownPrice() {
  const user = await givenUser();
  const price = stripeId("price");
  const life = new SubscriptionLife(account, {
    price,
    metadata: { type: "user_subscription", user_id: user.id },
  });
  return { user, price, life };
}

async function enterPrice(price: string): Promise<string> {
  const { id } = await givenPricedPlan();
  must(
    await db.from("plan_prices").update({ stripe_price_id: price })
      .eq("plan_id", id).select("id"),
  );
  return id;
}

Deno.test("an event is kept with what became of it", async () => {
  const { life } = await givenUnknownPrice();
  const event = life.updated("active");
  await apply(event);
  const row = must(
    await db.from("stripe_events").select().eq("id", event.id).single(),
  );
  assertEquals(
    [row.type, row.api_version, row.object_id, row.status, row.outcome],
    [event.type, event.api_version, life.id, "unmatched", "unknown_plan"],
  );
  assertEquals(Date.parse(row.created) / 1000, event.created);
  assertEquals(row.payload, JSON.parse(JSON.stringify(event)));
});

Deno.test("what nobody could place is shown, and replayed once the price is entered", async () => {
  const { user, price, life } = await givenUnknownPrice();
  const event = life.updated("active");
  await apply(event);
  assertEquals(await attentionTo(life.id), ["unmatched_event"]);

  const plan = await enterPrice(price);
  const replayed = must(
    await db.rpc("replay_stripe_event", { p_id: event.id }),
  );
  assertEquals([replayed.status, replayed.outcome], ["applied", "plan_set"]);
  assertEquals((await planOf(user)).plan, plan);
  assertEquals(await attentionTo(life.id), []);

  const again = must(await db.rpc("replay_stripe_event", { p_id: event.id }));
  assertEquals(again.status, "duplicate");
});

Deno.test("an event that Stripe is told to send again gets another chance, too", async () => {
  const { user, price, life } = await givenUnknownPrice();
  const event = life.updated("active");
  await apply(event);
  const plan = await enterPrice(price);
  await apply(event);
  assertEquals((await planOf(user)).plan, plan);
  assertEquals(await attentionTo(life.id), []);
});

Deno.test("types without an effect are kept and ignored, and an event that is none raises", async () => {
  const event = account.tell("customer.deleted", {
    id: stripeId("cus"),
    object: "customer",
  });
  const { status, outcome } = await apply({
    ...event,
    type: "product.created",
  });
  assertEquals([status, outcome], ["ignored", "type_not_handled"]);
  const { error } = await db.rpc("apply_stripe_event", {
    p_event: { id: "evt_without_an_object", type: "invoice.paid", created: 1 },
  });
  assertEquals(error?.code, "22023");
});

Deno.test("there is nothing to replay of an event that never came", async () => {
  const { status, outcome } = must(
    await db.rpc("replay_stripe_event", { p_id: stripeId("evt") }),
  );
  assertEquals([status, outcome], ["refused", "unknown_event"]);
});

sqlTest(
  "payloads go after 90 days, the rows stay, and cannot be replayed",
  async (sql) => {
    const event = account.tell("customer.deleted", {
      id: stripeId("cus"),
      object: "customer",
    });
    await sql.query(
      "select public.apply_stripe_event($1::text::jsonb, null, '2030-01-01')",
      [JSON.stringify(event)],
    );
    const kept = () =>
      value(
        sql,
        "select payload is not null from public.stripe_events where id = $1",
        [event.id],
      );
    await sql.query("select private.delete_stripe_payloads('2030-04-01')");
    assertEquals(await kept(), true);
    await sql.query("select private.delete_stripe_payloads('2030-04-02')");
    assertEquals(await kept(), false);
    assertEquals(
      await value(sql, "select (public.replay_stripe_event($1)).outcome", [
        event.id,
      ]),
      "payload_deleted",
    );
  },
);

postgresTest("pg_cron deletes payloads daily", async (sql) => {
  const jobs = await sql`
    select schedule, command from cron.job where jobname = 'stripe-payload-deletion'`;
  assertEquals([...jobs], [{
    schedule: "40 3 * * *",
    command: "select private.delete_stripe_payloads()",
  }]);
});

const TABLES = [
  "stripe_events",
  "stripe_subscriptions",
  "stripe_invoices",
  "stripe_checkouts",
  "stripe_payments",
  "stripe_charges",
  "stripe_disputes",
  "stripe_deleted_customers",
  "enrollment_payment_locks",
  "credit_debts",
  "stripe_attention",
];

Deno.test("admins read what Stripe told, users and visitors nothing, and nobody writes it", async () => {
  const { life } = await givenUnknownPrice();
  await apply(life.updated("active"));
  const [admin, user] = [
    await createPerson({ role: "admin" }),
    await createPerson(),
  ];
  for (const table of TABLES) {
    assertEquals((await read(table, admin.token)).status, 200, table);
    assertEquals((await read(table, user.token)).body, [], table);
  }
  const seen = must(
    await admin.client.from("stripe_attention").select("kind")
      .eq("stripe_id", life.id),
  );
  assertEquals(seen, [{ kind: "unmatched_event" }]);
  for (const client of [admin.client, db]) {
    // drift-ignore not-granted: the refusal is what is tested
    const { error } = await client.from("stripe_subscriptions")
      .update({ status: "active" }).eq("id", life.id);
    assertEquals(error?.code, "42501");
  }
});

Deno.test("only the service role applies and replays events", async () => {
  const admin = await createPerson({ role: "admin" });
  for (const token of [undefined, admin.token]) {
    for (
      const [name, args] of [
        ["apply_stripe_event", { p_event: {} }],
        ["replay_stripe_event", { p_id: "evt" }],
      ] as const
    ) {
      const { status } = await callRpc(name, args, token);
      assert([401, 403, 404].includes(status), `${name}: ${status}`);
    }
  }
});

/** One row of a table, as a signed-in user sees it. */
async function read(table: string, token: string) {
  const response = await fetch(`${api.url}/rest/v1/${table}?limit=1`, {
    headers: { apikey: api.publishableKey, Authorization: `Bearer ${token}` },
  });
  return { status: response.status, body: await response.json() };
}
