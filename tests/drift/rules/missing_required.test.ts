import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "missing-required";

Deno.test("missing-required: what an insert and an upsert leave out", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").insert({ name: "x" });
await db.from("modules").upsert([{ title: "x", position: 1, kind: "text" }]);`,
    ),
    [
      "1:34 programs.owner_id is required: it cannot be null and has no default",
      "2:34 modules.program_id is required: it cannot be null and has no default",
    ],
  );
});

Deno.test("missing-required: an update may leave out anything, and a spread may hold it", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").update({ name: "x" }).eq("id", id);
await db.from("programs").insert({ ...rest, name: "x" });`,
    ),
    [],
  );
});

Deno.test("missing-required: defaults, identities, generated columns and what a trigger sets are not required", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("sessions").insert({ coach_id: id, scheduled_at: now });`,
    ),
    [],
  );
});
