import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "invalid-select";

Deno.test("invalid-select: where the string stops being one", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").select("id, modules(title");
await db.from("programs").select("id,, name");
await db.from("programs").select("id name, total:price_cents.total()");
await db.from("programs").select("id; drop");`,
    ),
    [
      '1:51 the select string cannot be read: expected ")"',
      "2:38 the select string cannot be read: expected a column or relation",
      "3:62 the select string cannot be read: expected sum(), avg(), count(), max(), min()",
      "4:37 the select string cannot be read: expected a comma",
    ],
  );
});

Deno.test("invalid-select: what PostgREST reads is left alone", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").select("");
await db.from("programs").select('a:"name" , b:metadata->x->>y::text, tags!inner(label), ...categories(name)');`,
    ),
    [],
  );
});
