import { assert } from "@std/assert";

const docs = new URL("../../docs/", import.meta.url);
const tests = new URL("../", import.meta.url);

/** The cells of the table's rows. */
function rows(): string[][] {
  return Deno.readTextFileSync(new URL("audit.md", docs)).split("\n")
    .filter((line) => line.startsWith("|")).slice(2)
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

/** The text of every test file, each stretch of white space as one space. */
function* testTexts(folder: URL): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = new URL(isDirectory ? `${name}/` : name, folder);
    if (isDirectory) yield* testTexts(path);
    else if (name.endsWith(".test.ts")) {
      yield Deno.readTextFileSync(path).replaceAll(/\s+/g, " ");
    }
  }
}

Deno.test("every row of the audit names a file and a test that exist", () => {
  const texts = Array.from(testTexts(tests));
  const found = rows();
  assert(found.length > 20);
  for (const [what, file = "", test = ""] of found) {
    const [, path = ""] = /\]\((.+)\)/.exec(file) ?? [];
    assert(Deno.statSync(new URL(path, docs)).isFile, what);
    assert(
      test !== "" && texts.some((text) => text.includes(test)),
      `${what}: ${test}`,
    );
  }
});
