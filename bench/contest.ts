import type { Measured, Role } from "./report.ts";

/** Does the work once, through this gateway; throws when the answer is not the one that it should be. */
export type Send = (gateway: string) => Promise<void>;

/** One of several that are measured in turns. */
export interface Contestant {
  readonly name: string;
  readonly role: Role;
  /** Makes ready what one measurement needs; its own time does not count. */
  readonly prepare: () => Promise<Send>;
  /** Does no request: measured in this process. */
  readonly isLocal?: boolean;
  /** Each time is multiplied by this, where a sample stands for the whole. */
  readonly scale?: number;
  /** Known, where counting would take a run of its own. */
  readonly calls?: number;
}

/** Contestants on the same data. */
export interface Contest {
  readonly subject: string;
  readonly size: string;
  readonly contestants: readonly Contestant[];
  /** How many of each run at once; 1 without it. */
  readonly parallel?: number;
  /** Fewer than the run's, where one round takes long. */
  readonly rounds?: number;
  /** Rounds that do not count, until processes and plans are warm; 3 without it. */
  readonly warmUp?: number;
}

/** How long to go on. */
export interface Limits {
  readonly rounds: number;
  /** After so long no further round is begun, but for the first three. */
  readonly milliseconds: number;
}

const MIN_ROUNDS = 3;
const WARM_UP = 3;

/**
 * Measures the contestants in turns: in each round everyone once, each round beginning with another, so
 * that whatever else the machine does falls on all of them.
 */
export async function hold(
  { contestants, parallel = 1, rounds, warmUp = WARM_UP }: Contest,
  limits: Limits,
  gateway: string,
): Promise<Pick<Measured, "name" | "role" | "times">[]> {
  const times = contestants.map((): number[] => []);
  const wanted = Math.min(rounds ?? limits.rounds, limits.rounds);
  let end = Infinity;
  for (let round = -warmUp; round < wanted; round++) {
    if (round === 0) end = performance.now() + limits.milliseconds;
    if (round >= MIN_ROUNDS && performance.now() > end) break;
    for (let turn = 0; turn < contestants.length; turn++) {
      const index = (turn + round + warmUp) % contestants.length;
      const contestant = contestants[index];
      if (!contestant) throw new RangeError("no such contestant");
      const measured = await measure(contestant, parallel, gateway);
      if (round >= 0) times[index]?.push(...measured);
    }
  }
  return contestants.map(({ name, role }, index) => ({
    name,
    role,
    times: times[index] ?? [],
  }));
}

async function measure(
  { prepare, scale = 1, isLocal = false }: Contestant,
  parallel: number,
  gateway: string,
): Promise<number[]> {
  const sends: Send[] = [];
  while (sends.length < (isLocal ? 1 : parallel)) sends.push(await prepare());
  return await Promise.all(sends.map(async (send) => {
    const started = performance.now();
    await send(gateway);
    return (performance.now() - started) * scale;
  }));
}
