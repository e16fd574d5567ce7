import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "ignored-error";

Deno.test("ignored-error: an answer whose error nobody can read", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("tags").delete().eq("id", id);
const { data } = await db.from("tags").select("id").limit(1);`,
    ),
    [
      "1:10 the error of this call on tags is neither read nor thrown",
      "2:27 the error of this call on tags is neither read nor thrown",
    ],
  );
});

Deno.test("ignored-error: an error that is read, thrown or passed on", async () => {
  assertEquals(
    await judged(
      RULE,
      `const { error } = await db.from("tags").delete().eq("id", id);
if (error) throw error;
await db.from("tags").delete().eq("id", id).throwOnError();
const f = () => db.from("tags").select("id").limit(1);`,
    ),
    [],
  );
});
