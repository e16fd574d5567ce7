import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Oracle } from "../support/credit_oracle.ts";
import {
  type Batch,
  by,
  givenOwners,
  type Owner,
  play,
  type Played,
  type Spend,
  type Step,
  sum,
  type Summary,
} from "../support/credit_steps.ts";
import { sqlTest } from "../support/sql.ts";
import { sample } from "../support/stack.ts";

const SEQUENCES = sample(150, 1000);
const SEED = 20260325;

const START = Date.UTC(2041, 0, 20) / 1000;
const DAY = 86_400;
const TYPES = ["user", "org"] as const;

// Small numbers and few days, so that sequences meet the borders often.
const wrong = fc.integer({ min: -1, max: 0 });
const owner = fc.nat(TYPES.length - 1);
const feature = fc.constantFrom(undefined, undefined, "coaching", "tests");
const key = fc.constantFrom(undefined, undefined, undefined, "a", "b");

const grant = fc.record({
  kind: fc.constant("grant" as const),
  owner,
  amount: often(fc.integer({ min: 1, max: 12 }), wrong),
  source: fc.constantFrom("purchase", "grant", "program", "addon"),
  feature,
  key,
  days: often(fc.constantFrom(10, 20, 40, 60), fc.constantFrom(-1, 1)),
});
const spend = fc.record({
  kind: fc.constant("spend" as const),
  owner,
  amount: often(fc.integer({ min: 1, max: 9 }), wrong),
  feature,
  key,
});
const refund = fc.record({
  kind: fc.constant("refund" as const),
  spend: fc.nat(9),
  amount: fc.option(often(fc.integer({ min: 1, max: 5 }), wrong), {
    nil: undefined,
    freq: 2,
  }),
  key,
});
const run = fc.record({
  kind: fc.constant("run" as const),
  actions: fc.oneof(
    fc.constant<string[]>(["grant", "rollover", "expire", "cleanup", "stats"]),
    fc.subarray<string>(["grant", "rollover", "expire"], { minLength: 1 }),
  ),
  times: fc.integer({ min: 1, max: 2 }),
});

const wait = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: DAY / 12 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 25 * DAY }) },
  { weight: 1, arbitrary: fc.constant("until midnight" as const) },
);
const anything = fc.oneof(
  { weight: 3, arbitrary: grant },
  { weight: 5, arbitrary: spend },
  { weight: 2, arbitrary: refund },
  { weight: 2, arbitrary: run },
);

/** Grants, then anything, each at a time of its own: no two grants are of the same second. */
const sequence = fc.tuple(
  fc.array(fc.record({ wait, step: grant }), { maxLength: 4, size: "max" }),
  fc.array(fc.record({ wait, step: anything }), {
    minLength: 1,
    maxLength: 9,
    size: "max",
  }),
).map(([grants, others]) => {
  let at = START;
  return [...grants, ...others].map(({ wait, step }): Step => {
    at = wait === "until midnight" ? dayOf(at) + DAY : at + wait;
    if (step.kind !== "grant") return { at, ...step };
    const { days, ...grant } = step;
    // on whole days, so that different sources expire together
    return { at, ...grant, expires: dayOf(at) + days * DAY };
  });
});
const owners = fc.tuple(
  ...TYPES.map((type) =>
    fc.record({
      plan: type === "user" ? fc.nat(9) : fc.constant(0),
      planEnds: fc.integer({ min: START, max: START + 120 * DAY }),
      monthly: type === "org" ? fc.nat(9) : fc.constant(0),
    })
  ),
);

sqlTest(
  `${SEQUENCES} sequences of grants, spends, refunds, clock steps and maintenance runs agree with the oracle`,
  async (sql) => {
    await givenOwners(sql, [...TYPES]);
    await fc.assert(
      fc.asyncProperty(owners, sequence, async (owners, steps) => {
        const played = await play(sql, owners, steps);
        const oracle = new Oracle(owners, START);
        for (const [index, step] of steps.entries()) {
          const actual = played[index]!;
          const expected = take(oracle, step);
          learnIds(oracle, actual.batches);
          const state = {
            batches: real(oracle.batches),
            summaries: owners.map((it, owner) => summaryOf(oracle, owner, it)),
          };
          assertEquals(
            shown(actual),
            shown({ ...expected, ...state }),
            `step ${index + 1}`,
          );
        }
      }),
      { seed: SEED, numRuns: SEQUENCES },
    );
  },
);

function dayOf(at: number): number {
  return at - at % DAY;
}

/** Mostly the one, at times the other. */
function often<T>(one: fc.Arbitrary<T>, other: fc.Arbitrary<T>) {
  return fc.oneof({ weight: 15, arbitrary: one }, {
    weight: 1,
    arbitrary: other,
  });
}

/** What the oracle says to a step. */
function take(
  oracle: Oracle,
  step: Step,
): Pick<Played, "code" | "draws" | "refunded"> {
  oracle.now = step.at;
  const said = { code: null, draws: null, refunded: null };
  if (step.kind === "grant") return { ...said, code: oracle.grant(step) };
  if (step.kind === "spend") {
    const spend = oracle.spend(step);
    return typeof spend === "string"
      ? { ...said, code: spend }
      : { ...said, draws: drawsOf(spend) };
  }
  if (step.kind === "run") {
    oracle.run(step.actions);
    return said;
  }
  const spend = oracle.spends[step.spend % oracle.spends.length];
  if (!spend) return said;
  const refund = oracle.refund(spend, step.amount, step.key);
  return typeof refund === "string"
    ? { ...said, code: refund, refunded: 0 }
    : { ...said, refunded: refund };
}

function drawsOf({ draws }: Spend): Record<string, number> {
  return Object.fromEntries(draws.map((it) => [it.batch.id, it.amount]));
}

/** Gives the oracle's new batches the ids that the database gave them. */
function learnIds(oracle: Oracle, batches: Batch[]): void {
  const known = new Set(oracle.batches.map(({ id }) => id));
  for (const batch of real(oracle.batches).filter(({ id }) => id === "")) {
    const twin = batches.find((it) =>
      !known.has(it.id) &&
      it.owner === batch.owner && it.source === batch.source &&
      it.amount === batch.amount && it.expires === batch.expires
    );
    if (twin) known.add(batch.id = twin.id);
  }
}

/** Those that the database has as well. */
function real(batches: Batch[]): Batch[] {
  return batches.filter((it) => it.source !== "allowance" && it.amount > 0);
}

function summaryOf(
  oracle: Oracle,
  owner: number,
  { plan, planEnds }: Owner,
): Summary {
  const live = oracle.live(owner);
  const batches = real(live);
  const program = batches.filter(({ source }) => source === "program");
  const allowance = live.filter(({ source }) => source === "allowance");
  return {
    total: sum(live, "left"),
    program: sum(program, "left"),
    bonus: sum(batches, "left") - sum(program, "left"),
    plan: plan > 0 && planEnds > oracle.now ? sum(allowance, "left") : null,
    soon: sum(
      batches.filter(({ expires }) => expires <= oracle.now + 7 * DAY),
      "left",
    ),
    earliest: batches.length > 0
      ? Math.min(...batches.map(({ expires }) => expires))
      : null,
  };
}

/** In one form, for a comparison. */
function shown({ code, draws, refunded, batches, summaries }: Partial<Played>) {
  return {
    code: code ?? null,
    draws: draws ?? null,
    refunded: refunded ?? null,
    summaries,
    batches: batches?.map((it) => ({
      id: it.id,
      owner: it.owner,
      source: it.source,
      feature: it.feature ?? null,
      amount: it.amount,
      left: it.left,
      granted: it.granted,
      expires: it.expires,
      expired: it.expired ?? false,
    })).sort(by(({ id }) => [id])),
  };
}
