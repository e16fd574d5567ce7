import { assert, assertEquals } from "@std/assert";
import { loadCatalog } from "../../../drift/catalog/load.ts";
import { mutateCode } from "../../../drift/mutate/code.ts";
import { labelOf, type Mutant } from "../../../drift/mutate/mutant.ts";
import { scoreOf } from "../../../drift/mutate/score.ts";
import { mutateSql } from "../../../drift/mutate/sql.ts";
import { batches, mentions } from "../../../drift/mutate/types.ts";
import { mutatedTypes } from "../../../drift/mutate/types_file.ts";
import { postgresTest, undoneAsSuperuser } from "../../support/sql.ts";

const CODE = `
import { createClient } from "@supabase/supabase-js";
const db = createClient(Deno.env.get("URL")!, Deno.env.get("SUPABASE_SERVICE_ROLE_KEY")!);
const { data, error } = await db.from("programs").select("slug, program_modules(title)").eq("is_active", true);
const { error: failed } = await db.from("user_roles").insert({ user_id: id, role: "coach" });
await db.rpc("has_role", { _user_id: id, _role: "admin" });
`;

Deno.test("the gate notices each mutant of what a file uses", async () => {
  const outcomes = mutateCode(
    [{ file: "a.ts", text: CODE }],
    await loadCatalog({ kind: "files" }),
  );
  const labels = outcomes.map(labelOf);
  for (
    const label of [
      "table public.programs",
      "table public.program_modules",
      "column public.programs.is_active",
      "column public.program_modules.title",
      "foreign key public.program_modules.program_modules_program_id_fkey",
      "enum value public.app_role.coach",
      "enum value public.app_role.admin",
      "function public.has_role",
      "argument public.has_role._role",
    ]
  ) assert(labels.includes(label), label);
  assertEquals(
    outcomes.filter(({ by }) => by !== "gate").map(labelOf),
    [],
  );
});

postgresTest(
  "the checks notice mutants that bodies use, and PostgreSQL refuses those that trees use",
  () =>
    undoneAsSuperuser(async (sql) => {
      await sql.script(`
        create type public.drift_kind as enum ('one', 'two');
        create table public.drift_t (id int primary key, kind public.drift_kind, unseen int);
        create function public.drift_inner(p_id int) returns int language sql as 'select p_id';
        create function public.drift_text() returns int language plpgsql set search_path = '' as $$
        begin
          return (select public.drift_inner(p_id => t.id) from public.drift_t t where t.kind = 'one');
        end $$;
        create view public.drift_view as select id from public.drift_t`);
      const isOurs = ({ object }: Mutant) => object.startsWith("drift_");
      const outcomes = await mutateSql(sql, { only: isOurs });
      assertEquals(
        outcomes.map((it) => `${it.by}: ${labelOf(it)}`).toSorted(),
        [
          "gate: argument public.drift_inner.p_id",
          "gate: column public.drift_t.id",
          "gate: column public.drift_t.kind",
          "gate: enum value public.drift_kind.one",
          "gate: function public.drift_inner",
          "gate: table public.drift_t",
          "server: column public.drift_t.id",
        ],
      );
    }),
);

Deno.test("a mutant is renamed in the generated types where they name it, and nowhere else", () => {
  const types = `export type Database = { "public": {
    Tables: { "t": { Row: { "id": string }; Insert: { "id": string } }; "u": { Row: { "id": string } } };
    Functions: { "f": { Args: { "id": string } } };
    Enums: { "e": "id" | "other" };
  } };`;
  const changed = (mutant: Omit<Mutant, "schema">) =>
    mutatedTypes(types, [{ schema: "public", ...mutant }])
      .split("_mutant").length - 1;
  assertEquals(changed({ kind: "column", object: "t", name: "id" }), 2);
  assertEquals(changed({ kind: "table", object: "u", name: "u" }), 1);
  assertEquals(changed({ kind: "argument", object: "f", name: "id" }), 1);
  assertEquals(changed({ kind: "enum value", object: "e", name: "id" }), 1);
  assertEquals(changed({ kind: "foreign key", object: "t", name: "id" }), 0);
});

Deno.test("an error of the compiler is for the name it quotes or stands on", () => {
  const errors = [
    "TS2353 [ERROR]: Object literal may only specify known properties, and 'p_a' does not exist in type 'X'.",
    "    p_b: 1,",
    "    ~~~",
    "    at file:///a.ts:1:5",
  ].join("\n");
  assertEquals(
    ["p_a", "p_b", "p", "p_c"].map((name) => mentions(errors, name)),
    [true, true, false, false],
  );
});

Deno.test("mutants of one object or one name are never in one batch", () => {
  const column = (object: string, name: string): Mutant => ({
    kind: "column",
    schema: "public",
    object,
    name,
  });
  const found = batches([
    column("a", "x"),
    column("a", "y"),
    column("b", "x"),
    column("c", "z"),
  ]);
  assertEquals(
    found.map((batch) => batch.map(labelOf).map((it) => it.slice(-3))),
    [["a.x", "c.z"], ["a.y", "b.x"]],
  );
});

Deno.test("the score names the survivors", () => {
  const mutant = {
    kind: "table",
    schema: "public",
    object: "a",
    name: "a",
  } as const;
  assertEquals(
    scoreOf([
      { ...mutant, where: "code", by: "gate" },
      { ...mutant, where: "code", by: "none", object: "b" },
    ]).split("\n").slice(2),
    [
      "| table in code | 2 | 1 | 0 | 0 | 1 | 50.0 % |",
      "| all | 2 | 1 | 0 | 0 | 1 | 50.0 % |",
      "",
      "survived: table public.b (code)",
    ],
  );
});
