import { assertEquals } from "@std/assert";
import { type Owner, spend } from "../support/credits.ts";
import { Random } from "../support/random.ts";
import { must } from "../support/rows.ts";
import { postgresTest } from "../support/sql.ts";
import { realPostgres, secretClient } from "../support/stack.ts";
import {
  isInvoicePayment,
  StripeAccount,
  type StripeEvent,
  toldAgain,
} from "../support/stripe_account.ts";
import { beforeBasil } from "../support/stripe_before_basil.ts";
import { startStripeApi, type StripeApi } from "../support/stripe_api.ts";
import { type Customer, live } from "../support/stripe_chaos.ts";
import { type Gateway, startGateway } from "../support/stripe_gateway.ts";
import {
  type Balance,
  balanceOf,
  type Catalogue,
} from "../support/stripe_oracle.ts";
import { eachOf } from "../support/stripe_permutations.ts";
import { type State, stateOf } from "../support/stripe_state.ts";
import { START } from "../support/stripe_webhook.ts";
import {
  freePlan,
  givenOrg,
  givenPackage,
  givenPendingPurchase,
  givenPricedPlan,
  givenTier,
  givenUser,
} from "../support/stripe_world.ts";

const db = secretClient();
const EXPIRES_AT = new Date((START + 365 * 86_400) * 1000).toISOString();

postgresTest(
  "stripe-webhook keeps every balance right through 10,000 deliveries in chaos",
  () => chaos(10_000),
);

Deno.test({
  name:
    "stripe-webhook keeps every balance right through 200 deliveries in chaos",
  // beside the ten thousand these say nothing
  ignore: !realPostgres.ignore,
  fn: () => chaos(200),
});

/**
 * Tells many lives at once, each event up to three times, in no order, over connections and a database
 * that fail; then nothing may differ from what the oracle makes of the events. `STRIPE_CHAOS_SEED`
 * repeats a run's lives and order.
 */
async function chaos(deliveries: number): Promise<void> {
  const seed = Number(Deno.env.get("STRIPE_CHAOS_SEED")) ||
    Math.floor(Math.random() * 2 ** 31);
  console.log(`STRIPE_CHAOS_SEED=${seed}`);
  const random = new Random(seed);
  const faults = { on: false, database: 0, answer: 0, stripe: 0 };
  const fails = (where: "database" | "answer" | "stripe") => {
    if (!faults.on || !random.chance(0.05)) return false;
    faults[where]++;
    return true;
  };
  await using api = startStripeApi(() => fails("stripe"));
  await using gateway = await startGateway(api.url, {
    database: () =>
      fails("database")
        ? random.pick(["refused", "failed after", "dropped after"])
        : undefined,
    answer: () => fails("answer"),
  });
  const catalogue = await givenCatalogue();
  const customers = await givenCustomers(random, api, catalogue, deliveries);
  await eachOf(customers, (customer) => begin(customer, gateway));

  const told = deliveriesOf(random, customers, deliveries);
  faults.on = true;
  let attempts = 0;
  const started = performance.now();
  await eachOf(told, async (event) => {
    const tries = await gateway.deliverUntilTaken(event);
    attempts += tries;
  });
  faults.on = false;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${told.length} deliveries in ${attempts} attempts and ${seconds} s; failed: ${
      JSON.stringify(faults)
    }`,
  );

  await eachOf(customers, async ({ owner, account, purchases }) => {
    const expected = balanceOf(
      owner,
      account.events,
      [...account.objects.values()].filter(isInvoicePayment),
      purchases,
      catalogue,
    );
    const history = account.events.map(({ type, created }) =>
      `${created} ${type}`
    );
    assertEquals(
      shown(await stateOf(owner, account), owner),
      sorted(expected),
      `seed ${seed}, ${owner.type} ${owner.id}\n${history.join("\n")}`,
    );
  });
  assertEquals(await unsound(customers), []);
}

/**
 * Every event once and some up to twice more, so many in all, in any order. Now and then Stripe tells of a
 * change a second time under another id, and some endpoints were never brought up to date.
 */
function deliveriesOf(
  random: Random,
  customers: Customer[],
  count: number,
): StripeEvent[] {
  const events = customers.flatMap(({ account }) => {
    const isOld = random.chance(0.2);
    return account.events.map((event) =>
      isOld ? beforeBasil(event, account.objects) : event
    );
  });
  const again = random.shuffled([...events, ...events])
    .slice(0, count - events.length)
    .map((event) => random.chance(0.05) ? toldAgain(event) : event);
  return random.shuffled([...events, ...again]);
}

async function givenCatalogue(): Promise<Catalogue> {
  const free = await freePlan();
  const [lower, plan, higher, tier] = await Promise.all([
    givenPricedPlan({ tier_level: 2 }),
    givenPricedPlan({ tier_level: 3 }),
    givenPricedPlan({ tier_level: 4 }),
    givenTier(),
  ]);
  return {
    plans: new Map(
      [lower, plan, higher].map(({ id, price }) => [price, {
        id,
        fallback: free,
      }]),
    ),
    tiers: new Map([
      [tier.annual, { id: tier.id, period: "annual" }],
      [tier.monthly, { id: tier.id, period: "monthly" }],
    ]),
  };
}

/** So many owners that two of five deliveries are of an event not yet told. */
async function givenCustomers(
  random: Random,
  api: StripeApi,
  catalogue: Catalogue,
  deliveries: number,
): Promise<Customer[]> {
  const packageId = await givenPackage(120);
  const customers: Customer[] = [];
  for (let events = 0; events < deliveries * 0.4;) {
    const owners = await Promise.all(
      [givenUser, givenUser, givenUser, givenOrg].map((given) => given()),
    );
    for (const owner of owners) {
      const tick = random.pick([0, 1, 60, 3600]);
      const account = new StripeAccount(START, tick, api.objects);
      const customer = live(random, owner, account, catalogue, {
        packageId,
        expiresAt: EXPIRES_AT,
      });
      customers.push(customer);
      events += account.events.length;
    }
  }
  return customers;
}

/** What was bought, and partly spent, before the chaos. */
async function begin(
  { owner, before, purchases }: Customer,
  gateway: Gateway,
): Promise<void> {
  for (const { session, credits, amount } of purchases) {
    await givenPendingPurchase(owner, {
      session,
      credits,
      amount,
      expiresAt: EXPIRES_AT,
    });
  }
  for (const event of before) assertEquals(await gateway.deliver(event), 200);
  const spent = purchases.reduce((sum, it) => sum + it.spent, 0);
  if (spent > 0) assertEquals((await spend(owner, spent)).consumed, spent);
}

/** The part of a state that the oracle speaks of. */
function shown(state: State, { type }: Owner): Balance {
  const [subscription] = state.subscription;
  return sorted({
    plan: type === "user" ? state.plan[0] : undefined,
    subscription: subscription && {
      tier_id: subscription.tier_id,
      status: subscription.status,
      period: subscription.billing_period,
      end: subscription.current_period_end,
    },
    schedules: state.schedules.map((it) => ({
      paid: it.installments_paid,
      cents: it.amount_paid_cents,
      status: it.status,
    })),
    batches: state.batches.map((it) => ({ granted: it.original_amount })),
    left: state.batches.reduce((sum, { ledger }) => sum + ledger, 0),
    debt: state.debt,
  });
}

function sorted(balance: Balance): Balance {
  const rank = (row: object) => Object.values(row).join();
  const inOrder = <Row extends object>(rows: Row[]) =>
    rows.toSorted((a, b) => rank(a) < rank(b) ? -1 : 1);
  return {
    ...balance,
    schedules: inOrder(balance.schedules),
    batches: inOrder(balance.batches),
  };
}

/** What is wrong in the ledger of these owners. */
async function unsound(customers: Customer[]): Promise<string[]> {
  const violations = must(await db.rpc("check_credit_ledger"));
  const subjects = violations.map(({ subject_id }) => subject_id);
  const owners = customers.map(({ owner }) => owner.id);
  const [batches, spends] = await Promise.all([
    db.from("credit_batches").select("id, owner_id").in("id", subjects),
    db.from("credit_spends").select("id, owner_id").in("id", subjects),
  ]);
  const ours = [...must(batches), ...must(spends)]
    .filter(({ owner_id }) => owners.includes(owner_id)).map(({ id }) => id);
  return violations.filter(({ subject_id }) => ours.includes(subject_id))
    .map(({ violation }) => violation);
}
