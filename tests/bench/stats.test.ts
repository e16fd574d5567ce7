import { assertEquals, assertThrows } from "@std/assert";
import { median, percentile } from "../../bench/stats.ts";

Deno.test("the median of an odd number of values is the middle one", () => {
  assertEquals(median([10, 2, 9]), 9);
});

Deno.test("the median of an even number of values is the mean of the middle two", () => {
  assertEquals(median([1, 100, 4, 2]), 3);
});

Deno.test("the values are compared as numbers and left in their order", () => {
  const values = [100, 9, 20];
  assertEquals(median(values), 20);
  assertEquals(values, [100, 9, 20]);
});

Deno.test("a percentile is the nearest rank: one of the values", () => {
  const values = Array.from({ length: 40 }, (_, index) => 40 - index);
  assertEquals(percentile(values, 95), 38);
  assertEquals(percentile(values, 100), 40);
  assertEquals(percentile(values, 0), 1);
  assertEquals(percentile([7], 95), 7);
});

Deno.test("of nothing there is neither median nor percentile", () => {
  assertThrows(() => median([]), RangeError);
  assertThrows(() => percentile([], 95), RangeError);
  assertThrows(() => percentile([1], 101), RangeError);
});
