import ts from "typescript";
import type { Column } from "./catalog.ts";
import {
  alternatives,
  indexPath,
  isNamed,
  isNever,
  isNull,
  type Member,
  membersOf,
} from "./ts_types.ts";

/** Labels by schema and name. */
export type Enums = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/** The columns of a table or view: what its `Row` has, and what its `Insert` says of each. */
export function typedColumns(
  relation: ReadonlyMap<string, Member>,
  enums: Enums,
): ReadonlyMap<string, Column> {
  const insert = relation.get("Insert");
  const given = insert && membersOf(insert.type);
  return new Map(
    [...membersOf(relation.get("Row")?.type)]
      .map(([name, row]) => [name, columnOf(name, row, given, enums)]),
  );
}

/** One column; `insert` is undefined where nothing is inserted. */
export function columnOf(
  name: string,
  row: Member,
  insert: ReadonlyMap<string, Member> | undefined,
  enums: Enums,
): Column {
  const given = insert?.get(name);
  const { type, values } = typeOf(row.type, enums);
  return {
    name,
    type,
    notNull: !alternatives(row.type).some(mayBeNull),
    hasDefault: given?.optional ?? true,
    setByTrigger: given !== undefined && alternatives(given.type).some(isNull),
    generated: given !== undefined && isNever(given.type),
    writable: given !== undefined,
    values,
    valuesFrom: values && "enum",
  };
}

/** `unknown` stands for types that TypeScript has no like of, null or not. */
function mayBeNull(node: ts.TypeNode): boolean {
  return isNull(node) || node.kind === ts.SyntaxKind.UnknownKeyword;
}

/** What TypeScript's types tell of Postgres's: enums, booleans, numbers, JSON, and arrays of anything. */
export function typeOf(
  node: ts.TypeNode,
  enums: Enums,
): Pick<Column, "type" | "values"> {
  const [only, ...others] = alternatives(node).filter((it) => !isNull(it));
  const unknown = { type: undefined, values: undefined };
  if (!only || others.length > 0) return unknown;
  if (ts.isArrayTypeNode(only)) {
    const { type = "unknown", values } = typeOf(only.elementType, enums);
    return { type: `${type}[]`, values };
  }
  if (only.kind === ts.SyntaxKind.BooleanKeyword) {
    return { type: "boolean", values: undefined };
  }
  if (only.kind === ts.SyntaxKind.NumberKeyword) {
    return { type: "numeric", values: undefined };
  }
  if (isNamed(only, "Json")) {
    return { type: "jsonb", values: undefined };
  }
  const [schema, group, name] = indexPath(only) ?? [];
  if (schema === undefined || group !== "Enums" || name === undefined) {
    return unknown;
  }
  const values = enums.get(schema)?.get(name);
  return { type: `${schema}.${name}`, values };
}
