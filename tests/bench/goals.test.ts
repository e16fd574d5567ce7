import { assertEquals } from "@std/assert";
import { goalLine, goalsOf } from "../../bench/goals.ts";
import { feedRows, maintenanceRows } from "./rows.ts";

const FAST = {
  floor: 5,
  known: 6,
  whole: 10,
  changed: 10.5,
  part: 2,
  replaced: 40,
};

Deno.test("a feed is held against the floor, its rendering and the stand-in", () => {
  assertEquals(goalsOf(feedRows("10 sessions", FAST)).map(goalLine), [
    "met      1.20 × of at most 1.20 ×      calendar-feed 304, 10 sessions: to the floor",
    "met      1.43 × of at most 1.50 ×      calendar-feed 200, 10 sessions: to the floor and the rendering",
    "met      1.50 × of at most 1.50 ×      calendar-feed 200 after a change, 10 sessions: to the floor and the rendering",
    "met      6.67 × of at least 3.00 ×     calendar-feed 304, 10 sessions: faster than the stand-in",
    "met      4.00 × of at least 3.00 ×     calendar-feed 200, 10 sessions: faster than the stand-in",
  ]);
});

Deno.test("a goal that is missed says so", () => {
  const slow = { ...FAST, known: 6.1, whole: 14 };
  assertEquals(
    goalsOf(feedRows("10 sessions", slow)).map(({ met }) => met),
    [false, false, true, true, false],
  );
});

Deno.test("beyond 1,000 sessions a 304 has no goal to the floor", () => {
  assertEquals(
    goalsOf(feedRows("5,000 sessions", FAST)).filter(({ goal }) =>
      goal.includes("304") && goal.endsWith("floor")
    ),
    [],
  );
});

Deno.test("maintenance is held against the loop at 10,000 owners, and its own growth from ten times to ten times as many", () => {
  const rows = [
    ...maintenanceRows("1,000 owners", { ours: 200, replaced: 5_000 }),
    ...maintenanceRows("10,000 owners", { ours: 1_000, replaced: 49_000 }),
    ...maintenanceRows("100,000 owners", { ours: 11_000, replaced: 490_000 }),
    ...maintenanceRows("1,000,000 owners", {
      ours: 143_000,
      replaced: 4_900_000,
    }),
  ];
  assertEquals(
    goalsOf(rows).map(({ value, at, bound, met }) => ({
      value,
      at,
      bound,
      met,
    })),
    [
      { value: 49, at: "least", bound: 50, met: false },
      { value: 1.1, at: "most", bound: 1.2, met: true },
      { value: 1.3, at: "most", bound: 1.2, met: false },
    ],
  );
});

Deno.test("what was not measured has no goal", () => {
  assertEquals(goalsOf([]), []);
});
