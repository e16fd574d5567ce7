import { assertEquals } from "@std/assert";
import { toTable } from "../../bench/table.ts";
import { feedRows, maintenanceRows } from "./rows.ts";

Deno.test("the table has one header, numbers to the right, and says what rows share once", () => {
  const rows = [
    ...feedRows("10 sessions", {
      floor: 5,
      known: 6,
      whole: 10,
      part: 2,
      replaced: 40,
    }),
    ...maintenanceRows("1,000 owners", { ours: 125, replaced: 5_000 }),
  ];
  assertEquals(
    toTable(rows),
    `
function            of            what                    median      p95  calls  to floor  faster
------------------  ------------  ---------------------  -------  -------  -----  --------  ------
calendar-feed       10 sessions   a trivial RPC (floor)  5.00 ms  5.00 ms      1    1.00 ×
                                  304                    6.00 ms  6.00 ms      1    1.20 ×  6.67 ×
                                  200                    10.0 ms  10.0 ms      1    2.00 ×  4.00 ×
                                  rendering              2.00 ms  2.00 ms
                                  200 (stand-in)         40.0 ms  40.0 ms      8    8.00 ×
credit-maintenance  1,000 owners  all parts               125 ms   125 ms      1            40.0 ×
                                  rollover (stand-in)     5.00 s   5.00 s  1,002`
      .slice(1),
  );
});
