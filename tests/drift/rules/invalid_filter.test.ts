import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "invalid-filter";

Deno.test("invalid-filter: or strings", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").select("id").or("name=x");
await db.from("programs").select("id").or("name.contains.x");
await db.from("programs").select("id").or("and(name.eq.x,id.eq.y");
await db.from("programs").select("id").or("");`,
    ),
    [
      '1:48 "name=x" cannot be read: expected "."',
      '2:49 "name.contains.x" cannot be read: "contains" is no operator',
      '3:64 "and(name.eq.x,id.eq.y" cannot be read: expected ")"',
      '4:43 "" cannot be read: expected a column',
    ],
  );
});

Deno.test("invalid-filter: orders and columns", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").select("id").order("name.down");
await db.from("programs").select("id").eq("name.", "x");
await db.from("programs").select("id").eq("(name)", "x");`,
    ),
    [
      '1:51 "name.down" cannot be read: expected asc, desc, nullsfirst or nullslast',
      '2:48 "name." cannot be read: expected a column',
      '3:44 "(name)" cannot be read: expected a column',
    ],
  );
});

Deno.test("invalid-filter: a string with a hole that cannot be read is not judged", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").select("id").or(\`\${a}=\${b}\`);`,
    ),
    [],
  );
});

Deno.test("invalid-filter: operators that PostgREST does not have", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").select("id").filter("name", "equals", "x");
await db.from("programs").select("id").not("name", "=", "x");
await db.from("programs").select("id").filter("name", flag ? "contains" : "cs", "x");`,
    ),
    [
      '1:56 "equals" cannot be read: "equals" is no operator',
      '2:53 "=" cannot be read: "=" is no operator',
      '3:63 "contains" cannot be read: "contains" is no operator',
    ],
  );
});

Deno.test("invalid-filter: operators with modifiers and negations, and those nobody knows", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").select("id").filter("name", "not.ilike", "x").filter("name", "like(any)", "{a}");
await db.from("profiles").select("id").filter("search", "fts(english)", "x").not("search", "wfts(german)", "x");
await db.from("programs").select("id").filter("name", operator, "x").filter("name", \`not.\${operator}\`, "x");
await db.from("programs").select("id").filter("id", "in", "(a)").not("reviewer_id", "is", null);`,
    ),
    [],
  );
});
