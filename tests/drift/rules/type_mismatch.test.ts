import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "type-mismatch";

Deno.test("type-mismatch: what a column cannot take", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").update({ price_cents: "ten", owner_id: 5, starts_on: "soon" }).eq("id", "me");`,
    ),
    [
      '1:100 programs.id is uuid, which "me" is not',
      '1:50 programs.price_cents is integer, which "ten" is not',
      "1:66 programs.owner_id is uuid, which 5 is not",
      '1:81 programs.starts_on is date, which "soon" is not',
    ],
  );
});

Deno.test("type-mismatch: null is found with is", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").select("id").eq("reviewer_id", null).neq("name", null);`,
    ),
    [
      '1:58 programs.reviewer_id is compared with the text "null": null is found with .is()',
      '1:76 programs.name is compared with the text "null": null is found with .is()',
    ],
  );
});

Deno.test("type-mismatch: operators that a type does not have", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("sessions").select("id").like("id", "1%").is("seats", true).contains("seats", [1]);`,
    ),
    [
      "1:52 sessions.id is bigint, which like does not search",
      "1:69 sessions.seats is integer: only a boolean is true",
      "1:93 sessions.seats is integer, and neither a list, a range nor JSON",
    ],
  );
});

Deno.test("type-mismatch: what is takes", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("profiles").select("id").is("name", "x").is("is_disabled", false);`,
    ),
    [
      '1:52 .is() takes null, true, false or unknown, not "x"',
    ],
  );
});

Deno.test("type-mismatch: the empty text that stands in for a missing value is none", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").select("id").eq("owner_id", user?.id ?? "");
await db.from("programs").select("id").eq("owner_id", "");`,
    ),
    [
      '2:55 programs.owner_id is uuid, which "" is not',
    ],
  );
});

Deno.test("type-mismatch: a list in a call", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.rpc("roll_over", { p_owner: [id], p_max_months: 1.5 });`,
    ),
    [
      "1:38 roll_over(p_owner) is uuid, which a list is not",
      "1:58 roll_over(p_max_months) is integer, which 1.5 is not",
    ],
  );
});
