import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "not-writable";

Deno.test("not-writable: a view that joins or counts", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("program_overview").insert({ name: "x" });
await db.from("program_counts").delete().eq("program_id", id);`,
    ),
    [
      "1:16 program_overview is a view that takes no insert",
      "2:16 program_counts is a view that takes no delete",
    ],
  );
});

Deno.test("not-writable: a computed column of a view, and a computed field of a table", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("active_enrolments").update({ checkout: "x", status: "paused" }).eq("id", id);
await db.from("profiles").update({ initials: "X" }).eq("id", id);`,
    ),
    [
      "1:45 active_enrolments.checkout is computed: it cannot be written",
      "2:36 profiles.initials is computed: it cannot be written",
    ],
  );
});

Deno.test("not-writable: a view of one table takes writes", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("active_enrolments").update({ status: "paused" }).eq("id", id);
await db.from("active_enrolments").delete().eq("id", id);`,
    ),
    [],
  );
});
