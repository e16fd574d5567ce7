import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "no-unique-key";

Deno.test("no-unique-key: columns that are no key", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("payments").upsert({ enrolment_id: id, amount_cents: 1 }, { onConflict: "enrolment_id" });
await db.from("modules").upsert({ program_id: id, title: "x", position: 1, kind: "text" }, { onConflict: "program_id,title" });`,
    ),
    [
      "1:88 payments has no unique key (enrolment_id), only (id)",
      "2:107 modules has no unique key (program_id, title), only (id), (program_id, position)",
    ],
  );
});

Deno.test("no-unique-key: an index with a condition is no key for it", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("payments").upsert({ enrolment_id: id, amount_cents: 1, stripe_session: "x" }, { onConflict: "stripe_session" });`,
    ),
    [
      "1:109 payments has no unique key (stripe_session), only (id)",
    ],
  );
});

Deno.test("no-unique-key: a key in any order, and a column that is not there is another rule's", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("modules").upsert({ program_id: id, title: "x", position: 1, kind: "text" }, { onConflict: "position,program_id" });
await db.from("tags").upsert({ label: "x" }, { onConflict: "name" });`,
    ),
    [],
  );
});
