import type { Row } from "./report.ts";

/** A function beside the stand-in that it was measured with. */
export interface Pair {
  readonly subject: string;
  readonly size: string;
  readonly name: string;
  readonly ours_ms: number;
  readonly replaced_ms: number;
  /** Of the same contest; null where there is none. */
  readonly floor_ms: number | null;
  readonly times_faster: number;
}

/** Each row of ours that was measured beside a stand-in, in the order of the rows. */
export function pairsOf(rows: readonly Row[]): Pair[] {
  return rows.flatMap((row) => {
    const { subject, size, name, times_faster } = row;
    const of = (role: Row["role"]) =>
      rows.find((it) =>
        it.subject === subject && it.size === size && it.role === role
      );
    const replaced = of("replaced");
    if (row.role !== "ours" || !replaced || times_faster === null) return [];
    return [{
      subject,
      size,
      name,
      ours_ms: row.median_ms,
      replaced_ms: replaced.median_ms,
      floor_ms: of("floor")?.median_ms ?? null,
      times_faster,
    }];
  });
}
