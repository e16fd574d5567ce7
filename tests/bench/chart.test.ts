import { assert, assertEquals, assertMatch } from "@std/assert";
import { toChart } from "../../bench/chart.ts";
import { pairsOf } from "../../bench/pairs.ts";
import { feedRows, maintenanceRows } from "./rows.ts";

const PAIRS = pairsOf([
  ...feedRows("10 sessions", {
    floor: 5,
    known: 10,
    whole: 20,
    part: 2,
    replaced: 100,
  }),
  ...maintenanceRows("1,000 owners", { ours: 100, replaced: 10_000 }),
]);
const CHART = toChart(PAIRS, "PostgreSQL <15> & 2 cores");

Deno.test("the chart is well-formed, and escapes what it is given", () => {
  assert(CHART.includes("PostgreSQL &lt;15&gt; &amp; 2 cores"));
  const open: string[] = [];
  for (const [, close, name = "", empty] of CHART.matchAll(TAG)) {
    if (close) assertEquals(open.pop(), name);
    else if (!empty) open.push(name);
  }
  assertEquals(open, []);
});

const TAG = /<(\/?)([a-z]+)[^<>]*?(\/?)>/g;

Deno.test("the axis is logarithmic: equal ratios are equally far apart", () => {
  const [one = 0, ten = 0, hundred = 0] = ["1 ms", "10 ms", "100 ms"]
    .map(placeOf);
  assertEquals(Math.round(ten - one), Math.round(hundred - ten));
  const ours = dots("ours");
  const replaced = dots("replaced");
  assertEquals(ours, [ten, between(10, 20), hundred]);
  assertEquals(replaced, [hundred, hundred, placeOf("10 s")]);

  function between(from: number, to: number): number {
    const place = ten + Math.log10(to / from) * (hundred - ten);
    return Math.round(place * 10) / 10;
  }
});

Deno.test("each pair names its ratio, and each function is named once", () => {
  for (const ratio of ["10.0 ×", "5.00 ×", "100 ×"]) {
    assert(CHART.includes(`>${ratio}<`), ratio);
  }
  assertEquals(CHART.match(/>calendar-feed</g)?.length, 1);
});

Deno.test("a row says what sets it apart from the function's others, and an only row nothing", () => {
  for (const label of ["304, 10 sessions", "200, 10 sessions"]) {
    assert(CHART.includes(`>${label}<`), label);
  }
  assertEquals(CHART.includes("owners"), false);
  const sizes = ["1,000 owners", "10,000 owners"];
  const chart = toChart(
    pairsOf(
      sizes.flatMap((size) =>
        maintenanceRows(size, { ours: 100, replaced: 10_000 })
      ),
    ),
    "",
  );
  for (const size of sizes) assert(chart.includes(`>${size}<`), size);
});

Deno.test("the chart has a ground and colours of its own for light and dark", () => {
  assertMatch(CHART, /@media \(prefers-color-scheme: dark\)/);
  assertMatch(CHART, /<rect class="card"/);
});

/** Where the axis says this is. */
function placeOf(label: string): number {
  return Number(
    new RegExp(`<text x="([\\d.]+)"[^>]*>${label}<`).exec(CHART)?.[1],
  );
}

/** Where the dots of a row are; the legend's is the first. */
function dots(style: string): number[] {
  const found = CHART.matchAll(
    new RegExp(`<circle class="${style}" cx="([\\d.]+)"`, "g"),
  );
  return Array.from(found, ([, x]) => Number(x)).slice(1);
}
