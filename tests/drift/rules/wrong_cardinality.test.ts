import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "wrong-cardinality";

Deno.test("wrong-cardinality: a list read as a row", async () => {
  assertEquals(
    await judged(
      RULE,
      `const { data } = await db.from("programs").select("modules(title)").single();
console.log(data.modules.title);`,
    ),
    [
      '2:26 modules is a list of modules, and has no "title"',
    ],
  );
});

Deno.test("wrong-cardinality: a row read as a list", async () => {
  assertEquals(
    await judged(
      RULE,
      `const { data } = await db.from("modules").select("owner:programs(name)").limit(1);
data.map((it) => it.owner[0].name);`,
    ),
    [
      "2:27 owner is one row of programs, and no list",
    ],
  );
});

Deno.test("wrong-cardinality: a column read off a list of rows says nothing", async () => {
  assertEquals(
    await judged(
      RULE,
      `const { data } = await db.from("programs").select("name, metadata").limit(1);
console.log(data[0].metadata.theme, data.length);`,
    ),
    [],
  );
});

Deno.test("wrong-cardinality: an order by a list", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").select("modules(title)").order("modules(title)");
await db.from("modules").select("programs(name)").order("programs(name)");`,
    ),
    [
      "1:59 modules is a list: programs cannot be ordered by a column of it",
    ],
  );
});

Deno.test("wrong-cardinality: code that is ready for both shows neither", async () => {
  assertEquals(
    await judged(
      RULE,
      `const { data } = await db.from("modules").select("programs(name)").single();
const p = Array.isArray(data.programs) ? data.programs[0].name : data.programs.name;`,
    ),
    [],
  );
});
