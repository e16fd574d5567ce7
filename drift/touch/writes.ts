import type { Span, Step, Value } from "../code/chain.ts";
import { parseColumns } from "../postgrest/path.ts";
import { literals, type Name, optionsOf, propertyOf } from "./literal.ts";
import type { Conflict, Given, Row, Scope, Writes } from "./touched.ts";
import type { Touching } from "./touching.ts";

/** Notes the columns that an insert, update or upsert gives. */
export function touchWrites(
  touching: Touching,
  step: Step,
  method: Writes["method"],
  root: Scope,
): Writes {
  const [values, options] = step.args;
  const rows = values ? rowsOf(touching, values) : [];
  for (const row of rows) {
    for (const { name, property } of row.values.values()) {
      touching.column(root, name, { role: "write", json: undefined, property });
    }
  }
  const option = propertyOf(options, "defaultToNull");
  const missingIsNull = option === undefined ||
    option.kind === "boolean" && option.value;
  return { method, rows, missingIsNull };
}

/** The columns of `onConflict`, and of the filter they are. */
export function touchConflict(
  touching: Touching,
  step: Step,
  root: Scope,
): Conflict | undefined {
  const option = propertyOf(step.args[1], "onConflict");
  if (!option) return undefined;
  if (option.kind !== "string") {
    touching.skip(option.span, "onConflict");
    return undefined;
  }
  const words = touching.parsed(option, "filter", parseColumns(option.value));
  const names = words?.map((word) => touching.name(option, word, "column"));
  const columns = names?.filter((name) => name !== undefined) ?? [];
  for (const name of columns) {
    touching.column(root, name, { role: "conflict", json: undefined });
  }
  const known = names !== undefined && columns.length === names.length;
  return known ? { span: option.span, columns } : undefined;
}

/** The rows that a value may hold: an object, or an array of them. */
export function rowsOf(touching: Touching, value: Value, list?: Span): Row[] {
  return optionsOf(value).flatMap((option) => {
    if (option.kind === "object") return [rowOf(option, list)];
    if (option.kind === "array") {
      return option.items.flatMap((item) => {
        const isSure = !option.open && item.kind === "object";
        return rowsOf(touching, item, isSure ? option.span : undefined);
      });
    }
    touching.skip(option.span, "row");
    return [];
  });
}

function rowOf(
  value: Extract<Value, { kind: "object" }>,
  list: Span | undefined,
): Row {
  const values = new Map<string, Given>();
  for (const property of value.properties) {
    const name: Name = { text: property.key, span: property.keySpan };
    values.set(property.key, {
      name,
      property,
      literals: literals(property.value),
    });
  }
  return { span: value.span, values, open: value.open, list };
}
