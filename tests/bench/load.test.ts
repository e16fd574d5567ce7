import { assertEquals, assertStringIncludes } from "@std/assert";
import { judge } from "../../bench/load/memory.ts";
import { summarize, toText } from "../../bench/load/report.ts";

const sampled = (megabytes: (second: number) => number) =>
  judge(
    "a function",
    Array.from({ length: 60 }, (_, seconds) => ({
      seconds,
      megabytes: megabytes(seconds),
    })),
  );

Deno.test("memory that rises and is collected again is steady", () => {
  assertEquals(sampled((second) => 70 + second % 10).isSteady, true);
});

Deno.test("memory that rose while it warmed up is steady", () => {
  const memory = sampled((second) => second < 25 ? 50 + 4 * second : 150);
  assertEquals([memory.isSteady, memory.growth], [true, 0]);
});

Deno.test("memory that goes on growing is not steady", () => {
  const memory = sampled((second) => 50 + 2 * second);
  assertEquals([memory.isSteady, Math.round(memory.growth)], [false, 58]);
});

Deno.test("a run names each percentile by kind and over all, and each error once", () => {
  const report = summarize(
    [
      {
        name: "quick",
        durations: Array.from({ length: 100 }, (_, n) => 100 - n),
        errors: [],
      },
      { name: "broken", durations: [], errors: ["500 {}", "500 {}"] },
    ],
    [],
    { seconds: 10, connections: 8 },
  );
  assertEquals(report.kinds[0], {
    name: "quick",
    requests: 100,
    errors: 0,
    p50: 50,
    p95: 95,
    p99: 99,
  });
  assertEquals(report.kinds.at(-1)?.errors, 2);
  assertEquals(report.perSecond, 10.2);
  assertEquals(report.errors, [{ kind: "broken", error: "500 {}", times: 2 }]);
  assertStringIncludes(toText(report), "broken: 2 x 500 {}");
});
