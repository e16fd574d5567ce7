import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "embed-by-table";

Deno.test("embed-by-table: filters, orders and limits by the table of an embed with an alias", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").select("id, owner:profiles!owner_id(name)").eq("profiles.name", "x");
await db.from("programs").select("id, parts:modules(title)").order("title", { referencedTable: "modules" });
await db.from("programs").select("id, parts:modules(title)").or("title.eq.x", { referencedTable: "modules" });
await db.from("programs").select("id, parts:modules(title)").limit(1, { foreignTable: "modules" });
await db.from("programs").select("id, parts:modules(title)").not("modules", "is", null);`,
    ),
    [
      '1:75 the select string calls profiles "owner": its table\'s name is deprecated here => owner',
      '2:97 the select string calls modules "parts": its table\'s name is deprecated here => parts',
      '3:99 the select string calls modules "parts": its table\'s name is deprecated here => parts',
      '4:88 the select string calls modules "parts": its table\'s name is deprecated here => parts',
      '5:67 the select string calls modules "parts": its table\'s name is deprecated here => parts',
    ],
  );
});

Deno.test("embed-by-table: by the alias, by the table where there is none, by a column of that name", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").select("id, owner:profiles!owner_id(name)").eq("owner.name", "x");
await db.from("programs").select("id, modules(title)").eq("modules.title", "x");
await db.from("programs").select("id, modules(id), others:modules(title)").eq("modules.title", "x");
await db.from("programs").select("id, parts:modules(title)").order("title", { referencedTable: "parts" });`,
    ),
    [],
  );
});
