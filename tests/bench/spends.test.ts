import { assertEquals } from "@std/assert";
import { spendGoals } from "../../bench/goals.ts";
import type { SpendRow } from "../../bench/spends/contest.ts";
import { toSpendTable } from "../../bench/spends/table.ts";

const ROWS: SpendRow[] = (["many", "one"] as const).flatMap((owners) =>
  [1, 8].flatMap((connections) => [
    {
      what: "plain update" as const,
      owners,
      connections,
      per_second: 6000,
      p50_ms: 0.1,
      p99_ms: 2,
    },
    {
      what: "spend" as const,
      owners,
      connections,
      per_second: connections === 1 ? 2000 : 1500,
      p50_ms: 0.5,
      p99_ms: 12.34,
    },
  ])
);

Deno.test("a spend of many owners is held against the plain update over as many connections", () => {
  assertEquals(
    spendGoals(ROWS).map(({ value, bound, met }) => [value, bound, met]),
    [[3, 3, true], [4, 3, false]],
  );
  assertEquals(spendGoals([]), []);
});

Deno.test("the table of spends has how many plain updates one takes the time of", () => {
  assertEquals(toSpendTable(ROWS.slice(0, 2)).split("\n"), [
    "owners  connections  what          a second      p50      p99",
    "many              1  plain update     6,000  0.10 ms  2.00 ms",
    "many              1  spend            2,000  0.50 ms  12.3 ms  3.00 ×",
  ]);
});
