import { assert, assertEquals } from "@std/assert";
import { createPerson } from "../support/people.ts";
import { must } from "../support/rows.ts";
import { api } from "../support/stack.ts";
import { type Session, sqlTest, value } from "../support/sql.ts";
import {
  StripeAccount,
  type StripeEvent,
  stripeId,
} from "../support/stripe_account.ts";
import { SubscriptionLife } from "../support/stripe_subscriptions.ts";
import {
  batchesOf,
  givenBatch,
  givenOrganization,
  givenUser,
  givePlan,
  maintain,
  type Owner,
  rolloversOf,
  spend,
} from "./credit_maintenance_owners.ts";

/** Shortly after March has closed. */
const FIRST = "2031-04-01T00:10Z";
const LAST_MINUTE = Date.UTC(2031, 2, 31, 23, 59) / 1000;

sqlTest(
  "a plan that is bought once the month is over carries nothing over of it",
  async (sql) => {
    const newcomer = await givenUser(sql, { allowance: null });
    const holder = await givenUser(sql, { createdAt: "2020-01-01T00:00Z" });
    await held(sql, holder, "2020-01-01T00:00Z");
    const { price, metadata } = await givenPrice(sql, newcomer, 1000);
    const account = new StripeAccount(Math.floor(Date.now() / 1000));
    const life = new SubscriptionLife(account, { price, metadata });
    await apply(sql, life.updated("active"));

    await maintain(sql, new Date().toISOString());
    assertEquals(await rolloversOf(sql, newcomer), []);
    assertEquals((await rolloversOf(sql, holder)).map(([amount]) => amount), [
      20,
    ]);
  },
);

sqlTest(
  "a plan carries over of the days of the month on which it was held",
  async (sql) => {
    const cases: [since: string, used: number, carried: number][] = [
      ["2031-02-28T23:59Z", 0, 155],
      ["2031-03-01T23:59Z", 0, 155],
      ["2031-03-11T00:05Z", 0, 105],
      ["2031-03-11T00:05Z", 150, 60],
      ["2031-03-11T00:05Z", 210, 0],
      ["2031-03-31T23:59Z", 0, 5],
      ["2031-04-01T00:00Z", 0, 0],
      ["2031-04-01T00:05Z", 0, 0],
    ];
    const users: Owner[] = [];
    for (const [since, used] of cases) {
      const user = await givenUser(sql, { allowance: 310 });
      await held(sql, user, since);
      if (used > 0) await spend(sql, user, used, "2031-03-31T23:59:30Z");
      users.push(user);
    }
    await maintain(sql, FIRST);
    for (const [index, [since, , carried]] of cases.entries()) {
      assertEquals(
        await rolloversOf(sql, users[index]!),
        carried === 0 ? [] : [[carried, "2031-05-01"]],
        since,
      );
    }
  },
);

sqlTest(
  "a trial carries nothing over, and what follows it only from then on",
  async (sql) => {
    const cases: {
      trial: [starts: number, ends: number];
      paid: boolean;
      carried: number;
    }[] = [
      { trial: [LAST_MINUTE, day(14)], paid: false, carried: 0 },
      { trial: [LAST_MINUTE - 20 * 86_400, day(14)], paid: false, carried: 0 },
      { trial: [LAST_MINUTE - 20 * 86_400, day(0)], paid: true, carried: 0 },
      { trial: [day(-26), day(-10)], paid: true, carried: 50 },
    ];
    for (const { trial: [starts, ends], paid, carried } of cases) {
      const user = await givenUser(sql, { allowance: null });
      const { price, metadata } = await givenPrice(sql, user, 310);
      const account = new StripeAccount(starts);
      const life = new SubscriptionLife(account, { price, metadata });
      await apply(sql, withTrial(life.updated("trialing"), ends));
      if (paid) await apply(sql, withTrial(life.updated("active"), ends));
      await sql.query(
        "update public.profiles set plan_expires_at = null where id = $1",
        [user.id],
      );
      await maintain(sql, FIRST);
      await sql.query("delete from public.maintenance_runs");
      assertEquals(
        await rolloversOf(sql, user),
        carried === 0 ? [] : [[carried, "2031-05-01"]],
      );
    }
  },
);

sqlTest(
  "a trial of which only the status is known carries nothing over",
  async (sql) => {
    const user = await givenUser(sql, { allowance: null });
    const { price, metadata } = await givenPrice(sql, user, 310);
    const account = new StripeAccount(LAST_MINUTE);
    const life = new SubscriptionLife(account, { price, metadata });
    await apply(sql, life.updated("trialing"));
    await maintain(sql, FIRST);
    assertEquals(await rolloversOf(sql, user), []);
  },
);

sqlTest(
  "a plan holds since it was given; a renewal, three days late at most, changes nothing",
  async (sql) => {
    const user = await givenUser(sql);
    const since = async () =>
      await value(
        sql,
        "select plan_since::text from public.profiles where id = $1",
        [user.id],
      );
    const now = await value(sql, "select now()::text");
    assertEquals(await since(), now);

    await held(sql, user, "2026-01-01");
    for (
      const [before, after, isNew] of [
        ["now() - interval '2 days'", "now() + interval '1 month'", false],
        ["now() - interval '2 days'", "null", false],
        ["now() - interval '4 days'", "now() - interval '3 days'", false],
        ["now() - interval '4 days'", "now() + interval '1 month'", true],
        ["now() - interval '4 days'", "null", true],
        ["null", "now() + interval '1 month'", false],
      ] as const
    ) {
      await renew(before);
      await held(sql, user, "2026-01-01");
      await renew(after);
      assertEquals(await since() === now, isNew, `${before} to ${after}`);
    }
    await held(sql, user, "2026-01-01");
    await givePlan(sql, user, 40);
    assertEquals(await since(), now);

    async function renew(until: string) {
      await sql.query(
        `update public.profiles set plan_expires_at = ${until} where id = $1`,
        [user.id],
      );
    }
  },
);

Deno.test("nobody says since when their own plan holds", async () => {
  const person = await createPerson();
  const response = await fetch(
    `${api.url}/rest/v1/profiles?id=eq.${person.id}`,
    {
      method: "PATCH",
      headers: {
        apikey: api.publishableKey,
        Authorization: `Bearer ${person.token}`,
        "Content-Type": "application/json",
      },
      body: JSON.stringify({ plan_since: "2000-01-01" }),
    },
  );
  assertEquals([response.status, (await response.json()).code], [403, "42501"]);
  const { plan_since } = must(
    await person.client.from("profiles").select("plan_since")
      .eq("id", person.id).single(),
  );
  assertEquals(plan_since, null);
});

sqlTest(
  "an organisation carries over of the days since its allowance was granted",
  async (sql) => {
    const cases: [grantedAt: string, used: number, carried: number][] = [
      ["2031-03-01T23:59Z", 0, 155],
      ["2031-03-11T00:10Z", 0, 105],
      ["2031-03-11T00:10Z", 200, 10],
      ["2031-03-11T00:10Z", 210, 0],
      ["2031-03-31T23:59Z", 0, 5],
    ];
    const owners: Owner[] = [];
    for (const [grantedAt, used] of cases) {
      const owner = await givenOrganization(sql, { allowance: null });
      await givenBatch(sql, owner, {
        source: "subscription",
        amount: 310,
        grantedAt,
        expiresAt: "2031-04-01T00:00Z",
      });
      if (used > 0) await spend(sql, owner, used, "2031-03-31T23:59:30Z");
      owners.push(owner);
    }
    await maintain(sql, FIRST);
    for (const [index, [grantedAt, , carried]] of cases.entries()) {
      const owner = owners[index]!;
      assertEquals(
        await rolloversOf(sql, owner),
        carried === 0 ? [] : [[carried, "2031-05-01"]],
        grantedAt,
      );
      assertEquals((await batchesOf(sql, owner))[0]?.remaining, 0);
    }
  },
);

/** So many days after March's end. */
function day(days: number): number {
  return Date.UTC(2031, 3, 1) / 1000 + days * 86_400;
}

function withTrial(event: StripeEvent, ends: number): StripeEvent {
  Object.assign(event.data.object, { trial_end: ends });
  return event;
}

async function apply(sql: Session, event: StripeEvent): Promise<void> {
  const outcome = await value(
    sql,
    "select (public.apply_stripe_event($1::text::jsonb)).outcome",
    [JSON.stringify(event)],
  );
  assert(outcome === "plan_set" || outcome === "plan_unchanged");
}

/** A price of a plan of so many credits, and the metadata of its checkout. */
async function givenPrice(
  sql: Session,
  { id }: Owner,
  allowance: number,
): Promise<{ price: string; metadata: Record<string, string> }> {
  const price = stripeId("price");
  await sql.query(
    `with plan as (
       insert into public.plans (key, name, credit_allowance) values ($1, 'Plan', $2) returning id
     )
     insert into public.plan_prices (plan_id, billing_interval, price_cents, stripe_price_id)
     select plan.id, 'month', 2900, $1 from plan`,
    [price, allowance],
  );
  return { price, metadata: { type: "user_subscription", user_id: id } };
}

async function held(
  sql: Session,
  { id }: Owner,
  since: string,
): Promise<void> {
  await sql.query("update public.profiles set plan_since = $2 where id = $1", [
    id,
    since,
  ]);
}
