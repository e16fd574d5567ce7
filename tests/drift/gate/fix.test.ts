import { assertEquals } from "@std/assert";
import { fixAll } from "../../../drift/fix_all.ts";
import { judgeCode } from "../../../drift/gate.ts";
import { catalog } from "./catalog.ts";

function fixed(text: string): string | undefined {
  const sources = [{ file: "a.ts", text }];
  const { changed } = fixAll(
    sources,
    judgeCode(sources, catalog),
    (sources) => judgeCode(sources, catalog),
  );
  return changed[0]?.text;
}

Deno.test("a certain rename is made in strings, filters and keys, and with it what can then be judged", () => {
  assertEquals(
    fixed(
      `supabase.from('profile').select("id, nme").eq('nme', x); supabase.from("profiles").update({ nme: 1, "ag": 2 });`,
    ),
    `supabase.from('profiles').select("id, nme:name").eq('name', x); supabase.from("profiles").update({ name: 1, "age": 2 });`,
  );
});

Deno.test("a shorthand keeps its value", () => {
  assertEquals(
    fixed(`supabase.from("profiles").insert({ id, nme })`),
    `supabase.from("profiles").insert({ id, name: nme })`,
  );
});

Deno.test("a name is renamed where it stands, not where it is used", () => {
  assertEquals(
    fixed(
      `const COLUMNS = "id,nme"; supabase.from("profiles").select(COLUMNS); supabase.from("profiles").select(COLUMNS)`,
    ),
    `const COLUMNS = "id,nme:name"; supabase.from("profiles").select(COLUMNS); supabase.from("profiles").select(COLUMNS)`,
  );
});

Deno.test("what is not certain is left", () => {
  assertEquals(
    fixed(`supabase.from("profiles").select("entirely_different")`),
    undefined,
  );
});

Deno.test("a name that is right for another table is left", () => {
  assertEquals(
    fixed(`
      const NAME = "nme";
      supabase.from("profiles").select("id").eq(NAME, x);
      supabase.from("pets").select("id").eq(NAME, x);
    `),
    undefined,
  );
});
