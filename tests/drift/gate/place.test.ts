import { assertEquals } from "@std/assert";
import { judgeCode } from "../../../drift/gate.ts";
import { json } from "../../../drift/report/json.ts";
import { text } from "../../../drift/report/text.ts";
import { catalog } from "./catalog.ts";

function drift(files: Record<string, string>) {
  const sources = Object.entries(files).map(([file, text]) => ({ file, text }));
  return judgeCode(sources, catalog).findings
    .filter(({ level }) => level === "drift");
}

Deno.test("a finding stands at the query, and names where the value comes from", () => {
  assertEquals(
    text(drift({
      "src/columns.ts": `export const COLUMNS = "id, nme";
export const NAME = "nam";`,
      "src/hooks.ts": `import { COLUMNS, NAME } from "./columns";
export const useProfiles = () => useQuery({ queryFn: () =>
  supabase.from("profiles").select(COLUMNS).eq(NAME, "x") });
export function list(table: string) { return supabase.from(table).select(\`id, \${NAME}\`); }`,
      "src/page.ts": `import { list } from "./hooks";
const row = { idd: 1 };
row.agee = 2;
await supabase.from("profiles").update(row).eq("id", 1);
await list("profils");
await supabase.from("pets").insert({ id: "1", nme: "x", ...row });
await supabase.from("pets").update({ nam: "x" }).eq("id", 1);`,
    })),
    [
      'src/hooks.ts:3:36 unknown-column: profiles has no column "nme", from src/columns.ts:1:29 — did you mean "name"?',
      'src/hooks.ts:3:48 unknown-column: profiles has no column "nam", from src/columns.ts:2:22 — did you mean "name"?',
      'src/hooks.ts:4:60 unknown-table: there is no table or view "profils", from src/page.ts:5:13 — did you mean "profiles"?',
      'src/page.ts:4:40 unknown-column: profiles has no column "idd", from src/page.ts:2:15 — did you mean "id"?',
      'src/page.ts:4:40 unknown-column: profiles has no column "agee", from src/page.ts:3:5 — did you mean "age"?',
      'src/page.ts:6:36 unknown-column: pets has no column "idd", from src/page.ts:2:15',
      'src/page.ts:6:36 unknown-column: pets has no column "agee", from src/page.ts:3:5',
      'src/page.ts:7:38 unknown-column: pets has no column "nam"',
    ].join("\n"),
  );
});

Deno.test("what is wrong for two tables at one place is two findings", () => {
  const found = drift({
    "a.ts":
      `const byKind = (table: string) => supabase.from(table).select("kind");
byKind("profiles"); byKind("pets"); byKind("pets");`,
  });
  assertEquals(found.map(({ table, name }) => `${table}.${name}`).sort(), [
    "pets.kind",
    "profiles.kind",
  ]);
});

Deno.test("two values that come to one place are two findings", () => {
  const found = drift({
    "a.ts":
      `const load = (column: string) => supabase.from("profiles").select(column);
load("nme"); load("nme"); load("ag");`,
  });
  assertEquals(
    found.map((
      { line, column, from },
    ) => [line, column, from?.line, from?.column]),
    [[1, 67, 2, 7], [1, 67, 2, 20], [1, 67, 2, 33]],
  );
  assertEquals(JSON.parse(json(found))[0].from, {
    file: "a.ts",
    line: 2,
    column: 7,
  });
});

Deno.test("a comment silences a finding at its query, or where the value is written", () => {
  const silenced = {
    "at the query": `const C = "nme";
supabase.from("profiles").select(C); // drift-ignore unknown-column: legacy`,
    "where it is written":
      `const C = "nme"; // drift-ignore unknown-column: legacy
supabase.from("profiles").select(C);`,
  };
  for (const [title, code] of Object.entries(silenced)) {
    assertEquals(drift({ "a.ts": code }), [], title);
  }
});
