import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "unknown-argument";

Deno.test("unknown-argument: an argument under another name", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.rpc("roll_over", { p_owner: id, p_max: 3 });`,
    ),
    [
      '1:42 roll_over() has no argument "p_max" -> p_max_months',
    ],
  );
});

Deno.test("unknown-argument: a misspelling is certain", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.rpc("programs_of", { p_owner_ids: id });`,
    ),
    [
      '1:31 programs_of() has no argument "p_owner_ids" => p_owner_id',
    ],
  );
});

Deno.test("unknown-argument: one too many", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.rpc("ping", { loud: true });`,
    ),
    [
      '1:24 ping() has no argument "loud"',
    ],
  );
});

Deno.test("unknown-argument: of several overloads the nearest counts", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.rpc("add_points", { p_user: id, p_points: 1, p_reason: "x" });`,
    ),
    [
      '1:55 add_points() has no argument "p_reason"',
    ],
  );
});

Deno.test("unknown-argument: a spread may give anything, what is named is judged", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.rpc("roll_over", { ...rest, p_ownr: id });`,
    ),
    [
      '1:38 roll_over() has no argument "p_ownr" => p_owner',
    ],
  );
});
