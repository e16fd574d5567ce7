import { assertEquals } from "@std/assert";
import { fixAll } from "../../../drift/fix_all.ts";
import { judgeCode } from "../../../drift/gate.ts";
import { catalog } from "./catalog.ts";

function fixed(
  text: string,
  renames: Record<string, string> = {},
): string | undefined {
  const sources = [{ file: "a.ts", text }];
  const known = { ...catalog, renames: new Map(Object.entries(renames)) };
  const { changed } = fixAll(
    sources,
    judgeCode(sources, known),
    (sources) => judgeCode(sources, known),
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

const FULL_NAME = { "profiles.full_name": "name" };

Deno.test("without a file of renames, a synonym is left", () => {
  assertEquals(
    fixed(`supabase.from("profiles").select("full_name")`),
    undefined,
  );
});

Deno.test("a known rename is made wherever the name stands, and the result keeps its names", () => {
  const cases: Readonly<Record<string, string>> = {
    '.select("id, full_name").order("full_name")':
      '.select("id, full_name:name").order("name")',
    ".select('client:full_name, full_name::text')":
      ".select('client:name, full_name:name::text')",
    '.select("id").eq("full_name", x).or("full_name.ilike.*a*,id.eq.1")':
      '.select("id").eq("name", x).or("name.ilike.*a*,id.eq.1")',
    '.insert({ id, full_name: x }).select("full_name")':
      '.insert({ id, name: x }).select("full_name:name")',
    ".update({ full_name })": ".update({ name: full_name })",
    ".upsert([{ id, 'full_name': x }], { onConflict: 'full_name' })":
      ".upsert([{ id, 'name': x }], { onConflict: 'name' })",
  };
  for (const [before, after] of Object.entries(cases)) {
    assertEquals(
      fixed(`supabase.from("profiles")${before}`, FULL_NAME),
      `supabase.from("profiles")${after}`,
    );
  }
});

Deno.test("a known rename reaches what is embedded, and a table or function of another name", () => {
  assertEquals(
    fixed(
      `supabase.from("toys").select("*, profiles(full_name), animals(nme)").eq("profiles.full_name", x)`,
      { ...FULL_NAME, animals: "pets" },
    ),
    `supabase.from("toys").select("*, profiles(full_name:name), animals:pets(nme)").eq("profiles.name", x)`,
  );
  assertEquals(
    fixed(
      `supabase.from("people").select("full_name"); supabase.rpc("is_in_role", { user })`,
      {
        ...FULL_NAME,
        people: "profiles",
        is_in_role: "has_role",
        "has_role.user": "_user_id",
      },
    ),
    `supabase.from("profiles").select("full_name:name"); supabase.rpc("has_role", { _user_id: user })`,
  );
});

Deno.test("nothing but the names changes: line ends, tabs, quotes and comments stay", () => {
  const text = (select: string, filter: string) =>
    `\uFEFFsupabase\r\n\t.from('profiles') // full_name\r\n\t.select(\`\r\n\t\tid,\r\n\t\t${select}\r\n\t\`)\r\n\t.eq('${filter}', 'full_name');\r\n`;
  assertEquals(
    fixed(text("full_name", "full_name"), FULL_NAME),
    text("full_name:name", "name"),
  );
});

Deno.test("a known rename is not made where it cannot be right", () => {
  const cases: readonly [code: string, renames: Record<string, string>][] = [
    // both are given
    [`supabase.from("profiles").update({ full_name, name })`, FULL_NAME],
    // another table has it
    [`supabase.from("pets").select("full_name")`, FULL_NAME],
    // it does not take what is given
    [`supabase.from("profiles").update({ years: "ten" })`, {
      "profiles.years": "age",
    }],
    // there is none of that name
    [`supabase.from("profiles").select("full_name")`, {
      "profiles.full_name": "nickname",
    }],
    // a function is called, not read
    [`supabase.from("roles").select("id")`, { roles: "has_role" }],
    // the string serves two tables, one of which has the old name
    [
      `const NAME = "nme"; supabase.from("profiles").select("id").eq(NAME, x); supabase.from("pets").select("id").eq(NAME, x)`,
      { "profiles.nme": "name" },
    ],
    // the code says that it is meant
    [
      `// drift-ignore unknown-column: the next release has it\nsupabase.from("profiles").select("full_name")`,
      FULL_NAME,
    ],
  ];
  for (const [code, renames] of cases) {
    assertEquals(fixed(code, renames), undefined, code);
  }
});
