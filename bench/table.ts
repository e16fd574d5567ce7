import { count, duration, ratio } from "./format.ts";
import type { Row } from "./report.ts";

const HEADER = [
  "function",
  "of",
  "what",
  "median",
  "p95",
  "calls",
  "to floor",
  "faster",
];
/** Columns of text; the others hold numbers. */
const LEFT = 3;

/** The rows as one table of text. What a row shares with the one above is not said again. */
export function toTable(rows: readonly Row[]): string {
  const cells = rows.map((row, index) => {
    const above = rows[index - 1];
    const isOther = row.subject !== above?.subject;
    return [
      isOther ? row.subject : "",
      isOther || row.size !== above?.size ? row.size : "",
      nameOf(row),
      duration(row.median_ms),
      duration(row.p95_ms),
      row.calls === null ? "" : count(row.calls),
      row.to_floor === null ? "" : ratio(row.to_floor),
      row.times_faster === null ? "" : ratio(row.times_faster),
    ];
  });
  const widths = HEADER.map((title, column) =>
    Math.max(title.length, ...cells.map((line) => line[column]?.length ?? 0))
  );
  const line = (values: readonly string[]) =>
    values.map((value, column) =>
      column < LEFT
        ? value.padEnd(widths[column] ?? 0)
        : value.padStart(widths[column] ?? 0)
    ).join("  ").trimEnd();
  return [
    line(HEADER),
    line(widths.map((width) => "-".repeat(width))),
    ...cells.map(line),
  ].join("\n");
}

function nameOf({ name, role }: Row): string {
  switch (role) {
    case "replaced":
      return `${name} (stand-in)`;
    case "floor":
      return `${name} (floor)`;
    default:
      return name;
  }
}
