import ts from "typescript";
import type { Property, Value } from "./chain.ts";
import type { Context, Env } from "./context.ts";
import { mutationsOf } from "./mutations.ts";
import { isReached } from "./origins.ts";
import { keySpanOf } from "./strings.ts";
import { valueOf } from "./values.ts";

/** An object or array as it is once all is done to it. */
export function mutated(
  context: Context,
  value: Value,
  name: ts.Identifier,
  env: Env,
  depth: number,
): Value {
  if (value.kind !== "object" && value.kind !== "array") return value;
  const { properties, pushed, removed, open } = mutationsOf(name);
  const of = (expression: ts.Expression) =>
    valueOf(context, expression, env, depth + 1);
  if (value.kind === "array") {
    return pushed.length === 0 && !open ? value : {
      ...value,
      items: [
        ...value.items,
        ...pushed.flatMap((item) => ts.isSpreadElement(item) ? [] : [of(item)]),
      ],
      open: true,
    };
  }
  const given = properties.filter(({ name }) => isReached(context, name, env));
  const added = given.map(({ name, key, value }): Property => ({
    key,
    keySpan: keySpanOf(name),
    shorthand: false,
    value: of(value),
  }));
  return {
    ...value,
    properties: [...value.properties, ...added]
      .filter(({ key }) => !removed.has(key)),
    open: value.open || open,
  };
}
