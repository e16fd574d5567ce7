import { assertEquals } from "@std/assert";
import { printed } from "./scanned.ts";

Deno.test("a stored query has the steps that are added later, in their order", () => {
  assertEquals(
    printed(`
      async function list(supabase) {
        let query = supabase.from("x").select("a");
        if (flag) query = query.eq("b", 1);
        else { query = query.or("c.is.null"); }
        query.order("d");
        const { data, error } = await query.range(0, 9);
      }
    `),
    [
      `from("x").select("a").eq("b", 1).or("c.is.null").order("d").range(0, 9)`,
    ],
  );
});

Deno.test("a query chosen from several goes on as each", () => {
  assertEquals(
    printed(`
      const table = flag ? supabase.from("a") : supabase.from("b");
      table.select("id");
      let query;
      if (flag) query = supabase.from("c").select();
      else query = supabase.from("d").select();
      await query.limit(1);
    `),
    [
      `from("a").select("id")`,
      `from("b").select("id")`,
      `from("c").select().limit(1)`,
      `from("d").select().limit(1)`,
    ],
  );
});

Deno.test("a query goes on in the helper it is given to, and where a helper gives it back", () => {
  assertEquals(
    printed({
      "src/a.ts": `
        import { page, table } from "./helpers.ts";
        await page(supabase.from("t").select("id"), "made");
        await table().update({ a: 1 });
        await table().delete();
      `,
      "src/helpers.ts": `
        export const page = (query, column) => query.order(column).limit(10);
        export const table = () => supabase.from("u");
      `,
    }),
    [
      `from("t").select("id").order("made").limit(10)`,
      `from("u").delete()`,
      `from("u").update({ a: 1 })`,
    ],
  );
});
