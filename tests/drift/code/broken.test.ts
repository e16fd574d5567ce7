import fc from "fast-check";
import { assertEquals } from "@std/assert";
import { scanFile } from "../../../drift/code/scan.ts";
import { printed } from "./scanned.ts";

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
