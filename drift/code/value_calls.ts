import ts from "typescript";
import type { ArrayValue, Value } from "./chain.ts";
import type { Context, Env } from "./context.ts";
import { isFunction, returnsOf } from "./functions.ts";
import { originsOf } from "./origins.ts";
import { hole, partOf, textOf } from "./strings.ts";
import { bare, calledName, isAccess, spanOf } from "./unit.ts";
import { valueOf } from "./values.ts";

/** `.join(…)` and `.trim()` of what is known, and arrays made by `.map(…)`. */
export function callValue(
  context: Context,
  node: ts.CallExpression,
  env: Env,
  depth: number,
): Value | undefined {
  const callee = bare(node.expression);
  if (!isAccess(callee)) return undefined;
  const [first, second] = node.arguments;
  const of = (expression: ts.Expression) =>
    valueOf(context, expression, env, depth + 1);
  switch (calledName(node)) {
    case "trim":
      return of(callee.expression);
    case "join": {
      const list = of(callee.expression);
      const separator = first && of(first);
      if (list.kind !== "array" || list.open) return undefined;
      if (first && separator?.kind !== "string") return undefined;
      const between = separator?.kind === "string"
        ? separator
        : { ...hole(node), value: "," };
      return textOf(
        list.items.flatMap((item, index) =>
          index === 0 ? [partOf(item, node)] : [between, partOf(item, node)]
        ),
        node,
      );
    }
    case "map":
      return first && listOf(context, first, node, env, depth);
    case "flatMap": {
      const list = first && listOf(context, first, node, env, depth);
      return list && flat(list);
    }
    case "flat": {
      const list = of(callee.expression);
      return !first && list.kind === "array" ? flat(list) : undefined;
    }
    case "from":
      return second && listOf(context, second, node, env, depth);
  }
  return undefined;
}

/** The items of the arrays in an array. */
function flat(list: ArrayValue): ArrayValue {
  return {
    ...list,
    open: true,
    items: list.items.flatMap((item) =>
      item.kind === "array" ? item.items : [item]
    ),
  };
}

/** An array of however many of what a callback returns. */
function listOf(
  context: Context,
  callback: ts.Expression,
  node: ts.CallExpression,
  env: Env,
  depth: number,
): ArrayValue | undefined {
  const items = originsOf(context, callback, env).flatMap((origin) =>
    origin.path.length === 0 && isFunction(origin.node)
      ? returnsOf(origin.node).map((value) =>
        valueOf(context, value, origin.env, depth + 1)
      )
      : []
  );
  return items.length > 0
    ? { kind: "array", items, open: true, span: spanOf(node) }
    : undefined;
}
