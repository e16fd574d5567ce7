import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "untyped-client";

Deno.test("untyped-client: a client without the Database type", async () => {
  assertEquals(
    await judged(
      RULE,
      `const plain = createClient("", "");
await plain.from("tags").select("id").limit(1);`,
    ),
    [
      "2:13 this client is made without the Database type: createClient<Database>(…)",
    ],
  );
});

Deno.test("untyped-client: one that has it, or is made out of sight", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("tags").select("id").limit(1);
async function f(client: SupabaseClient<Database>) { await client.from("tags").select("id").limit(1); }`,
    ),
    [],
  );
});
