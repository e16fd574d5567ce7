import { type Row, rowsOf } from "../../bench/report.ts";

/** A contest of a feed of so many sessions, with these medians in milliseconds. */
export function feedRows(
  size: string,
  times:
    & Record<"floor" | "known" | "whole" | "part" | "replaced", number>
    & { changed?: number },
): Row[] {
  return rowsOf({ subject: "calendar-feed", size }, [
    { name: "a trivial RPC", role: "floor", calls: 1, times: [times.floor] },
    { name: "304", role: "ours", calls: 1, times: [times.known] },
    { name: "200", role: "ours", calls: 1, times: [times.whole] },
    ...times.changed === undefined ? [] : [{
      name: "200 after a change",
      role: "ours" as const,
      calls: 1,
      times: [times.changed],
    }],
    { name: "rendering", role: "part", calls: null, times: [times.part] },
    { name: "200", role: "replaced", calls: 8, times: [times.replaced] },
  ]);
}

/** A contest of credit maintenance over so many owners. */
export function maintenanceRows(
  size: string,
  { ours, replaced }: { ours: number; replaced: number },
): Row[] {
  return rowsOf({ subject: "credit-maintenance", size }, [
    { name: "all parts", role: "ours", calls: 1, times: [ours] },
    { name: "rollover", role: "replaced", calls: 1_002, times: [replaced] },
  ]);
}
