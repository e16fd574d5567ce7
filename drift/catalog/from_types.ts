import ts from "typescript";
import type {
  Catalog,
  Column,
  ForeignKey,
  Relation,
  Schema,
} from "./catalog.ts";
import { type Enums, typedColumns } from "./from_types_columns.ts";
import { typedFunctions } from "./from_types_functions.ts";
import {
  declaredType,
  isTrue,
  type Member,
  membersOf,
  stringsOf,
} from "./ts_types.ts";

type Members = ReadonlyMap<string, Member>;

/**
 * Reads the catalog from the text of a `database.types.ts`, as `supabase gen types` writes it. What the
 * file does not tell (keys, checks, grants, most types) is undefined.
 *
 * @throws {Error} when it has no type `Database`
 */
export function fromTypes(text: string): Catalog {
  const source = ts.createSourceFile(
    "database.types.ts",
    text,
    ts.ScriptTarget.Latest,
  );
  const database = declaredType(source, "Database");
  if (!database) throw new Error("it has no type Database = {…}");
  const bodies = [...membersOf(database)]
    .filter(([name]) => !name.startsWith("__"))
    .map(([name, { type }]) => [name, membersOf(type)] as const);
  const enums: Enums = new Map(
    bodies.map(([name, body]) => [name, enumsOf(body)]),
  );
  return {
    complete: false,
    schemas: new Map(
      bodies.map(([name, body]) => [name, schemaOf(name, body, enums)]),
    ),
  };
}

function schemaOf(name: string, body: Members, enums: Enums): Schema {
  const relations = new Map<string, Relation>();
  const functions = typedFunctions(name, part(body, "Functions"), enums);
  for (const [group, kind] of GROUPS) {
    for (const [relation, { type }] of part(body, group)) {
      const members = membersOf(type);
      const computed = new Set(stringsOf(members.get("ComputedFields")?.type));
      const columns = typedColumns(members, enums);
      const embedded = functions.computedRelations.get(relation) ?? new Map();
      relations.set(relation, {
        schema: name,
        name: relation,
        kind,
        columns: only(columns, (it) => !computed.has(it) && !embedded.has(it)),
        computed: only(columns, (it) => computed.has(it) && !embedded.has(it)),
        computedRelations: embedded,
        primaryKey: undefined,
        uniqueKeys: undefined,
        foreignKeys: foreignKeys(members.get("Relationships")),
        writable: kind === "table" ? EVERYTHING : writable(members),
        grants: undefined,
      });
    }
  }
  return {
    name,
    relations,
    functions: functions.functions,
    enums: enums.get(name) ?? new Map(),
  };
}

const EVERYTHING = new Set(["insert", "update", "delete"] as const);

const GROUPS = [["Tables", "table"], ["Views", "view"]] as const;

function part(body: Members, name: string): Members {
  return membersOf(body.get(name)?.type);
}

function enumsOf(body: Members): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...part(body, "Enums")].map(([name, { type }]) => [name, stringsOf(type)]),
  );
}

function only(
  columns: ReadonlyMap<string, Column>,
  wanted: (name: string) => boolean,
): ReadonlyMap<string, Column> {
  return new Map([...columns].filter(([name]) => wanted(name)));
}

function foreignKeys(relationships: Member | undefined): ForeignKey[] {
  const type = relationships?.type;
  if (!type || !ts.isTupleTypeNode(type)) return [];
  return type.elements.map((element) => {
    const members = membersOf(element);
    const texts = (name: string) => stringsOf(members.get(name)?.type);
    return {
      name: texts("foreignKeyName")[0] ?? "",
      columns: texts("columns"),
      referencedSchema: undefined,
      referencedRelation: texts("referencedRelation")[0] ?? "",
      referencedColumns: texts("referencedColumns"),
      oneToOne: isTrue(members.get("isOneToOne")?.type),
    };
  });
}

/** A view that takes rows has their types; what takes neither inserts nor updates takes no delete. */
function writable(members: Members): Relation["writable"] {
  const insert = members.has("Insert");
  const update = members.has("Update");
  const found = new Set<"insert" | "update" | "delete">();
  if (insert) found.add("insert");
  if (update) found.add("update");
  if (insert || update) found.add("delete");
  return found;
}
