import ts from "typescript";
import type { ObjectValue, Property, Span, Value } from "./chain.ts";
import { type Context, type Env, mayGoOn, type Origin } from "./context.ts";
import { mayHold } from "./narrowing.ts";
import { nameOf } from "./members.ts";
import { mutated } from "./mutated.ts";
import { originsOf } from "./origins.ts";
import { keySpanOf, partOf, stringOf, textOf } from "./strings.ts";
import { literalTypes } from "./types.ts";
import { bare, spanOf } from "./unit.ts";
import { callValue } from "./value_calls.ts";

const MAX_DEPTH = 16;

/** What is known of an expression without running it. */
export function valueOf(
  context: Context,
  node: ts.Expression,
  env: Env,
  depth = 0,
): Value {
  const span = spanOf(node);
  if (depth > MAX_DEPTH || !mayGoOn(context)) return { kind: "unknown", span };
  return ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node)
    ? read(context, node, env, depth)
    : once(context, node, env, () => read(context, node, env, depth));
}

/** A value is made once, and is not known while it is being made. */
function once(
  context: Context,
  node: ts.Node,
  env: Env,
  make: () => Value,
): Value {
  let known = context.values.get(env);
  if (!known) context.values.set(env, known = new Map());
  const before = known.get(node);
  if (before) return before;
  known.set(node, { kind: "unknown", span: spanOf(node) });
  const value = make();
  known.set(node, value);
  return value;
}

function read(
  context: Context,
  node: ts.Expression,
  env: Env,
  depth: number,
): Value {
  const span = spanOf(node);
  const values: Value[] = [];
  for (const origin of originsOf(context, node, env)) {
    for (const value of valuesFrom(context, origin, depth)) {
      const isPossible = value.kind !== "string" || !isDeclared(origin.node) ||
        mayHold(node, value.value);
      if (isPossible && !values.some((it) => isSame(it, value))) {
        values.push(value);
      }
    }
  }
  const [only] = values;
  if (!only) return { kind: "unknown", span };
  return values.length === 1 && only.kind !== "unknown"
    ? only
    : oneOf(values, span);
}

function oneOf(values: readonly Value[], span: Span): Value {
  const known = values.filter(({ kind }) => kind !== "unknown");
  if (known.length === 0) return { kind: "unknown", span };
  const options = known.length < values.length
    ? [...known, { kind: "unknown", span } as const]
    : known;
  return { kind: "oneOf", options, span };
}

function isSame(one: Value, other: Value): boolean {
  return one.kind === other.kind && one.span.source === other.span.source &&
    one.span.start === other.span.start && one.span.end === other.span.end;
}

/** Of what is declared, only the type is known. */
function isDeclared(
  node: ts.Node,
): node is ts.ParameterDeclaration | ts.VariableDeclaration {
  return ts.isParameter(node) || ts.isVariableDeclaration(node);
}

function valuesFrom(context: Context, origin: Origin, depth: number): Value[] {
  const { node, env, path } = origin;
  if (isDeclared(node)) {
    const types = literalTypes(context, node.type, path).map(stringOf);
    const { choice } = context;
    if (choice?.origin.node === node && types.length > 1) {
      return types.filter(({ value }) => value === choice.text);
    }
    if (types.length > 0) return types;
  }
  if (path.length > 0) return [{ kind: "unknown", span: spanOf(node) }];
  const value = literalValue(context, node, env, depth);
  return [origin.via.reduce(
    (value, name) => mutated(context, value, name, env, depth),
    value,
  )];
}

function literalValue(
  context: Context,
  node: ts.Node,
  env: Env,
  depth: number,
): Value {
  const span = spanOf(node);
  const of = (expression: ts.Expression) =>
    valueOf(context, expression, env, depth + 1);
  if (ts.isStringLiteralLike(node)) return stringOf(node);
  if (ts.isNumericLiteral(node)) {
    return { kind: "number", value: Number(node.text), span };
  }
  switch (node.kind) {
    case ts.SyntaxKind.TrueKeyword:
      return { kind: "boolean", value: true, span };
    case ts.SyntaxKind.FalseKeyword:
      return { kind: "boolean", value: false, span };
    case ts.SyntaxKind.NullKeyword:
      return { kind: "null", span };
  }
  if (
    ts.isPrefixUnaryExpression(node) && ts.isNumericLiteral(node.operand) &&
    node.operator === ts.SyntaxKind.MinusToken
  ) return { kind: "number", value: -Number(node.operand.text), span };
  if (ts.isTemplateExpression(node)) {
    const parts = [
      stringOf(node.head),
      ...node.templateSpans.flatMap(({ expression, literal }) => [
        partOf(of(expression), expression),
        stringOf(literal),
      ]),
    ];
    return textOf(parts, node);
  }
  if (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.PlusToken
  ) {
    const parts = termsOf(node).map((term) => partOf(of(term), term));
    return textOf(parts, node);
  }
  if (ts.isArrayLiteralExpression(node)) {
    return once(context, node, env, () => arrayOf(node, span, of));
  }
  if (ts.isObjectLiteralExpression(node)) {
    return once(context, node, env, () => objectOf(node, span, of));
  }
  if (ts.isCallExpression(node)) {
    return callValue(context, node, env, depth) ?? { kind: "unknown", span };
  }
  return { kind: "unknown", span };
}

/** The terms of a sum, however many. */
function termsOf(sum: ts.BinaryExpression): ts.Expression[] {
  const terms: ts.Expression[] = [];
  let at: ts.Expression = sum;
  while (
    ts.isBinaryExpression(at) &&
    at.operatorToken.kind === ts.SyntaxKind.PlusToken
  ) {
    terms.push(at.right);
    at = bare(at.left);
  }
  return [at, ...terms.reverse()];
}

function arrayOf(
  node: ts.ArrayLiteralExpression,
  span: Span,
  of: (expression: ts.Expression) => Value,
): Value {
  let open = false;
  const items = node.elements.flatMap((element): readonly Value[] => {
    if (!ts.isSpreadElement(element)) return [of(element)];
    const value = of(element.expression);
    if (value.kind !== "array" || value.open) open = true;
    return value.kind === "array" ? value.items : [];
  });
  return { kind: "array", items, open, span };
}

function objectOf(
  node: ts.ObjectLiteralExpression,
  span: Span,
  of: (expression: ts.Expression) => Value,
): ObjectValue {
  let open = false;
  const properties = new Map<string, Property>();
  const add = (property: Property) => {
    properties.delete(property.key);
    properties.set(property.key, property);
  };
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) {
      const spread = objectsIn(of(property.expression));
      open ||= spread.open;
      spread.properties.forEach(add);
      continue;
    }
    const key = nameOf(property.name);
    if (key === undefined) {
      open = true;
      continue;
    }
    const shorthand = ts.isShorthandPropertyAssignment(property);
    add({
      key,
      keySpan: keySpanOf(property.name),
      shorthand,
      value: ts.isPropertyAssignment(property)
        ? of(property.initializer)
        : shorthand
        ? of(property.name)
        : { kind: "unknown", span: spanOf(property) },
    });
  }
  return { kind: "object", properties: [...properties.values()], open, span };
}

/** The properties a spread may bring: those of each option. */
function objectsIn(value: Value): Pick<ObjectValue, "properties" | "open"> {
  if (value.kind === "object") return value;
  const nothing = value.kind === "boolean" || value.kind === "null";
  if (value.kind !== "oneOf") return { properties: [], open: !nothing };
  const options = value.options.map(objectsIn);
  const all = options.flatMap(({ properties }) => properties);
  return {
    properties: [...new Map(all.map((it) => [it.key, it])).values()],
    open: options.some(({ open }) => open),
  };
}
