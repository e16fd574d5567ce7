import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "unexposed-schema";

Deno.test("unexposed-schema: a schema that is not exposed is named", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.schema("private").from("secrets").select("id");`,
    ),
    [
      '1:18 the Data API exposes no schema "private"',
    ],
  );
});

Deno.test("unexposed-schema: one letter off is certain", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.schema("publik").from("tags").select("id");`,
    ),
    [
      '1:18 the Data API exposes no schema "publik" => public',
    ],
  );
});

Deno.test("unexposed-schema: public is exposed, and nothing is said of a schema at run time", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.schema("public").from("tags").select("id");
await db.schema(name).from("secrets").select("id");`,
    ),
    [],
  );
});
