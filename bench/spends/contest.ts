import postgres from "postgres";
import { percentile } from "../stats.ts";
import { ownerOf, OWNERS } from "./database.ts";

/** What is measured: a spend, and the least that could be done instead of one. */
export type What = "spend" | "plain update";

/** Who spends, and over how many connections, each of which begins the next as soon as one is done. */
export interface Crowd {
  readonly owners: "one" | "many";
  readonly connections: number;
}

/** What came of it. */
export interface SpendRow extends Crowd {
  readonly what: What;
  readonly per_second: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
}

export const CROWDS: readonly Crowd[] = (["many", "one"] as const).flatMap(
  (owners) => [1, 8, 32].map((connections) => ({ owners, connections })),
);
const WHATS: readonly What[] = ["plain update", "spend"];
/** Both in turns, so that whatever else the machine does falls on both. */
const ROUNDS = 3;
/** How often a connection does it before the time begins: plans and processes are warm then. */
const WARM_UP = 20;

/** Measures both for so long a round. @throws {Error} when nothing was spent */
export async function hold(
  url: string,
  crowd: Crowd,
  milliseconds: number,
): Promise<SpendRow[]> {
  const sql = postgres(url, { max: crowd.connections, onnotice: () => {} });
  try {
    const measured = WHATS.map((what) => ({
      what,
      times: [] as number[],
      elapsed: 0,
    }));
    for (let round = 0; round < ROUNDS; round++) {
      for (const it of measured) {
        const once = () => WORK[it.what](sql, anOwner(crowd));
        await inParallel(crowd, () => repeat(once, WARM_UP));
        const started = performance.now();
        await inParallel(crowd, async () => {
          it.times.push(...await repeatUntil(once, started + milliseconds));
        });
        it.elapsed += performance.now() - started;
      }
    }
    return measured.map(({ what, times, elapsed }) => ({
      what,
      ...crowd,
      per_second: Math.round(times.length / elapsed * 1000),
      p50_ms: rounded(percentile(times, 50)),
      p99_ms: rounded(percentile(times, 99)),
    }));
  } finally {
    await sql.end();
  }
}

const WORK: Record<What, (sql: postgres.Sql, owner: string) => Promise<void>> =
  {
    "spend": async (sql, owner) => {
      const [row] = await sql`
        select s.success
        from public.consume_credits_fifo('user', ${owner}, 1, null, 'feature_usage') s`;
      if (row?.success !== true) throw new Error("nothing was spent");
    },
    "plain update": async (sql, owner) => {
      const { count } = await sql`
        update public.plain_balances set balance = balance - 1 where owner_id = ${owner}`;
      if (count !== 1) throw new Error("nothing was taken");
    },
  };

function anOwner({ owners }: Crowd): string {
  return ownerOf(owners === "one" ? 0 : Math.floor(Math.random() * OWNERS));
}

function inParallel(
  { connections }: Crowd,
  work: () => Promise<void>,
): Promise<void[]> {
  return Promise.all(Array.from({ length: connections }, work));
}

async function repeat(work: () => Promise<void>, times: number): Promise<void> {
  for (let round = 0; round < times; round++) await work();
}

/** How long each took, in milliseconds. */
async function repeatUntil(
  work: () => Promise<void>,
  end: number,
): Promise<number[]> {
  const times: number[] = [];
  for (let before = performance.now(); before < end;) {
    await work();
    const after = performance.now();
    times.push(after - before);
    before = after;
  }
  return times;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
