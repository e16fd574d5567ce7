import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "unknown-column";

Deno.test("unknown-column: what is read from the result keeps its name", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("tags").select("id, lable");
await db.from("tags").select("id, text:lable");
await db.from("programs").select("metadat->x, pric.sum()");`,
    ),
    [
      '1:35 tags has no column "lable" => lable:label',
      '2:40 tags has no column "lable" => label',
      '3:35 programs has no column "metadat" => metadata',
      '3:47 programs has no column "pric" -> price',
    ],
  );
});

Deno.test("unknown-column: in a select string, a filter, an order and a row", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("profiles").select("id, full_name").eq("usrname", "x").order("create_at");
await db.from("tags").insert({ lable: "x" });`,
    ),
    [
      '1:39 profiles has no column "full_name" -> name',
      '1:55 profiles has no column "usrname" -> name',
      '1:77 profiles has no column "create_at" => created_at',
      '2:32 tags has no column "lable" => label',
    ],
  );
});

Deno.test("unknown-column: a short property keeps its variable", async () => {
  assertEquals(
    await judged(
      RULE,
      `const lable = "x";
await db.from("tags").insert({ lable });`,
    ),
    [
      '2:32 tags has no column "lable" => label: lable',
    ],
  );
});

Deno.test("unknown-column: a candidate has to take the value", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").select("id").eq("price_cent", "abc");
await db.from("programs").select("id").eq("price_cent", 5);`,
    ),
    [
      '1:44 programs has no column "price_cent"',
      '2:44 programs has no column "price_cent" -> price_cents',
    ],
  );
});

Deno.test("unknown-column: a column that the row has already is no candidate", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("tags").insert({ label: "x", labels: "y" });`,
    ),
    [
      '1:44 tags has no column "labels"',
    ],
  );
});

Deno.test("unknown-column: the columns of a composite result", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.rpc("usage_report", { p_from: "2026-01-01" }).select("minute");`,
    ),
    [
      '1:64 usage_report returns no column "minute" => minute:minutes',
    ],
  );
});

Deno.test("unknown-column: columns that belong to another table of the same choice are not judged", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from(flag ? "programs" : "modules").select(flag ? "name" : "title");
await db.from(flag ? "programs" : "modules").select(flag ? "names" : "title");`,
    ),
    [
      '2:61 programs has no column "names" => names:name',
      '2:61 modules has no column "names"',
    ],
  );
});

Deno.test("unknown-column: of two tables, the one that lacks the column counts", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from(flag ? "programs" : "modules").select("title");`,
    ),
    [
      '1:54 programs has no column "title" -> name',
    ],
  );
});
