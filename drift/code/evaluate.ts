import ts from "typescript";
import { fixedValue } from "./references.ts";
import { declarationOf } from "./scopes.ts";
import { bare, calledName, isAccess, memberName } from "./unit.ts";

export type Primitive = string | number | boolean | null | undefined;

/** What a test comes to: a value, or an exception, as a member of null does. */
export type Outcome = { readonly value: Primitive } | "throws";

/** What is known of an expression from elsewhere. */
export type LookUp = (node: ts.Expression) => Outcome | undefined;

const MAX_DEPTH = 30;

/** What an expression comes to, given what is known; undefined where that is not enough. */
export function evaluate(
  expression: ts.Expression,
  lookUp: LookUp,
  depth = 0,
): Outcome | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const node = bare(expression);
  const of = (part: ts.Expression) => evaluate(part, lookUp, depth + 1);
  const literal = literalOf(node);
  if (literal) return literal;
  const known = lookUp(node);
  if (known) return known;
  if (ts.isIdentifier(node)) {
    const declaration = declarationOf(node);
    const fixed = declaration?.kind === "variable" &&
        declaration.path.length === 0
      ? fixedValue(declaration)
      : undefined;
    return fixed && of(fixed);
  }
  if (ts.isPrefixUnaryExpression(node)) {
    if (node.operator !== ts.SyntaxKind.ExclamationToken) return undefined;
    const operand = of(node.operand);
    return operand && operand !== "throws"
      ? { value: !operand.value }
      : operand;
  }
  if (ts.isTypeOfExpression(node)) return typeOf(of(node.expression));
  if (ts.isConditionalExpression(node)) {
    const test = of(node.condition);
    if (!test || test === "throws") return test;
    return of(test.value ? node.whenTrue : node.whenFalse);
  }
  if (ts.isBinaryExpression(node)) return binary(node, of);
  if (isAccess(node)) return member(of(node.expression), node);
  if (ts.isCallExpression(node)) return called(node, of);
  return undefined;
}

/** Whether a test comes out true, where that is known. */
export function truthOf(
  test: ts.Expression,
  lookUp: LookUp,
): boolean | "throws" | undefined {
  const outcome = evaluate(test, lookUp);
  return outcome && outcome !== "throws" ? Boolean(outcome.value) : outcome;
}

/** The value that is written here. */
export function literalOf(node: ts.Node): { value: Primitive } | undefined {
  if (ts.isStringLiteralLike(node)) return { value: node.text };
  if (ts.isNumericLiteral(node)) return { value: Number(node.text) };
  switch (node.kind) {
    case ts.SyntaxKind.TrueKeyword:
      return { value: true };
    case ts.SyntaxKind.FalseKeyword:
      return { value: false };
    case ts.SyntaxKind.NullKeyword:
      return { value: null };
    case ts.SyntaxKind.VoidExpression:
      return { value: undefined };
  }
  return ts.isIdentifier(node) && node.text === "undefined"
    ? { value: undefined }
    : undefined;
}

function typeOf(outcome: Outcome | undefined): Outcome | undefined {
  return outcome && outcome !== "throws"
    ? { value: typeof outcome.value }
    : undefined;
}

function binary(
  { left, right, operatorToken }: ts.BinaryExpression,
  of: (part: ts.Expression) => Outcome | undefined,
): Outcome | undefined {
  const one = of(left);
  if (one === "throws") return one;
  switch (operatorToken.kind) {
    case ts.SyntaxKind.AmpersandAmpersandToken:
      if (one) return one.value ? of(right) : one;
      return whereBoth(of(right), false);
    case ts.SyntaxKind.BarBarToken:
      if (one) return one.value ? one : of(right);
      return whereBoth(of(right), true);
    case ts.SyntaxKind.QuestionQuestionToken:
      return one && (one.value ?? undefined) === undefined ? of(right) : one;
  }
  if (ts.isRegularExpressionLiteral(bare(right))) return undefined;
  const other = of(right);
  if (!one || !other || other === "throws") return undefined;
  const [a, b] = [one.value, other.value];
  switch (operatorToken.kind) {
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
      return { value: a === b };
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
      return { value: a !== b };
    case ts.SyntaxKind.EqualsEqualsToken:
      return { value: areAlike(a, b) };
    case ts.SyntaxKind.ExclamationEqualsToken:
      return { value: !areAlike(a, b) };
  }
  if (typeof a !== "number" || typeof b !== "number") return undefined;
  switch (operatorToken.kind) {
    case ts.SyntaxKind.GreaterThanToken:
      return { value: a > b };
    case ts.SyntaxKind.GreaterThanEqualsToken:
      return { value: a >= b };
    case ts.SyntaxKind.LessThanToken:
      return { value: a < b };
    case ts.SyntaxKind.LessThanEqualsToken:
      return { value: a <= b };
  }
  return undefined;
}

/** Of two tests one of which is not known, the other decides where it comes to this. */
function whereBoth(
  other: Outcome | undefined,
  decides: boolean,
): Outcome | undefined {
  return other && other !== "throws" && Boolean(other.value) === decides
    ? { value: decides }
    : undefined;
}

function areAlike(a: Primitive, b: Primitive): boolean {
  if (a === null || a === undefined) return b === null || b === undefined;
  return a === b;
}

function member(
  of: Outcome | undefined,
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
): Outcome | undefined {
  if (!of || of === "throws") return of;
  const { value } = of;
  if (value === null || value === undefined) {
    return node.questionDotToken ? { value: undefined } : "throws";
  }
  return memberName(node) === "length" && typeof value === "string"
    ? { value: value.length }
    : undefined;
}

function called(
  node: ts.CallExpression,
  of: (part: ts.Expression) => Outcome | undefined,
): Outcome | undefined {
  const callee = bare(node.expression);
  const [first] = node.arguments;
  if (ts.isIdentifier(callee)) {
    const argument = first && callee.text === "Boolean" ? of(first) : undefined;
    return argument && argument !== "throws"
      ? { value: Boolean(argument.value) }
      : argument;
  }
  if (!isAccess(callee)) return undefined;
  const name = calledName(node);
  if (first && (name === "includes" || name === "has")) {
    return listed(callee.expression, of(first));
  }
  const global = ts.isIdentifier(callee.expression)
    ? callee.expression.text
    : "";
  if (first && (global === "Array" || global === "Number")) {
    return kindOf(`${global}.${name}`, of(first));
  }
  const on = of(callee.expression);
  if (!on || on === "throws") return on;
  if (on.value === null || on.value === undefined) {
    const isOptional = callee.questionDotToken ?? node.questionDotToken;
    return isOptional ? { value: undefined } : "throws";
  }
  if (typeof on.value !== "string") return undefined;
  switch (name) {
    case "trim":
      return { value: on.value.trim() };
    case "toLowerCase":
      return { value: on.value.toLowerCase() };
    case "toUpperCase":
      return { value: on.value.toUpperCase() };
    case "toString":
      return on;
  }
  return undefined;
}

/** `Array.isArray(it)`, `Number.isFinite(it)` of what is no list and no number. */
function kindOf(
  test: string,
  outcome: Outcome | undefined,
): Outcome | undefined {
  if (!outcome || outcome === "throws") return outcome;
  const { value } = outcome;
  if (test === "Array.isArray") return { value: false };
  return /^Number\.is(?:Finite|Integer|SafeInteger)$/.test(test) &&
      typeof value !== "number"
    ? { value: false }
    : undefined;
}

/** `["a", "b"].includes(it)` and `new Set(["a", "b"]).has(it)`, of a list that is written here. */
function listed(
  list: ts.Expression,
  item: Outcome | undefined,
): Outcome | undefined {
  if (!item || item === "throws") return item;
  let node = bare(list);
  if (ts.isIdentifier(node)) {
    const declaration = declarationOf(node);
    const fixed = declaration && fixedValue(declaration);
    if (!fixed) return undefined;
    node = bare(fixed);
  }
  if (ts.isNewExpression(node) && node.expression.getText() === "Set") {
    const [items] = node.arguments ?? [];
    if (!items) return undefined;
    node = bare(items);
  }
  if (!ts.isArrayLiteralExpression(node)) return undefined;
  const values = node.elements.map((element) => literalOf(bare(element)));
  if (values.some((it) => it?.value === item.value && it !== undefined)) {
    return { value: true };
  }
  return values.every((it) => it !== undefined) ? { value: false } : undefined;
}
