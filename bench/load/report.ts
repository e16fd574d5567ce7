import type { Memory } from "./memory.ts";
import type { Outcome } from "./traffic.ts";

/** What a run came to. */
export interface Report {
  seconds: number;
  connections: number;
  requests: number;
  perSecond: number;
  kinds: Line[];
  memory: Memory[];
  /** Each error once, with how often it came. */
  errors: { kind: string; error: string; times: number }[];
}

interface Line {
  name: string;
  requests: number;
  errors: number;
  p50: number;
  p95: number;
  p99: number;
}

/** Sums a run up; durations in milliseconds, memory in MB. */
export function summarize(
  outcomes: Outcome[],
  memory: Memory[],
  { seconds, connections }: { seconds: number; connections: number },
): Report {
  const all = {
    name: "all",
    durations: outcomes.flatMap(({ durations }) => durations),
    errors: outcomes.flatMap(({ errors }) => errors),
  };
  const requests = all.durations.length + all.errors.length;
  return {
    seconds,
    connections,
    requests,
    perSecond: requests / seconds,
    kinds: [...outcomes, all].map(lineOf),
    memory,
    errors: outcomes.flatMap(({ name, errors }) =>
      [...Map.groupBy(errors, (error) => error)].map(([error, its]) => ({
        kind: name,
        error,
        times: its.length,
      }))
    ),
  };
}

/** The report as two tables, with the errors below. */
export function toText({ kinds, memory, errors, ...run }: Report): string {
  return [
    `${run.requests} requests in ${run.seconds} s over ${run.connections} connections, ${
      run.perSecond.toFixed(0)
    } a second\n`,
    row("", ["requests", "errors", "p50 ms", "p95 ms", "p99 ms"]),
    ...kinds.map(({ name, requests, errors, p50, p95, p99 }) =>
      row(name, [requests, errors, ...[p50, p95, p99].map(oneDecimal)])
    ),
    "",
    row("resident memory", ["start MB", "middle", "end", "growth", "steady"]),
    ...memory.map(({ name, start, middle, end, growth, isSteady }) =>
      row(name, [
        ...[start, middle, end, growth].map((it) => it.toFixed(0)),
        isSteady ? "yes" : "NO",
      ])
    ),
    "growth: over the second half, by the line through its samples",
    ...errors.map(({ kind, error, times }) => `${kind}: ${times} x ${error}`),
  ].join("\n");
}

function lineOf({ name, durations, errors }: Outcome): Line {
  const sorted = durations.toSorted((a, b) => a - b);
  const percentile = (share: number) =>
    sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return {
    name,
    requests: durations.length + errors.length,
    errors: errors.length,
    p50: percentile(0.5),
    p95: percentile(0.95),
    p99: percentile(0.99),
  };
}

function oneDecimal(value: number): string {
  return value.toFixed(1);
}

function row(name: string, cells: (string | number)[]): string {
  return name.padEnd(30) + cells.map((it) => String(it).padStart(10)).join("");
}
