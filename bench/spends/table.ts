import { count, duration, ratio } from "../format.ts";
import type { SpendRow } from "./contest.ts";

const HEADER = ["owners", "connections", "what", "a second", "p50", "p99", ""];
/** Columns of text; the others hold numbers. */
const TEXT = new Set([0, 2]);

/** The rows as one table of text, with how many plain updates a spend takes the time of. */
export function toSpendTable(rows: readonly SpendRow[]): string {
  const lines = [
    HEADER,
    ...rows.map((row) => [
      row.owners,
      String(row.connections),
      row.what,
      count(row.per_second),
      duration(row.p50_ms),
      duration(row.p99_ms),
      row.what === "spend" ? ratio(timesSlower(rows, row) ?? NaN) : "",
    ]),
  ];
  const widths = HEADER.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0))
  );
  return lines.map((line) =>
    line.map((value, column) =>
      TEXT.has(column)
        ? value.padEnd(widths[column] ?? 0)
        : value.padStart(widths[column] ?? 0)
    ).join("  ").trimEnd()
  ).join("\n");
}

/** How many plain updates are made, over the same connections, in the time of this many spends. */
export function timesSlower(
  rows: readonly SpendRow[],
  { owners, connections, per_second }: SpendRow,
): number | undefined {
  const plain = rows.find((it) =>
    it.what === "plain update" && it.owners === owners &&
    it.connections === connections
  );
  return plain && plain.per_second / per_second;
}
