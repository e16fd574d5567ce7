import { assertEquals } from "@std/assert";
import { RULES } from "../../../drift/rules/rules.ts";

const FOLDER = new URL("../../../drift/rules/", import.meta.url);

Deno.test("each rule is documented with an example, in order, and no other is", async () => {
  const text = await Deno.readTextFile(new URL("README.md", FOLDER));
  const [, ...sections] = text.split(/^## /m);
  const codes = sections.map((section) => section.split("\n")[0]);
  assertEquals(codes, RULES.map((rule) => rule.code));
  const bare = sections.filter((section) => !/```ts\n.+\n```/s.test(section));
  assertEquals(bare.map((section) => section.split("\n")[0]), []);
});

Deno.test("each rule has a file and a test of its name", async () => {
  for (const { code } of RULES) {
    const name = code.replaceAll("-", "_");
    await Deno.stat(new URL(`${name}.ts`, FOLDER));
    await Deno.stat(new URL(`${name}.test.ts`, import.meta.url));
  }
});
