import { assert, assertEquals } from "@std/assert";
import { fromTypes } from "../../drift/catalog/from_types.ts";

const docs = new URL("../../docs/", import.meta.url);
const read = (path: string) => Deno.readTextFileSync(new URL(path, docs));

const page = read("audit.md");
const schema = fromTypes(
  read("../supabase/functions/_shared/database.types.ts"),
).schemas.get("public");

/** The cells of the table under a heading. */
function rowsUnder(heading: string): string[][] {
  const [, section = ""] = page.split(`## ${heading}\n`);
  const [table = ""] = /(?:^\|.*\n)+/m.exec(section) ?? [];
  return table.trimEnd().split("\n").slice(2)
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

const SECTIONS = [
  "Migration steps",
  "Phantom tables",
  "Sync safety architecture",
  "Functions",
  "Front end",
];

/** The file that a cell links to, and what stands behind the link. */
function linked(cell = ""): { file: URL; rest: string } {
  const [all = "", path = ""] = /\[[^\]]+\]\(([^)]+)\)/.exec(cell) ?? [];
  return {
    file: new URL(path, docs),
    rest: cell.replace(all, "").replace(/^:/, "").trim(),
  };
}

for (const section of SECTIONS) {
  Deno.test(`every row of the audit names a file and a test that exist: ${section}`, () => {
    const rows = rowsUnder(section);
    assert(rows.length >= 7);
    for (const row of rows) {
      const what = row.join(" ");
      const by = linked(row.at(-2));
      const proof = linked(row.at(-1));
      assert(Deno.statSync(by.file).isFile, what);
      assert(proof.file.pathname.endsWith(".test.ts") && proof.rest, what);
      const test = Deno.readTextFileSync(proof.file).replaceAll(/\s+/g, " ");
      assert(test.includes(`"${proof.rest}"`), what);
    }
  });
}

Deno.test("every step of the audit has its row, and every row its status", () => {
  const steps = rowsUnder("Migration steps").map(([step]) => step);
  assertEquals(
    steps,
    ["1A", "1B", "1C", "1D", "1E", "2A", "2B", "2C", "2D", "2E"]
      .concat(["3A", "3B", "3C"]),
  );
  for (const section of SECTIONS.filter((it) => it !== "Phantom tables")) {
    for (const row of rowsUnder(section)) assertEquals(row.at(-3), "done");
  }
});

Deno.test("no phantom is in the database, and what replaces it is", () => {
  for (const [phantoms, instead] of rowsUnder("Phantom tables")) {
    const names = quoted(phantoms);
    assert(names.length > 0);
    for (const name of names) {
      assertEquals(isThere(name), false, name);
      // what it would be a part of is
      const [whole = ""] = name.split(/[.(]/);
      assertEquals(isThere(whole), whole !== name, name);
    }
    for (const name of quoted(instead)) assert(isThere(name), name);
  }
});

/** Every word in back-ticks. */
function quoted(cell = ""): string[] {
  return Array.from(cell.matchAll(/`([^`]+)`/g), ([, word = ""]) => word);
}

/** Whether the database has a `table`, `table.column`, `function()`, `function(argument)` or `enum.value`. */
function isThere(name: string): boolean {
  const [, whole = "", column, argument] =
    /^(\w+)(?:\.(\w+)|\((\w*)\))?$/.exec(name) ?? [];
  const { relations, functions, enums } = schema ?? {};
  const overloads = functions?.get(whole) ?? [];
  if (column !== undefined) {
    return relations?.get(whole)?.columns.has(column) ||
      (enums?.get(whole)?.includes(column) ?? false);
  }
  if (argument) {
    return overloads.some(({ args }) =>
      args.some((it) => it.name === argument)
    );
  }
  return overloads.length > 0 ||
    ((relations?.has(whole) || enums?.has(whole)) ?? false);
}
