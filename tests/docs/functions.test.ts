import { assertEquals } from "@std/assert";
import { FUNCTIONS } from "../../supabase/functions/_shared/access.ts";

Deno.test("docs/functions.md has a section for every function, and no other", () => {
  const text = Deno.readTextFileSync(
    new URL("../../docs/functions.md", import.meta.url),
  );
  const sections = Array.from(text.matchAll(/^## (.*)$/gm), ([, name]) => name);
  assertEquals(sections.sort(), Object.keys(FUNCTIONS).sort());
});
