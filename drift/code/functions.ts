import ts from "typescript";
import type { Env, Frame, FunctionNode, Located } from "./context.ts";
import { isWrapper, walk } from "./unit.ts";

/** Whether a node is a function with a body to read. */
export function isFunction(node: ts.Node): node is FunctionNode {
  return ts.isFunctionLike(node) && "body" in node && node.body !== undefined;
}

/** The function a node stands in. */
export function functionAround(node: ts.Node): FunctionNode | undefined {
  for (let at = node.parent; at; at = at.parent) {
    if (isFunction(at)) return at;
  }
  return undefined;
}

/** Whether it gives a promise of what it returns. */
export function isAsync(fn: FunctionNode): boolean {
  return (ts.getCombinedModifierFlags(fn) & ts.ModifierFlags.Async) !== 0;
}

const returns = new WeakMap<FunctionNode, readonly ts.Expression[]>();

/** What a function may return. */
export function returnsOf(fn: FunctionNode): readonly ts.Expression[] {
  let found = returns.get(fn);
  if (!found) returns.set(fn, found = collectReturns(fn));
  return found;
}

function collectReturns({ body }: FunctionNode): ts.Expression[] {
  if (!body) return [];
  if (!ts.isBlock(body)) return [body];
  const found: ts.Expression[] = [];
  walk(body, (node) => {
    if (ts.isReturnStatement(node) && node.expression) {
      found.push(node.expression);
    }
    return !ts.isFunctionLike(node) && !ts.isClassLike(node);
  });
  return found;
}

/** The call of a function that is known. */
export function frameFor(
  fn: FunctionNode,
  outer: Env,
  call: ts.CallExpression | ts.NewExpression,
  callEnv: Env,
): Frame {
  const args: (Located | undefined)[] = [];
  for (const node of call.arguments ?? []) {
    if (ts.isSpreadElement(node)) break;
    args.push({ node, env: callEnv });
  }
  return { fn, args, outer, call, callEnv };
}

/** The call a function is written into as an argument, and which argument it is. */
export function callTakingInline(
  fn: FunctionNode,
): { call: ts.CallExpression; index: number } | undefined {
  let node: ts.Node = fn;
  while (isWrapper(node.parent)) node = node.parent;
  const { parent } = node;
  if (!ts.isCallExpression(parent)) return undefined;
  const index = parent.arguments.findIndex((argument) => argument === node);
  return index < 0 ? undefined : { call: parent, index };
}

/** The function that returns what it makes: `(client) => (table) => …`. */
function makerOf(parent: ts.Node, node: ts.Node): FunctionNode | undefined {
  if (ts.isArrowFunction(parent) && parent.body === node) return parent;
  return ts.isReturnStatement(parent) ? functionAround(parent) : undefined;
}

/** The names under which a function may be called elsewhere. */
export function namesOfFunction(fn: FunctionNode): string[] {
  const names: string[] = [];
  const isDefault =
    (ts.getCombinedModifierFlags(fn) & ts.ModifierFlags.Default) !== 0;
  if (isDefault) names.push("default");
  if (fn.name && "text" in fn.name) names.push(fn.name.text);
  let node: ts.Node = fn;
  // const load = useCallback(async () => …): the name of what it is written into
  while (isWrapper(node.parent) || ts.isCallExpression(node.parent)) {
    node = node.parent;
  }
  const { parent } = node;
  const maker = makerOf(parent, node);
  if (maker) names.push(...namesOfFunction(maker).map((name) => `${name}()`));
  if (ts.isExportAssignment(parent)) names.push("default");
  if (
    ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) ||
    ts.isPropertyDeclaration(parent)
  ) {
    if ("text" in parent.name) names.push(parent.name.text);
  }
  return names;
}
