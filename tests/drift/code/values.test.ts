import { assertEquals } from "@std/assert";
import { chainsOf, printed } from "./scanned.ts";

Deno.test("a name is followed through constants, members, enums, joins and casts", () => {
  assertEquals(
    printed(`
      const TABLE = "profiles" as const; const COLUMNS = ["id", "name"];
      const TABLES = { users: "users", deep: { orders: "orders" } } as const;
      enum Table { Plans = "plans" }
      supabase.from(TABLE).select(COLUMNS.join(", "));
      supabase.from(TABLES.users).select(\`id, \${TABLE}(name)\`);
      supabase.from(TABLES["deep"].orders).select("id" + ", " + "total");
      supabase.from(Table.Plans as any)!.select((("id")) satisfies string);
    `),
    [
      `from("profiles").select("id, name")`,
      `from("users").select("id, profiles(name)")`,
      `from("orders").select("id, total")`,
      `from("plans").select("id")`,
    ],
  );
});

Deno.test("what may be one of several is all of them", () => {
  assertEquals(
    printed(`
      let table = "a"; if (flag) table = "b";
      supabase.from(table).select();
      supabase.from(flag ? "c" : "d").select();
      for (const name of ["e", "f"]) supabase.from(name).select();
      ["g", "h"].map((name) => supabase.from(name).select());
      for (const [, row] of Object.entries({ a: { x: 1 }, b: { y: 2 } })) {
        supabase.from("t").insert(row);
      }
      for (const [at, name] of ["k", "l"].entries()) supabase.from(name).select();
      function of(name: "i" | "j") { return supabase.from(name).select(); }
    `),
    [
      `from("a").select()`,
      `from("b").select()`,
      `from("c").select()`,
      `from("d").select()`,
      `from("e").select()`,
      `from("f").select()`,
      `from("g").select()`,
      `from("h").select()`,
      `from("t").insert({ x: 1 } | { y: 2 })`,
      `from("k").select()`,
      `from("l").select()`,
      `from("i").select()`,
      `from("j").select()`,
    ],
  );
});

Deno.test("a comparison around a name leaves what it allows", () => {
  assertEquals(
    printed(`
      for (const name of ["f", "g"] as const) {
        if (name === "f") supabase.rpc(name, { a: 1 });
        else supabase.rpc(name, { b: 1 });
        name !== "g" ? supabase.rpc(name) : undefined;
      }
    `),
    [`rpc("f", { a: 1 })`, `rpc("g", { b: 1 })`, `rpc("f")`],
  );
});

Deno.test("what is put together at run time is not known, and a part of it is a hole", () => {
  assertEquals(
    printed(`
      supabase.from(table).select(\`\${columns}\`);
      supabase.from("a").or(\`x.eq.\${id},y.eq.\${id}\`).select("id," + more);
    `),
    [
      "from(?).select(?)",
      `from("a").or("x.eq.\uFFFC,y.eq.\uFFFC").select("id,\uFFFC")`,
    ],
  );
});

Deno.test("rows are read through spreads, shorthands, loops and later assignments", () => {
  assertEquals(
    printed(`
      const base = { a: 1, "b": null };
      supabase.from("t").insert({ ...base, c: -1.5, d, ...(flag && { e: true }) });
      supabase.from("t").insert([{ a: "x" }, { ...unknown }]);
      supabase.from("t").insert(items.map((item) => ({ a: item.b })));
      const row = {}; if (flag) row.a = 1; row["b"] = "x"; supabase.from("t").update(row);
      const rows = []; for (const item of items) rows.push({ a: 1 }); supabase.from("t").upsert(rows);
      const open = { a: 1 }; open[key] = 2; supabase.from("t").update(open);
    `),
    [
      `from("t").insert({ a: 1, b: null, c: -1.5, d: ?, e: true })`,
      `from("t").insert([{ a: "x" }, { … }])`,
      `from("t").insert([{ a: ? }, …])`,
      `from("t").update({ a: 1, b: "x" })`,
      `from("t").upsert([{ a: 1 }, …])`,
      `from("t").update({ a: 1, … })`,
    ],
  );
});

Deno.test("each character of a string has its place, across escapes, pieces and files", () => {
  const text =
    "supabase.from('p\\u0041\\n\\'x').select(`a,${'b'}c` + \"d\\\r\ne\");";
  const [chain] = chainsOf({ "a.ts": text });
  const name = chain?.start.name;
  const select = chain?.steps[0]?.args[0];
  if (name?.kind !== "string" || select?.kind !== "string") {
    throw new Error("two strings");
  }
  const at = (value: typeof name, index: number) => {
    const { source, start, end } = value.slice(index, index + 1);
    return source.text.slice(start, end);
  };
  assertEquals(name.value, "pA\n'x");
  assertEquals(at(name, 0), "p");
  assertEquals(
    text.slice(name.slice(4, 5).start),
    text.slice(text.indexOf("x'")),
  );
  assertEquals(select.value, "a,bcde");
  assertEquals(
    [...select.value].map((_, index) => at(select, index)),
    ["a", ",", "b", "c", "d", "e"],
  );
});

Deno.test("the key of a row stands without its quotes, and says whether it is a shorthand", () => {
  const text = `supabase.from("t").insert({ a, "b": 1, ['c']: 2 })`;
  const row = chainsOf(text)[0]?.steps[0]?.args[0];
  if (row?.kind !== "object") throw new Error("a row");
  assertEquals(
    row.properties.map(({ keySpan: { start, end }, shorthand }) => [
      text.slice(start, end),
      shorthand,
    ]),
    [["a", true], ["b", false], ["c", false]],
  );
});
