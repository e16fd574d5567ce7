import { median, percentile } from "./stats.ts";

/**
 * What a row is there for. `floor`: the least that there can be; `part`: one part of ours, measured by
 * itself; `replaced`: a stand-in for the function that ours replaces.
 */
export type Role = "floor" | "part" | "ours" | "replaced";

/** One measured thing. */
export interface Row {
  readonly subject: string;
  /** Of how much, or how many at once. */
  readonly size: string;
  readonly name: string;
  readonly role: Role;
  /** How many measurements. */
  readonly samples: number;
  readonly median_ms: number;
  readonly p95_ms: number;
  /** Requests to REST and Auth that one makes; null where none can be. */
  readonly calls: number | null;
  /** Its median in medians of the same contest's floor. */
  readonly to_floor: number | null;
  /** How many of it the same contest's stand-in takes the time of. */
  readonly times_faster: number | null;
}

/** The measurements of one contestant, in milliseconds. */
export interface Measured extends Pick<Row, "name" | "role" | "calls"> {
  readonly times: readonly number[];
}

/** The rows of one contest, whose contestants were measured in turns. */
export function rowsOf(
  contest: Pick<Row, "subject" | "size">,
  measured: readonly Measured[],
): Row[] {
  const medianOf = (role: Role) => {
    const found = measured.find((it) => it.role === role);
    return found && median(found.times);
  };
  const floor = medianOf("floor");
  const replaced = medianOf("replaced");
  return measured.map(({ name, role, calls, times }) => {
    const middle = median(times);
    return {
      subject: contest.subject,
      size: contest.size,
      name,
      role,
      samples: times.length,
      median_ms: rounded(middle),
      p95_ms: rounded(percentile(times, 95)),
      calls,
      to_floor: floor === undefined || role === "part"
        ? null
        : rounded(middle / floor),
      times_faster: replaced === undefined || role !== "ours"
        ? null
        : rounded(replaced / middle),
    };
  });
}

/** To microseconds, and hundredths of them are noise. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
