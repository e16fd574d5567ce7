import { count, ratio } from "./format.ts";
import type { Row } from "./report.ts";
import type { SpendRow } from "./spends/contest.ts";
import { timesSlower } from "./spends/table.ts";

/** What the figures are held against. One that is missed fails nothing: machines differ. */
export interface Goal {
  readonly goal: string;
  /** The ratio measured. */
  readonly value: number;
  readonly at: "most" | "least";
  readonly bound: number;
  readonly met: boolean;
}

const FEED = "calendar-feed";
const MAINTENANCE = "credit-maintenance";
/** The number of owners at which the loop is compared with, and from which on time has to be linear. */
const OWNERS = 10_000;
/** Linear: the time of one owner grows by no more than this when there are ten times as many. */
const LINEAR = 1.2;

/** The goals that the rows have figures for. */
export function goalsOf(rows: readonly Row[]): Goal[] {
  return [...feedGoals(rows), ...maintenanceGoals(rows)];
}

/** What a spend is meant to cost where many owners spend, whoever else does. */
export function spendGoals(rows: readonly SpendRow[]): Goal[] {
  return rows.flatMap((row) => {
    const slower = row.what === "spend" && row.owners === "many"
      ? timesSlower(rows, row)
      : undefined;
    return slower === undefined ? [] : [
      most(
        `spends of many owners, ${row.connections} at once: to the plain update`,
        slower,
        3,
      ),
    ];
  });
}

function feedGoals(rows: readonly Row[]): Goal[] {
  const feeds = rows.filter(({ subject }) => subject === FEED);
  return [...new Set(feeds.map(({ size }) => size))].flatMap((size) => {
    const of = (role: Row["role"], name?: string) =>
      feeds.find((row) =>
        row.size === size && row.role === role &&
        (name ?? row.name) === row.name
      );
    const [known, whole] = [of("ours", "304"), of("ours", "200")];
    const changed = of("ours", "200 after a change");
    const [floor, rendering] = [of("floor"), of("part")];
    return [
      ...known?.to_floor && numberIn(size) <= 1_000
        ? [most(`${FEED} 304, ${size}: to the floor`, known.to_floor, 1.2)]
        : [],
      ...[whole, changed].flatMap((row) =>
        row && floor && rendering
          ? [most(
            `${FEED} ${row.name}, ${size}: to the floor and the rendering`,
            row.median_ms / (floor.median_ms + rendering.median_ms),
            1.5,
          )]
          : []
      ),
      ...[known, whole].flatMap((row) =>
        row?.times_faster
          ? [least(
            `${FEED} ${row.name}, ${size}: faster than the stand-in`,
            row.times_faster,
            3,
          )]
          : []
      ),
    ];
  });
}

function maintenanceGoals(rows: readonly Row[]): Goal[] {
  const runs = rows.filter(({ subject, role }) =>
    subject === MAINTENANCE && role === "ours"
  );
  const middle = runs.filter(({ size }) => numberIn(size) === OWNERS);
  return [
    ...middle.flatMap(({ name, size, times_faster }) =>
      times_faster
        ? [least(
          `${MAINTENANCE}, ${name}, ${size}: faster than a call an owner`,
          times_faster,
          50,
        )]
        : []
    ),
    ...runs.flatMap((base) => {
      const owners = numberIn(base.size);
      const tenfold = runs.find(({ name, size }) =>
        name === base.name && numberIn(size) === 10 * owners
      );
      return tenfold && owners >= OWNERS
        ? [most(
          `${MAINTENANCE}, ${base.name}: time an owner, ${tenfold.size} to ${
            count(owners)
          }`,
          tenfold.median_ms / 10 / base.median_ms,
          LINEAR,
        )]
        : [];
    }),
  ];
}

/** A goal on a line: `met     1.13 × of at most 1.20 ×  calendar-feed 304, 10 sessions: to the floor`. */
export function goalLine({ goal, value, at, bound, met }: Goal): string {
  const figures = `${ratio(value)} of at ${at} ${ratio(bound)}`;
  return `${met ? "met    " : "NOT MET"}  ${figures.padEnd(28)}  ${goal}`;
}

function most(goal: string, value: number, bound: number): Goal {
  return {
    goal,
    value: rounded(value),
    at: "most",
    bound,
    met: value <= bound,
  };
}

function least(goal: string, value: number, bound: number): Goal {
  return {
    goal,
    value: rounded(value),
    at: "least",
    bound,
    met: value >= bound,
  };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** 1000 of "1,000 sessions". */
function numberIn(size: string): number {
  return Number(size.replaceAll(/\D/g, ""));
}
