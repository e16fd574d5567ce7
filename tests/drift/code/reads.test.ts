import { assertEquals } from "@std/assert";
import { readsIn } from "./scanned.ts";

const READS: Readonly<Record<string, readonly string[]>> = {
  "data.name;": ["name"],
  "data?.programs?.name;": ["programs.name"],
  "data![0].programs['name'];": ["[0].programs.name"],
  "data.map((row) => row.programs.name);": ["[map].programs.name"],
  "(data ?? []).forEach(({ programs: { name }, id }) => 1);": [
    "[forEach].programs.name",
    "[forEach].id",
  ],
  "for (const row of data || []) use(row.programs);": ["[of].programs"],
  "const [first] = data; first.name;": ["[0].name"],
  "const rows = data; rows.length;": ["[length]"],
  "data.find((row) => row.id === 1)?.name;": ["[find].id", "[find].name"],
  "data.filter((row) => row.ok).map((row) => row.name);": [
    "[filter].ok",
    "[map].name",
  ],
  "const { a, b: { c } = {} } = data; use(a);": ["a", "b.c"],
  "const name = (row) => row.programs.name; name(data);": ["programs.name"],
  "data.name.trim();": ["name"],
  "data.programs.map((program) => program.name);": ["programs.[map].name"],
  "`${data.title}`; <p>{data.text}</p>;": ["title", "text"],
};

Deno.test("what is read of the data is told as paths, with what shows an array", () => {
  for (const [code, reads] of Object.entries(READS)) {
    const query = `const { data } = await supabase.from("a").select();`;
    assertEquals(readsIn({ "a.tsx": `${query} ${code}` }), [reads], code);
  }
});
