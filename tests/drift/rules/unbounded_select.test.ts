import { assertEquals } from "@std/assert";
import { judged } from "./judging.ts";

const RULE = "unbounded-select";

Deno.test("unbounded-select: a list without an end", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").select("id").eq("visibility", "listed");
await db.from("programs").select("id, modules(id)").limit(5, { referencedTable: "modules" });`,
    ),
    [
      "1:16 this list of programs has no limit or range: it is cut at 1,000 rows",
      "2:16 this list of programs has no limit or range: it is cut at 1,000 rows",
    ],
  );
});

Deno.test("unbounded-select: a limit, a range, one row, a count, a unique key", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("programs").select("id").limit(5);
await db.from("programs").select("id").range(0, 9);
await db.from("programs").select("id").eq("visibility", "x").maybeSingle();
await db.from("programs").select("id", { count: "exact", head: true });
await db.from("programs").select("id").eq("id", id);
await db.from("modules").select("id").eq("program_id", id).eq("position", 1);`,
    ),
    [],
  );
});

Deno.test("unbounded-select: what a write gives back is as long as what it wrote", async () => {
  assertEquals(
    await judged(
      RULE,
      `await db.from("tags").insert({ label: "x" }).select("id");`,
    ),
    [],
  );
});
