import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "unknown-function";

Deno.test("unknown-function: a function that is not there, with the nearest", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.rpc("add_point", { p_user: id });
await db.rpc("calculate_everything");`,
    ),
    [
      '1:15 there is no function "add_point" => add_points',
      '2:15 there is no function "calculate_everything"',
    ],
  );
});

Deno.test("unknown-function: a table is told apart", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.rpc("tags");`,
    ),
    [
      '1:15 "tags" is a table or view, which .from() reads, and no function',
    ],
  );
});

Deno.test("unknown-function: a trigger function is none that can be called", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.rpc("number_session");`,
    ),
    [
      '1:15 there is no function "number_session"',
    ],
  );
});
