import { assertEquals, assertExists } from "@std/assert";
import type { Owner } from "./credits.ts";
import { api } from "./stack.ts";
import type { StripeAccount, StripeEvent } from "./stripe_account.ts";
import { beforeBasil } from "./stripe_before_basil.ts";
import { type State, stateOf } from "./stripe_state.ts";
import { type Surroundings, webhookTest } from "./stripe_webhook.ts";

/** Something that Stripe tells of, to be told in any order. */
export interface Life {
  owner: Owner;
  /** Told first, and in this order. */
  before?: StripeEvent[];
  /** Done after that. */
  meanwhile?: () => Promise<void>;
  events: StripeEvent[];
  /** What must be there in the end, whichever order it was; of each row the columns that matter. */
  expected: Expected;
}

/** Some tables of a state, some columns of their rows. */
export type Expected = {
  [Table in keyof State]?: State[Table] extends (infer Row)[] ? Partial<Row>[]
    : State[Table];
};

/** A life for somebody new. Its account has been through all of it. */
export type Lifecycle = (account: StripeAccount) => Promise<Life>;

/** PGlite has one connection, and is given these orders only. */
const ENOUGH_ON_PGLITE = 2;
const AT_ONCE = 8;

/** How a life is told. */
interface Telling {
  /** Seconds between one event and the next. */
  tick: number;
  /** As an endpoint of a version before basil is told of it. */
  formerly: boolean;
  /** In how many orders at most. */
  orders: number;
}

const TELLINGS: Record<string, Telling> = {
  "minutes apart": { tick: 60, formerly: false, orders: Infinity },
  "in one second": { tick: 0, formerly: false, orders: Infinity },
  "before basil": { tick: 60, formerly: true, orders: 24 },
};

/**
 * Tells a life in every order, each to a new owner, and then once more backwards: the rows are those
 * expected, and all orders leave the same.
 */
export function permutationTest(name: string, lifecycle: Lifecycle): void {
  for (const [how, telling] of Object.entries(TELLINGS)) {
    webhookTest(
      `stripe-webhook, in any order, ${how}: ${name}`,
      async (surroundings) => {
        const { events } = await lifecycle(surroundings.account());
        const orders = spread(
          permutations(events.map((_, index) => index)),
          api.dbUrl ? telling.orders : ENOUGH_ON_PGLITE,
        );
        let first: State | undefined;
        await eachOf(orders, async (order) => {
          const state = await tellIn(order, lifecycle, surroundings, telling);
          first ??= state;
          assertEquals(state, first, `in the order ${order}`);
        });
        assertExists(first);
      },
    );
  }
}

async function tellIn(
  order: number[],
  lifecycle: Lifecycle,
  { account: open, gateway }: Surroundings,
  { tick, formerly }: Telling,
): Promise<State> {
  const account = open(tick);
  const { owner, before = [], meanwhile, events, expected } = await lifecycle(
    account,
  );
  const tell = async (event: StripeEvent | undefined) => {
    if (!event) throw new Error("no such event");
    const told = formerly ? beforeBasil(event, account.objects) : event;
    const status = await gateway.deliver(told);
    assertEquals(status, 200, `${event.type} in the order ${order}`);
  };
  for (const event of before) await tell(event);
  await meanwhile?.();
  for (const index of order) await tell(events[index]);
  const state = await stateOf(owner, account);
  assertEquals(like(expected, state), expected, `in the order ${order}`);

  for (const index of order.toReversed()) await tell(events[index]);
  for (const event of before) await tell(event);
  assertEquals(await stateOf(owner, account), state, `again after ${order}`);
  return state;
}

/** What of `actual` the model names; every row of a list is held against the one of its place. */
function like(model: unknown, actual: unknown): unknown {
  if (Array.isArray(model) && Array.isArray(actual)) {
    return actual.map((row, index) => like(model[index], row));
  }
  if (typeof model !== "object" || typeof actual !== "object") return actual;
  if (model === null || actual === null) return actual;
  return Object.fromEntries(
    Object.entries(model).map(([name, inner]) => [
      name,
      like(inner, Reflect.get(actual, name)),
    ]),
  );
}

/** Each order of these. */
export function permutations<Item>(items: Item[]): Item[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest])
  );
}

/** So many of these at most, evenly spread. */
function spread<Item>(items: Item[], most: number): Item[] {
  const step = Math.max(1, Math.ceil(items.length / most));
  return items.filter((_, index) => index % step === 0);
}

/** Works on all, some at once. */
export async function eachOf<Item>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<void>,
  atOnce = AT_ONCE,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const worker = async () => {
    for (let next = queue.next(); !next.done; next = queue.next()) {
      await work(next.value);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
