import ts from "typescript";
import type { Read, ReadStep, ResultUse, Span } from "./chain.ts";
import { bindTo } from "./flow_binding.ts";
import { passTo, returnFrom } from "./flow_calls.ts";
import type { Context, Env } from "./context.ts";
import { functionAround } from "./functions.ts";
import { accessTo } from "./flow_members.ts";
import { isReached } from "./origins.ts";
import { declarationOf, referencesTo } from "./scopes.ts";
import { isWrapper, unitOf } from "./unit.ts";
import { writeAt } from "./writes.ts";

/**
 * What an expression carries on its way through the code: the query that can still be added to, its
 * result, the data of the result, or one of these in a list.
 */
export type Carry =
  | { readonly as: "builder" }
  | { readonly as: "result" }
  | { readonly as: "data"; readonly path: readonly ReadStep[] }
  /** At `index` of an array, as of `Promise.all`; at any where undefined. */
  | {
    readonly as: "list";
    readonly index: number | undefined;
    readonly of: Carry;
  };

export const BUILDER: Carry = { as: "builder" };
export const RESULT: Carry = { as: "result" };

/** A call on the query, and the calls it stands in. */
export interface Called {
  readonly node: ts.CallExpression;
  readonly env: Env;
}

/** Everything that happens to one query. */
export interface Flow {
  readonly context: Context;
  readonly steps: Called[];
  readonly reads: Read[];
  error: ResultUse["error"];
  readonly visited: Set<string>;
  depth: number;
}

/** Follows a query from the call that starts it. */
export function followQuery(
  context: Context,
  start: ts.CallExpression,
): Flow {
  const flow: Flow = {
    context,
    steps: [],
    reads: [],
    error: "ignored",
    visited: new Set(),
    depth: 0,
  };
  follow(flow, start, BUILDER, undefined);
  return flow;
}

const MAX_DEPTH = 200;
/** To how many places one query is followed: data that is handed on and on tells nothing more of it. */
const MAX_PLACES = 5_000;

/** Goes on from an expression to whatever takes its value. */
export function follow(
  flow: Flow,
  node: ts.Node,
  carry: Carry,
  env: Env,
): void {
  const key = `${idOf(node)} ${envId(env)} ${keyOf(carry)}`;
  if (flow.visited.has(key)) return;
  flow.visited.add(key);
  if (flow.depth > MAX_DEPTH || flow.visited.size > MAX_PLACES) {
    return escape(flow, carry);
  }
  flow.depth++;
  step(flow, node, carry, env);
  flow.depth--;
}

function step(flow: Flow, node: ts.Node, carry: Carry, env: Env): void {
  const { parent } = node;
  if (isWrapper(parent)) {
    return follow(flow, parent, carry, env);
  }
  if (ts.isAwaitExpression(parent)) {
    return follow(flow, parent, awaited(carry), env);
  }
  if (ts.isConditionalExpression(parent) && parent.condition !== node) {
    return follow(flow, parent, carry, env);
  }
  if (ts.isBinaryExpression(parent)) {
    return operand(flow, parent, node, carry, env);
  }
  if (ts.isVariableDeclaration(parent) && parent.initializer === node) {
    return bindTo(flow, parent.name, carry, env);
  }
  if (ts.isForOfStatement(parent) && parent.expression === node) {
    return loop(flow, parent, carry, env);
  }
  if (
    (ts.isPropertyAccessExpression(parent) ||
      ts.isElementAccessExpression(parent)) && parent.expression === node
  ) return accessTo(flow, parent, carry, env);
  if (ts.isCallExpression(parent) && parent.expression !== node) {
    return passTo(flow, parent, node, carry, env);
  }
  if (ts.isReturnStatement(parent) || isBody(parent, node)) {
    const fn = functionAround(node);
    if (fn) return returnFrom(flow, fn, carry, env);
  }
  if (ts.isArrayLiteralExpression(parent)) {
    const index = parent.elements.findIndex((element) => element === node);
    return follow(flow, parent, { as: "list", index, of: carry }, env);
  }
  read(flow, carry);
  if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) return;
  if (!isTest(parent, node)) escape(flow, carry);
}

/** The arrow function's body that a node is. */
function isBody(parent: ts.Node, node: ts.Node): boolean {
  return ts.isArrowFunction(parent) && parent.body === node;
}

/** Whether only the truth of a value is asked. */
function isTest(parent: ts.Node, node: ts.Node): boolean {
  return (ts.isIfStatement(parent) && parent.expression === node) ||
    (ts.isConditionalExpression(parent) && parent.condition === node) ||
    ts.isPrefixUnaryExpression(parent);
}

function operand(
  flow: Flow,
  parent: ts.BinaryExpression,
  node: ts.Node,
  carry: Carry,
  env: Env,
): void {
  switch (parent.operatorToken.kind) {
    case ts.SyntaxKind.EqualsToken:
    case ts.SyntaxKind.QuestionQuestionEqualsToken:
    case ts.SyntaxKind.BarBarEqualsToken:
      if (parent.right !== node) return;
      bindTo(flow, parent.left, carry, env);
      return ts.isExpressionStatement(parent.parent)
        ? undefined
        : follow(flow, parent, carry, env);
    case ts.SyntaxKind.QuestionQuestionToken:
    case ts.SyntaxKind.BarBarToken:
      return follow(flow, parent, carry, env);
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.CommaToken:
      if (parent.right === node) return follow(flow, parent, carry, env);
  }
  read(flow, carry);
}

function loop(
  flow: Flow,
  parent: ts.ForOfStatement,
  carry: Carry,
  env: Env,
): void {
  const { initializer } = parent;
  const element = elementOf(carry, "of", spanBefore(parent.expression));
  const [declaration] = ts.isVariableDeclarationList(initializer)
    ? initializer.declarations
    : [];
  if (!element) return escape(flow, carry);
  bindTo(flow, declaration?.name ?? initializer, element, env);
}

/** What one element of it carries. */
export function elementOf(
  carry: Carry,
  name: string,
  span: Span,
): Carry | undefined {
  if (carry.as === "list") return carry.of;
  return carry.as === "data" ? under(carry, name, "element", span) : undefined;
}

/** Data one step further in. */
export function under(
  { path }: Extract<Carry, { as: "data" }>,
  name: string,
  via: ReadStep["via"],
  span: Span,
): Carry {
  return { as: "data", path: [...path, { name, span, via }] };
}

export function spanBefore(node: ts.Node): Span {
  const end = node.getEnd();
  return { source: unitOf(node).source, start: end, end };
}

/** What a promise of it gives. */
export function awaited(carry: Carry): Carry {
  return carry.as === "builder" ? RESULT : carry;
}

/** Goes on from every use of a variable. */
export function followName(
  flow: Flow,
  name: ts.Identifier,
  carry: Carry,
  env: Env,
): void {
  const declaration = declarationOf(name);
  if (!declaration) return escape(flow, carry);
  const declared = "name" in declaration ? declaration.name : name;
  const uses = referencesTo(declaration, declared)
    .filter((use) => use !== name && !writeAt(use));
  if (uses.length === 0) read(flow, carry);
  for (const use of uses) {
    if (isReached(flow.context, use, env)) follow(flow, use, carry, env);
  }
}

/** Notes the path that was read, where nothing is read of it in turn. */
export function read(flow: Flow, carry: Carry): void {
  if (carry.as === "data" && carry.path.length > 0) {
    flow.reads.push({ path: carry.path });
  }
}

/** Whether a member of the result says that the call failed. */
export function tellsOfError(name: string): boolean {
  return name === "error" || name === "status" || name === "statusText";
}

/** What leaves the code in sight: nobody knows what is read of it there. */
export function escape(flow: Flow, carry: Carry): void {
  const held = carry.as === "list" ? carry.of : carry;
  if (held.as !== "data" && flow.error === "ignored") flow.error = "unknown";
}

const ids = new WeakMap<object, number>();
let nextId = 0;

function idOf(object: object): number {
  let id = ids.get(object);
  if (id === undefined) ids.set(object, id = nextId++);
  return id;
}

function envId(env: Env): number {
  return env ? idOf(env) : -1;
}

function keyOf(carry: Carry): string {
  if (carry.as === "list") return `list ${carry.index} ${keyOf(carry.of)}`;
  return carry.as === "data"
    ? `data ${carry.path.map(({ name }) => name).join(".")}`
    : carry.as;
}
