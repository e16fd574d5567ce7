import type {
  Catalog,
  Relation,
  Schema,
  SqlFunction,
} from "../catalog/catalog.ts";
import { type Mutant, renamed } from "./mutant.ts";

/** The catalog as it would be after the mutant: a key is dropped, all else renamed. */
export function mutated(catalog: Catalog, mutant: Mutant): Catalog {
  const schemas = new Map(catalog.schemas);
  for (const [name, schema] of schemas) {
    schemas.set(name, mutatedSchema(schema, mutant));
  }
  return { ...catalog, schemas };
}

function mutatedSchema(schema: Schema, mutant: Mutant): Schema {
  const isHere = schema.name === mutant.schema;
  switch (mutant.kind) {
    case "table":
    case "column":
    case "foreign key":
      return { ...schema, relations: relations(schema, mutant, isHere) };
    case "function":
      return isHere
        ? { ...schema, functions: rekeyed(schema.functions, mutant.name) }
        : schema;
    case "argument":
      return isHere ? withArgument(schema, mutant) : schema;
    case "enum value":
      return isHere ? withoutLabel(schema, mutant) : schema;
  }
}

/** The map with one key called otherwise, in its place. */
function rekeyed<Value>(
  map: ReadonlyMap<string, Value>,
  name: string,
  change: (value: Value) => Value = (value) => value,
): Map<string, Value> {
  return new Map(
    [...map].map(([key, value]) =>
      key === name ? [renamed(key), change(value)] : [key, value]
    ),
  );
}

function relations(
  schema: Schema,
  mutant: Mutant,
  isHere: boolean,
): ReadonlyMap<string, Relation> {
  const changed = new Map(
    [...schema.relations].map(([name, relation]) => [
      name,
      mutatedRelation(relation, mutant, isHere && name === mutant.object),
    ]),
  );
  return isHere && mutant.kind === "table"
    ? rekeyed(
      changed,
      mutant.object,
      (it) => ({ ...it, name: renamed(it.name) }),
    )
    : changed;
}

function mutatedRelation(
  relation: Relation,
  mutant: Mutant,
  isIt: boolean,
): Relation {
  const refers = (key: Relation["foreignKeys"][number]) =>
    key.referencedSchema === mutant.schema &&
    key.referencedRelation === mutant.object;
  const { name } = mutant;
  const swap = (names: readonly string[]) =>
    names.map((it) => it === name ? renamed(it) : it);
  switch (mutant.kind) {
    case "table":
      return {
        ...relation,
        foreignKeys: relation.foreignKeys.map((key) =>
          refers(key) ? { ...key, referencedRelation: renamed(name) } : key
        ),
      };
    case "foreign key":
      // a copy in any case: what others' keys make of a relation is kept by its object
      return {
        ...relation,
        foreignKeys: relation.foreignKeys.filter((key) =>
          !isIt || key.name !== name
        ),
      };
    default: {
      const foreignKeys = relation.foreignKeys.map((key) => ({
        ...key,
        columns: isIt ? swap(key.columns) : key.columns,
        referencedColumns: refers(key)
          ? swap(key.referencedColumns)
          : key.referencedColumns,
      }));
      if (!isIt) return { ...relation, foreignKeys };
      return {
        ...relation,
        foreignKeys,
        columns: rekeyed(
          relation.columns,
          name,
          (it) => ({ ...it, name: renamed(name) }),
        ),
        computed: rekeyed(relation.computed, name),
        primaryKey: relation.primaryKey && swap(relation.primaryKey),
        uniqueKeys: relation.uniqueKeys?.map(swap),
      };
    }
  }
}

function withArgument(schema: Schema, { object, name }: Mutant): Schema {
  const change = (fn: SqlFunction): SqlFunction => ({
    ...fn,
    args: fn.args.map((arg) =>
      arg.name === name ? { ...arg, name: renamed(name) } : arg
    ),
  });
  return {
    ...schema,
    functions: new Map(
      [...schema.functions].map(([key, list]) => [
        key,
        key === object ? list.map(change) : list,
      ]),
    ),
  };
}

/** Also of the columns and arguments that have the enum's labels. */
function withoutLabel(schema: Schema, { object, name }: Mutant): Schema {
  const labels = schema.enums.get(object) ?? [];
  const swap = <Values extends readonly string[] | undefined>(
    values: Values,
  ): readonly string[] | Values =>
    values && values.join("\n") === labels.join("\n")
      ? values.map((it) => it === name ? renamed(it) : it)
      : values;
  return {
    ...schema,
    enums: new Map([...schema.enums, [object, swap(labels)]]),
    relations: new Map([...schema.relations].map(([key, relation]) => [key, {
      ...relation,
      columns: new Map([...relation.columns].map(([column, it]) => [
        column,
        { ...it, values: swap(it.values) },
      ])),
    }])),
    functions: new Map([...schema.functions].map(([key, list]) => [
      key,
      list.map((fn) => ({
        ...fn,
        args: fn.args.map((arg) => ({ ...arg, values: swap(arg.values) })),
      })),
    ])),
  };
}
