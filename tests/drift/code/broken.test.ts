import fc from "fast-check";
import { assert, assertEquals } from "@std/assert";
import { scanFile, scanProject } from "../../../drift/code/scan.ts";
import { judgeCode } from "../../../drift/gate.ts";
import { catalog } from "../gate/catalog.ts";
import { chainsOf, printed } from "./scanned.ts";

const CODE = `
import { createClient } from "@supabase/supabase-js";
const db = createClient(url, Deno.env.get("SUPABASE_ANON_KEY")!);
export async function load({ table = "a", ...rest }: Row) {
  let query = db.from(table).select(\`id, \${columns}\`);
  if (rest.id) query = query.eq("id", rest.id);
  const [{ data, error }] = await Promise.all([query, db.rpc("f", { a: [1, ...b] })]);
  if (error) throw error;
  return data?.map(({ id, b: [c] }) => ({ id, c }));
}
class C { constructor(private db: Db) {} get() { return this.db.from("b").insert({ [key]: 1 }); } }
`;

Deno.test("what follows a syntax error is still read", () => {
  assertEquals(printed(`const a = ; }\nsupabase.from("a").select("id");`), [
    `from("a").select("id")`,
  ]);
});

Deno.test("no text makes the scanner throw", () => {
  const cut = fc.nat(CODE.length);
  fc.assert(
    fc.property(cut, cut, fc.string({ maxLength: 8 }), (from, to, put) => {
      scanFile("a.tsx", CODE.slice(0, from) + put + CODE.slice(to));
    }),
    { numRuns: 300 },
  );
});

Deno.test("functions and values that are defined by themselves come to an end", () => {
  printed(`
    const a = b; const b = a; supabase.from(a).select(b);
    const f = (x) => f(x); supabase.from(f("t")).select();
    function g(x) { return h(x); } function h(x) { return g(x); }
    supabase.rpc("f", g({ a: 1 }));
    let q = supabase.from("t").select(); q = q.eq("a", q = q.limit(1));
    const o = { ...o, p: o.p }; supabase.from("t").insert(o);
    class D extends D { x = this.x; go() { return this.x.from("t").select(); } }
  `);
});

Deno.test("a value that is made of itself comes to an end, and is still read", () => {
  assertEquals(
    printed(`
      let o = {}; o = { ...o, a: 1 }; o = { ...o, b: "x" };
      supabase.from("t").insert({ x: o.b, y: o.c });
      let l = []; l = [...l, "y"]; l = [...l, ...l];
      supabase.from("t").insert({ x: l[0] });
      class A extends B {} class B extends A {}
      new A().db.from("t").select("id");
    `),
    [
      `from("t").insert({ x: "x", y: ? })`,
      `from("t").insert({ x: "y" })`,
      `from("t").select("id")`,
    ],
  );
});

Deno.test("an object that is made again a hundred times takes no long time", () => {
  const again = Array.from(
    { length: 100 },
    (_, index) => `if (f${index}) o = { ...o, k${index}: ${index} };`,
  );
  const started = performance.now();
  const [chain] = chainsOf(
    `let o = {};\n${
      again.join("\n")
    }\nsupabase.from("t").insert(o).eq("k", o.k7);`,
  );
  assertEquals(chain?.steps.length, 2);
  assert(performance.now() - started < 5_000);
});

Deno.test("modules that export one another come to an end", () => {
  const files = Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [
      `src/m${index}.ts`,
      Array.from({ length: 12 }, (_, other) => `export * from "./m${other}";`)
        .join("\n"),
    ]),
  );
  assertEquals(
    printed({
      ...files,
      "src/a.ts":
        `import { nowhere } from "./m0"; supabase.from(nowhere).select("id");`,
    }),
    [`from(?).select("id")`],
  );
});

Deno.test("10,000 chained calls or strings are no matter", () => {
  const [chain] = chainsOf(
    `supabase.from("t").select("id")${".eq('a', 1)".repeat(10_000)};`,
  );
  assertEquals(chain?.steps.length, 10_001);
  const sum = Array(10_000).fill('"ab"').join(" + ");
  const [other] = chainsOf(`const columns = ${sum}; supabase.from(columns);`);
  assertEquals(other?.start.name.kind, "string");
});

Deno.test("a file that cannot be read is named, and the others are judged", () => {
  const deep = `const x = ${"(".repeat(30_000)}1${")".repeat(30_000)};`;
  const { findings, unread } = judgeCode([
    { file: "deep.ts", text: `supabase.from("nobody").select();${deep}` },
    { file: "flat.ts", text: `await supabase.from("profils").select("id");` },
  ], catalog);
  assertEquals(unread, ["deep.ts: nested too deeply"]);
  assertEquals(
    findings.filter(({ level }) => level === "drift")
      .map(({ file, name }) => `${file} ${name}`),
    ["flat.ts profils"],
  );
});

Deno.test("a call that cannot be judged is named, and the others are judged", () => {
  const deep = "a(".repeat(30_000) + "id" + ")".repeat(30_000);
  const { findings, unread } = judgeCode([{
    file: "a.ts",
    text: `supabase.from("profiles").select("${deep}");
await supabase.from("profils").select("id").limit(1);`,
  }], catalog);
  assertEquals(unread, ["a.ts:1:10: nested too deeply"]);
  assertEquals(
    findings.filter(({ level }) => level === "drift").map(({ name }) => name),
    ["profils"],
  );
});

Deno.test("scripts of Vue, Svelte and Astro are read where they stand", () => {
  const files = {
    "a.vue": `<template><p v-if="a < b">{{ x }}</p></template>
<script setup lang="ts">
const { data } = await supabase.from("a").select("id");
</script>
<script>export default {}</script>`,
    "b.svelte": `<script context="module">
  export const load = () => supabase.from("b").select("id");
</script>
<script lang="ts">const rows = supabase.from("b2").select();</script>
{#each rows as row}<p>{row.from("c").select()}</p>{/each}`,
    "c.astro": `---
import { supabase } from "../lib/supabase";
const { data } = await supabase.from("c").select("id");
---
<p>{data.length}</p>
<script>supabase.from("c2").delete();</script>`,
  };
  const scanned = scanProject(
    Object.entries(files).map(([file, text]) => ({ file, text })),
  );
  assertEquals(
    scanned.flatMap(({ text, chains }) =>
      chains.map(({ start }) =>
        text.slice(start.span.start, start.span.end + 5)
      )
    ),
    [`from("a")`, `from("b")`, `from("b2"`, `from("c")`, `from("c2"`],
  );
});

Deno.test("data that is handed on without end is followed no further than it tells anything", () => {
  const steps = Array.from(
    { length: 12 },
    (_, index) =>
      `function f${index}(x) { g(x.a${index}); ${
        Array.from({ length: 12 }, (_, other) => `f${other}(x.b${index});`)
          .join(" ")
      } }`,
  );
  const started = performance.now();
  assertEquals(
    printed(`${steps.join("\n")}
      const { data } = await supabase.from("t").select("id");
      f0(data);`),
    [`from("t").select("id")`],
  );
  assert(performance.now() - started < 10_000);
});
