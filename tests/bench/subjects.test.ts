import { assertEquals } from "@std/assert";
import { SUBJECTS } from "../../bench/subjects.ts";

/** They replace none, and are measured beside the floor alone. */
const NEW = ["process-email-queue", "request-email-change"];

Deno.test("every function has a subject in the bench, and no subject but the floor is without a function", () => {
  assertEquals(
    SUBJECTS.map(({ name }) => name).sort(),
    ["floor", ...functionsIn("supabase/functions")].sort(),
  );
});

Deno.test("every function that replaces one has a stand-in for it", () => {
  const replacing = functionsIn("supabase/functions")
    .filter((name) => !NEW.includes(name));
  assertEquals(
    functionsIn("bench/functions"),
    ["floor", ...replacing.map((name) => `former-${name}`)].sort(),
  );
});

/** The folders that have an index.ts, by name. */
function functionsIn(folder: string): string[] {
  const url = new URL(`../../${folder}/`, import.meta.url);
  return Array.from(Deno.readDirSync(url))
    .filter(({ name, isDirectory }) =>
      isDirectory &&
      Array.from(Deno.readDirSync(new URL(`${name}/`, url)))
        .some((file) => file.name === "index.ts")
    )
    .map(({ name }) => name).sort();
}
