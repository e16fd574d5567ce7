import ts from "typescript";
import type { Argument, ComputedRelation, SqlFunction } from "./catalog.ts";
import { columnOf, type Enums, typeOf } from "./from_types_columns.ts";
import {
  alternatives,
  indexPath,
  isTrue,
  type Member,
  membersOf,
  stringsOf,
} from "./ts_types.ts";

type Members = ReadonlyMap<string, Member>;

/** The functions of a schema, and those that embed rows in a relation. */
export interface TypedFunctions {
  readonly functions: ReadonlyMap<string, readonly SqlFunction[]>;
  readonly computedRelations: ReadonlyMap<
    string,
    ReadonlyMap<string, ComputedRelation>
  >;
}

/** Reads `Functions`; overloads are a union. */
export function typedFunctions(
  schema: string,
  functions: Members,
  enums: Enums,
): TypedFunctions {
  const found = new Map<string, SqlFunction[]>();
  const computed = new Map<string, Map<string, ComputedRelation>>();
  for (const [name, { type }] of functions) {
    for (const overload of alternatives(type).map(membersOf)) {
      const options = membersOf(overload.get("SetofOptions")?.type);
      const [from] = stringsOf(options.get("from")?.type);
      const [to] = stringsOf(options.get("to")?.type);
      if (from !== undefined && from !== "*" && to !== undefined) {
        const of = computed.get(from) ?? new Map<string, ComputedRelation>();
        const toOne = isTrue(options.get("isOneToOne")?.type);
        computed.set(from, of.set(name, { schema, relation: to, toOne }));
      }
      if (isComputed(overload)) continue;
      found.set(name, [
        ...found.get(name) ?? [],
        functionOf(schema, name, overload, to, enums),
      ]);
    }
  }
  return { functions: found, computedRelations: computed };
}

/** A function over one row of a table serves that table, and cannot be called. */
function isComputed(overload: Members): boolean {
  const [only] = [...membersOf(overload.get("Args")?.type)];
  return only?.[0] === "" && indexPath(only[1].type)?.at(-1) === "Row";
}

function functionOf(
  schema: string,
  name: string,
  overload: Members,
  to: string | undefined,
  enums: Enums,
): SqlFunction {
  const returned = overload.get("Returns")?.type;
  const isArray = returned !== undefined && ts.isArrayTypeNode(returned);
  const element = isArray ? returned.elementType : returned;
  const row = element && membersOf(element);
  const path = element && indexPath(element);
  return {
    schema,
    name,
    args: argumentsOf(overload.get("Args")?.type, enums),
    returnsRelation: to ??
      (path?.[1] === "Tables" || path?.[1] === "Views" ? path[2] : undefined),
    returnsSet: isArray,
    returnsColumns: row && row.size > 0
      ? new Map(
        [...row].map(([column, member]) => [
          column,
          columnOf(column, member, undefined, enums),
        ]),
      )
      : undefined,
    grants: undefined,
  };
}

function argumentsOf(node: ts.TypeNode | undefined, enums: Enums): Argument[] {
  return [...membersOf(node)].map(([name, { type, optional }]) => ({
    name,
    hasDefault: optional,
    ...typeOf(type, enums),
  }));
}
