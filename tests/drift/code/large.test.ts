import { assertEquals } from "@std/assert";
import { scanProject } from "../../../drift/code/scan.ts";

/** As much as is parsed at a time, and more: the trees are let go of in between. */
const FILES = 120;
const FILLER = `// ${"x".repeat(30_000)}\n`;

Deno.test("among more text than is kept parsed, constants and helpers of other files are followed", () => {
  const sources = Array.from({ length: FILES }, (_, index) => ({
    file: `src/${index}.ts`,
    text: `${FILLER}
import { supabase } from "./client";
import { read } from "./helper";
export const TABLE_${index} = "table_${index}";
import { TABLE_${(index + 1) % FILES} } from "./${(index + 1) % FILES}";
await supabase.from(TABLE_${(index + 1) % FILES}).select("id");
await read("of_${index}");`,
  }));
  const helper = {
    file: "src/helper.ts",
    text: `import { supabase } from "./client";
export const read = (table: string) => supabase.from(table).select("name");`,
  };
  const names = scanProject([...sources, helper]).map(({ chains }) =>
    chains.map(({ start: { name } }) =>
      name.kind === "string" ? name.value : name.kind
    )
  );
  assertEquals(names.slice(0, FILES).flat(), [
    ...sources.map((_, index) => `table_${(index + 1) % FILES}`),
  ]);
  assertEquals(
    names.at(-1)?.toSorted(),
    sources.map((_, index) => `of_${index}`).toSorted(),
  );
});
