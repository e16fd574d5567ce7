import { assertEquals } from "@std/assert";
import type postgres from "postgres";
import { postgresTest } from "../support/sql.ts";
import {
  StripeAccount,
  type StripeEvent,
  toldAgain,
} from "../support/stripe_account.ts";
import { startStripeApi } from "../support/stripe_api.ts";
import { type Gateway, startGateway } from "../support/stripe_gateway.ts";
import { PaymentLife, refunded } from "../support/stripe_payments.ts";
import { type State, stateOf } from "../support/stripe_state.ts";
import { SubscriptionLife } from "../support/stripe_subscriptions.ts";
import { START } from "../support/stripe_webhook.ts";
import type { Owner } from "../support/credits.ts";
import {
  givenPackage,
  givenPendingPurchase,
  givenUser,
  instalmentMetadata,
} from "../support/stripe_world.ts";

const CREDITS = 300;
const EXPIRES = new Date((START + 365 * 86_400) * 1000).toISOString();

raceTest(
  "100 parallel deliveries of one purchase: one grant, a hundred 2xx",
  async (gateway, account) => {
    const { owner, life } = await payment(account);
    const event = life.completed();
    const statuses = await together(gateway, Array(100).fill(event));
    assertEquals(statuses, Array(100).fill(200));
    return { owner, granted: [CREDITS] };
  },
);

raceTest(
  "100 parallel deliveries of one first instalment: one grant, one payment",
  async (gateway, account) => {
    const { owner, life } = await instalments(account);
    const { event } = life.paid(5_000, { reason: "subscription_create" });
    const statuses = await together(gateway, Array(100).fill(event));
    assertEquals(statuses, Array(100).fill(200));
    return { owner, granted: [CREDITS], paid: 1 };
  },
);

raceTest(
  "one instalment under two event ids, and by its checkout: one grant, one payment",
  async (gateway, account) => {
    const { owner, life, checkout } = await instalments(account);
    const first = life.paid(5_000, { reason: "subscription_create" }).event;
    const told = [first, toldAgain(first), checkout(), life.created("active")];
    const statuses = await together(gateway, repeated(told, 10));
    assertEquals(statuses, Array(40).fill(200));
    return { owner, granted: [CREDITS], paid: 1 };
  },
);

raceTest(
  "one refund under two event ids: one reversal",
  async (gateway, account) => {
    const { owner, life } = await payment(account);
    const refund = refunded(account, life.charge, 5_000);
    const told = [life.completed(), refund, toldAgain(refund)];
    const statuses = await together(gateway, repeated(told, 10));
    assertEquals(statuses, Array(30).fill(200));
    return { owner, granted: [CREDITS / 2] };
  },
);

raceTest(
  "three instalments and the checkout at once: one grant, three payments",
  async (gateway, account) => {
    const { owner, life, checkout } = await instalments(account);
    const told = [
      checkout(),
      life.paid(5_000, { reason: "subscription_create" }).event,
      life.paid(5_000).event,
      life.paid(5_000).event,
      life.deleted(),
    ];
    const statuses = await together(gateway, repeated(told, 8));
    assertEquals(statuses, Array(40).fill(200));
    return { owner, granted: [CREDITS], paid: 3 };
  },
);

raceTest(
  "the browser's confirmation while it is being written: one grant",
  async (gateway, account, sql) => {
    const { owner, life } = await payment(account);
    const event = life.completed();
    const answer = await sql.begin(async (browser) => {
      await browser`
        select public.grant_credit_batch(
          'user', ${owner.id}, ${CREDITS}, ${EXPIRES}, 'purchase',
          p_source_reference_id => ${life.id},
          p_idempotency_key => ${`purchase:${life.id}`}
        )`;
      const answer = gateway.deliver(event);
      await answeredOrWaiting(answer, sql);
      return { answer }; // in an object, so that the transaction does not wait for it
    });
    assertEquals(await answer.answer, 200);
    return { owner, granted: [CREDITS] };
  },
);

/** What must be there in the end. */
interface Outcome {
  owner: Owner;
  /** What is left of each batch. */
  granted: number[];
  /** Instalments counted. */
  paid?: number;
}

function raceTest(
  name: string,
  run: (
    gateway: Gateway,
    account: StripeAccount,
    sql: postgres.Sql,
  ) => Promise<Outcome>,
): void {
  postgresTest(`stripe-webhook: ${name}`, async (sql) => {
    await using api = startStripeApi();
    await using gateway = await startGateway(api.url);
    await gateway.deliver("{}"); // it starts at its first request, which is no race
    const account = new StripeAccount(START, 60, api.objects);
    const { owner, granted, paid } = await run(
      gateway,
      account,
      sql,
    );
    const state: State = await stateOf(owner, account);
    assertEquals(state.batches.map(({ ledger }) => ledger), granted);
    assertEquals(
      state.schedules.map((it) => it.installments_paid),
      paid === undefined ? [] : [paid],
    );
  });
}

/** Until the webhook has answered, or its call waits for another transaction. */
async function answeredOrWaiting(
  answer: Promise<number>,
  sql: postgres.Sql,
): Promise<void> {
  let isWaiting = false;
  const stop = () => isWaiting = true;
  answer.then(stop, stop);
  while (!isWaiting) {
    const [call] = await sql`
      select from pg_stat_activity
      where wait_event_type = 'Lock' and query like '%apply_stripe_event%'`;
    isWaiting ||= call !== undefined;
  }
}

async function together(
  gateway: Gateway,
  events: StripeEvent[],
): Promise<number[]> {
  return await Promise.all(events.map((event) => gateway.deliver(event)));
}

function repeated(events: StripeEvent[], times: number): StripeEvent[] {
  return Array.from({ length: times }, () => events).flat();
}

async function payment(account: StripeAccount) {
  const owner = await givenUser();
  const life = new PaymentLife(account, { amount: 10_000 });
  await givenPendingPurchase(owner, {
    session: life.id,
    credits: CREDITS,
    amount: 10_000,
    expiresAt: EXPIRES,
  });
  return { owner, life };
}

async function instalments(account: StripeAccount) {
  const owner = await givenUser();
  const { session, subscription } = instalmentMetadata({
    user: owner,
    packageId: await givenPackage(CREDITS),
    credits: CREDITS,
    total: 15_000,
    count: 3,
    expiresAt: EXPIRES,
  });
  const life = new SubscriptionLife(account, {
    price: "price_of_instalments",
    metadata: subscription,
  });
  return {
    owner,
    life,
    checkout: () =>
      life.checkout(session, { amount_total: 5_000, currency: "eur" }),
  };
}
