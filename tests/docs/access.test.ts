import { assert, assertEquals } from "@std/assert";
import { parse } from "smol-toml";
import { ACCESS, FUNCTIONS } from "../../supabase/functions/_shared/access.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string) => Deno.readTextFileSync(new URL(path, root));
const functions = Object.entries(FUNCTIONS);

Deno.test("the registry of functions is the folders' and config.toml's", () => {
  const names = functions.map(([name]) => name).sort();
  const folders = Array.from(
    Deno.readDirSync(new URL("supabase/functions", root)),
  )
    .filter(({ isDirectory, name }) => isDirectory && !name.startsWith("_"))
    .map(({ name }) => name).sort();
  const configured = Object.keys(
    Object(parse(read("supabase/config.toml")).functions),
  ).sort();
  assertEquals(folders, names);
  assertEquals(configured, names);
});

for (const [name, access] of functions) {
  Deno.test(`${name} is wired under its own name`, async () => {
    const module = await import(
      new URL(`supabase/functions/${name}/index.ts`, root).href
    );
    assertEquals(module.default.name, name);
  });

  Deno.test(`config.toml and the README tell how ${name} is called`, () => {
    const config = read("supabase/config.toml").split("\n");
    const heading = `[functions.${name}] # ${ACCESS[access]}`;
    assert(config.some((line) => line.startsWith(heading)), heading);
    const row = read("README.md").split("\n").find((line) =>
      new RegExp(`^\\| \`[A-Z]+ ${name}\\b`).test(line)
    );
    const [, , , credential = ""] = row?.split("|") ?? [];
    assert(
      credential.replaceAll("`", "").trim().startsWith(ACCESS[access]),
      `${name}: ${credential}`,
    );
  });
}
