import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "generated-column";

Deno.test("generated-column: a generated column and an identity", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").update({ price: 1 }).eq("id", id);
await db.from("sessions").insert({ id: 1, coach_id: id, scheduled_at: now });`,
    ),
    [
      "1:36 programs.price is generated: the database alone writes it",
      "2:36 sessions.id is generated: the database alone writes it",
    ],
  );
});

Deno.test("generated-column: they may be read and compared", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").select("price").gt("price", 1);`,
    ),
    [],
  );
});
