import { assertEquals } from "@std/assert";
import { pairsOf } from "../../bench/pairs.ts";
import { rowsOf } from "../../bench/report.ts";
import { feedRows, maintenanceRows } from "./rows.ts";

const FEED = { floor: 5, known: 6, whole: 10, part: 2, replaced: 40 };

Deno.test("a row has the median, the p95 and both ratios to the same contest's others", () => {
  const [floor, known, whole, part, replaced] = feedRows("10 sessions", FEED);
  assertEquals(floor?.to_floor, 1);
  assertEquals(known?.to_floor, 1.2);
  assertEquals(known?.times_faster, 6.667);
  assertEquals(whole?.to_floor, 2);
  assertEquals(whole?.times_faster, 4);
  assertEquals(part?.to_floor, null);
  assertEquals(replaced?.to_floor, 8);
  assertEquals(replaced?.times_faster, null);
});

Deno.test("a row of many times counts them", () => {
  const times = Array.from({ length: 20 }, (_, index) => index + 1);
  const [row] = rowsOf({ subject: "f", size: "" }, [
    { name: "200", role: "ours", calls: 1, times },
  ]);
  assertEquals(row, {
    subject: "f",
    size: "",
    name: "200",
    role: "ours",
    samples: 20,
    median_ms: 10.5,
    p95_ms: 19,
    calls: 1,
    to_floor: null,
    times_faster: null,
  });
});

Deno.test("a pair is a row of ours and the stand-in of the same function and size", () => {
  const rows = [
    ...feedRows("10 sessions", FEED),
    ...feedRows("100 sessions", { ...FEED, replaced: 50 }),
    ...maintenanceRows("1,000 owners", { ours: 100, replaced: 5_000 }),
  ];
  assertEquals(
    pairsOf(rows).map(({ size, name, ours_ms, replaced_ms, floor_ms }) =>
      [size, name, ours_ms, replaced_ms, floor_ms].join(" ")
    ),
    [
      "10 sessions 304 6 40 5",
      "10 sessions 200 10 40 5",
      "100 sessions 304 6 50 5",
      "100 sessions 200 10 50 5",
      "1,000 owners all parts 100 5000 ",
    ],
  );
});
