import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "missing-argument";

Deno.test("missing-argument: what has no default, and is left out", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.rpc("roll_over");
await db.rpc("enrol", { p_client_id: id });`,
    ),
    [
      '1:15 roll_over() is called without "p_owner", which has no default',
      '1:15 roll_over() is called without "p_max_months", which has no default',
      '2:15 enrol() is called without "p_program_id", which has no default',
    ],
  );
});

Deno.test("missing-argument: what is given under another name is not said twice", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.rpc("roll_over", { p_owner: id, p_max: 3 });`,
    ),
    [],
  );
});

Deno.test("missing-argument: a spread may hold it", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.rpc("roll_over", { ...rest });`,
    ),
    [],
  );
});
