import { assert, assertEquals } from "@std/assert";
import type { Catalog, Relation } from "../../../drift/catalog/catalog.ts";
import { fromTypes } from "../../../drift/catalog/from_types.ts";
import { corpusCatalog } from "../../../drift/corpus/catalog.ts";
import {
  relationshipsOf,
  resolveEmbed,
} from "../../../drift/touch/relationships.ts";

const made = await corpusCatalog();
const typed = fromTypes(
  await Deno.readTextFile(
    new URL("../../../drift/corpus/database.types.ts", import.meta.url),
  ),
);

Deno.test("a table's columns say what they take", () => {
  const { columns } = relation(made, "programs");
  assertEquals(columns.get("price"), {
    name: "price",
    type: "numeric",
    notNull: false,
    hasDefault: true,
    setByTrigger: false,
    generated: true,
    writable: true,
    values: undefined,
    valuesFrom: undefined,
  });
  const visibility = columns.get("visibility");
  assertEquals(visibility?.values, ["draft", "listed", "hidden"]);
  assertEquals(visibility?.valuesFrom, "check");
  const status = relation(made, "enrolments").columns.get("status");
  assertEquals(status?.type, "public.enrolment_status");
  assertEquals(status?.values, ["active", "completed", "paused"]);
  assertEquals(relation(made, "profiles").columns.get("email")?.type, "text");
});

Deno.test("what a trigger sets before an insert may be left out", () => {
  const { columns } = relation(made, "sessions");
  assertEquals(columns.get("sequence")?.hasDefault, true);
  assertEquals(columns.get("scheduled_at")?.hasDefault, false);
});

Deno.test("keys: constraints and full unique indexes, none with a condition", () => {
  assertEquals(relation(made, "payments").uniqueKeys, [["id"]]);
  assertEquals(relation(made, "enrolments").uniqueKeys, [
    ["id"],
    ["program_id", "client_id"],
  ]);
  assertEquals(relation(made, "program_tags").primaryKey, [
    "program_id",
    "tag_id",
  ]);
});

Deno.test("grants by column", () => {
  const { grants } = relation(made, "payments");
  assertEquals([...grants?.get("authenticated")?.get("select") ?? []], [
    "id",
    "enrolment_id",
    "amount_cents",
  ]);
  assertEquals(grants?.get("anon"), undefined);
  assert(grants?.get("service_role")?.has("delete"));
  const purge = made.schemas.get("public")?.functions.get("purge")?.[0];
  assertEquals([...purge?.grants ?? []], ["service_role"]);
});

Deno.test("a view has the keys of what it shows, and takes what Postgres passes on", () => {
  const overview = relation(made, "program_overview");
  assertEquals(
    overview.foreignKeys.map((key) => [key.columns[0], key.referencedRelation]),
    [["category_id", "categories"], ["owner_id", "profiles"]],
  );
  assertEquals([...overview.writable ?? []], []);
  const active = relation(made, "active_enrolments");
  assertEquals([...active.writable ?? []], ["insert", "update", "delete"]);
  assertEquals(active.columns.get("checkout")?.writable, false);
  assertEquals(overview.primaryKey, ["id"]);
});

Deno.test("functions: arguments, overloads and what they return", () => {
  const functions = made.schemas.get("public")?.functions;
  const enrol = functions?.get("enrol")?.[0];
  assertEquals(enrol?.args.map((arg) => [arg.name, arg.hasDefault]), [
    ["p_program_id", false],
    ["p_client_id", false],
    ["p_status", true],
  ]);
  assertEquals(enrol?.args[2]?.values, ["active", "completed", "paused"]);
  assertEquals(functions?.get("add_points")?.length, 2);
  assertEquals(functions?.get("programs_of")?.[0]?.returnsRelation, "programs");
  const report = functions?.get("usage_report")?.[0];
  assertEquals(report?.returnsRelation, null);
  assertEquals([...report?.returnsColumns?.keys() ?? []], [
    "program_id",
    "minutes",
    "status",
  ]);
  assertEquals(functions?.has("number_session"), false);
});

Deno.test("computed columns and relationships hang on their table", () => {
  const profiles = relation(made, "profiles");
  assertEquals([...profiles.computed.keys()], ["initials"]);
  assertEquals([...profiles.computedRelations], [
    ["latest_session", { schema: "public", relation: "sessions", toOne: true }],
  ]);
});

Deno.test("relationships are PostgREST's", () => {
  assertEquals(
    kinds("programs"),
    [
      "many-to-one categories",
      "many-to-one profiles",
      "many-to-one profiles",
      "one-to-many active_enrolments",
      "one-to-many enrolments",
      "one-to-many modules",
      "one-to-many program_counts",
      "one-to-many program_tags",
      "many-to-many tags",
    ].sort(),
  );
  assertEquals(kinds("coach_details"), ["one-to-one profiles"]);
  assertEquals(kinds("user_roles"), []);
  const tree = relation(made, "categories");
  const children = resolveEmbed(made, tree, "categories", undefined);
  assertEquals(children.kind === "one" && children.relationship.toOne, false);
  const parent = resolveEmbed(made, tree, "parent_id", undefined);
  assertEquals(parent.kind === "one" && parent.relationship.toOne, true);
});

Deno.test("a types file tells the same, as far as it tells anything", () => {
  for (const [name, own] of made.schemas.get("public")?.relations ?? []) {
    const other = relation(typed, name);
    assertEquals(other.kind, own.kind, name);
    const names = (it: Relation) => [...it.columns.keys()].sort();
    const computed = new Set(own.computed.keys());
    assertEquals(
      names(other).filter((it) => !computed.has(it)),
      names(own),
      name,
    );
    for (const [key, column] of own.columns) {
      const told = other.columns.get(key);
      if (column.valuesFrom === "enum") {
        assertEquals(told?.values, column.values, `${name}.${key}`);
      }
      if (own.kind === "table" && column.type !== "tsvector") {
        assertEquals(told?.notNull, column.notNull, `${name}.${key}`);
      }
    }
    if (own.kind === "view") {
      assertEquals(other.writable, own.writable, name);
    }
    assertEquals([other.uniqueKeys, other.grants], [undefined, undefined]);
  }
  const names = (catalog: Catalog) =>
    [...catalog.schemas.get("public")?.functions ?? []].map(([name, all]) =>
      `${name} ${all.length}`
    ).sort();
  const isComputed = /^(initials|latest_session) /;
  assertEquals(names(typed), names(made).filter((it) => !isComputed.test(it)));
});

function relation(catalog: Catalog, name: string): Relation {
  const found = catalog.schemas.get("public")?.relations.get(name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

function kinds(name: string): string[] {
  return relationshipsOf(made, relation(made, name))
    .map((it) => `${it.kind} ${it.target.name}`).sort();
}
