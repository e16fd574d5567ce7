import { assertEquals } from "@std/assert";
import { count, duration, ratio } from "../../bench/format.ts";

Deno.test("a time has three digits and the unit that suits", () => {
  assertEquals(duration(0.0712), "0.07 ms");
  assertEquals(duration(4.2), "4.20 ms");
  assertEquals(duration(9.996), "10.0 ms");
  assertEquals(duration(48.06), "48.1 ms");
  assertEquals(duration(999), "999 ms");
  assertEquals(duration(1_060), "1.06 s");
  assertEquals(duration(119_000), "119 s");
  assertEquals(duration(145_000), "2.42 min");
});

Deno.test("a ratio has its sign, and a large number its thousands apart", () => {
  assertEquals(ratio(1.2), "1.20 ×");
  assertEquals(ratio(63.44), "63.4 ×");
  assertEquals(ratio(1_234), "1,234 ×");
  assertEquals(count(100_000), "100,000");
});
