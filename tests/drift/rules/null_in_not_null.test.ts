import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "null-in-not-null";

Deno.test("null-in-not-null: rows of which one or the other is written are no list", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").insert(flag ? { name: "x", owner_id: id, visibility: "listed" } : { name: "y", owner_id: id });
await db.from("programs").insert(ids.map((it) => it ? { name: "x", owner_id: id, visibility: "listed" } : { name: "y", owner_id: id }));`,
    ),
    [],
  );
});

Deno.test("null-in-not-null: null in a row", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("profiles").update({ name: null, avatar_url: null }).eq("id", id);
await db.from("profiles").update({ name: flag ? "x" : null }).eq("id", id);`,
    ),
    [
      "1:36 profiles.name cannot be null",
      "2:36 profiles.name cannot be null",
    ],
  );
});

Deno.test("null-in-not-null: a row that leaves out what another gives has null, not the default", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").insert([{ name: "x", owner_id: id, visibility: "listed" }, { name: "y", owner_id: id }]);`,
    ),
    [
      '1:86 this row leaves out "visibility", which others give, so that it is null there and not its default; programs.visibility cannot be null',
    ],
  );
});

Deno.test("null-in-not-null: unless it is asked for, or a trigger sets it", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").insert([{ name: "x", owner_id: id, visibility: "listed" }, { name: "y", owner_id: id }], { defaultToNull: false });
await db.from("sessions").insert({ coach_id: id, scheduled_at: now, sequence: null });`,
    ),
    [],
  );
});
