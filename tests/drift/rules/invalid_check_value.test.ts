import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "invalid-check-value";

Deno.test("invalid-check-value: in rows and filters", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").update({ visibility: "public" }).eq("visibility", "drafts");`,
    ),
    [
      '1:78 programs.visibility takes "draft", "listed", "hidden", never "drafts" => draft',
      '1:49 programs.visibility takes "draft", "listed", "hidden", never "public"',
    ],
  );
});

Deno.test("invalid-check-value: a check that lets null through, and one written with any", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("sessions").update({ status: null }).eq("id", 1);
await db.from("modules").update({ kind: "audio" }).eq("id", id);`,
    ),
    [
      '2:42 modules.kind takes "video", "text", "session", never "audio"',
    ],
  );
});

Deno.test("invalid-check-value: a pattern is no value", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").select("id").like("visibility", "li%");`,
    ),
    [],
  );
});
