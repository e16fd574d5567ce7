import ts from "typescript";
import {
  type Context,
  type Env,
  frameOf,
  type FunctionNode,
  type Origin,
} from "./context.ts";
import {
  callTakingInline,
  frameFor,
  isFunction,
  namesOfFunction,
} from "./functions.ts";
import {
  defaultOrigins,
  functionsOf,
  opaque,
  originsAt,
  originsOf,
} from "./origins.ts";
import { type Declaration, declarationOf, type Path } from "./scopes.ts";
import { bare, calledName, isAccess } from "./unit.ts";

type Parameter = Extract<Declaration, { kind: "parameter" }>;

/** Methods of arrays that hand their callback one element. */
const PER_ELEMENT = new Set([
  "map",
  "forEach",
  "filter",
  "flatMap",
  "find",
  "some",
  "every",
]);

/** What a parameter may be: the argument of the call that is read, or its default. */
export function parameterOrigins(
  context: Context,
  { name, node, path }: Parameter,
  env: Env,
): readonly Origin[] {
  const fn = node.parent;
  const index = fn.parameters.findIndex((parameter) => parameter === node);
  const unknown = [opaque(node, env, path)];
  if (!isFunction(fn) || index < 0 || node.dotDotDotToken) return unknown;
  const defaults = [
    ...node.initializer
      ? originsAt(context, { node: node.initializer, env }, path)
      : [],
    ...defaultOrigins(context, name, env),
  ];
  const frame = frameOf(context, fn, env);
  if (frame) {
    const given = frame.args[index];
    if (given) {
      return [
        ...originsAt(context, given, path),
        ...defaultOrigins(context, name, env),
      ];
    }
    return defaults.length > 0 ? defaults : unknown;
  }
  const handed = handedToCallback(context, fn, index, path, env);
  if (handed) return handed;
  if (namesOfFunction(fn).length > 0) context.unbound.add(fn);
  return [...defaults, ...unknown];
}

/** What a function written into a call as an argument is called with there. */
function handedToCallback(
  context: Context,
  fn: FunctionNode,
  index: number,
  path: Path,
  env: Env,
): readonly Origin[] | undefined {
  const taking = callTakingInline(fn);
  if (!taking) return undefined;
  const callee = bare(taking.call.expression);
  const name = calledName(taking.call);
  if (isAccess(callee) && name && PER_ELEMENT.has(name) && index === 0) {
    const list = { node: callee.expression, env };
    const isKnown = originsOf(context, list.node, env)
      .some(({ node, path }) =>
        path.length === 0 && ts.isArrayLiteralExpression(node)
      );
    return isKnown ? originsAt(context, list, ["[]", ...path]) : undefined;
  }
  const found = functionsOf(context, callee, env)
    .flatMap(({ node, env: outer }) => {
      if (!isFunction(node)) return [];
      const frame = frameFor(node, outer, taking.call, env);
      return callsOfParameter(node, taking.index).flatMap((call) => {
        const argument = call.arguments[index];
        return argument && !ts.isSpreadElement(argument)
          ? originsAt(context, { node: argument, env: frame }, path)
          : [];
      });
    });
  return found.length > 0 ? found : undefined;
}

/** Where a function calls what it is given as a parameter. */
function callsOfParameter(
  fn: FunctionNode,
  index: number,
): ts.CallExpression[] {
  const parameter = fn.parameters[index];
  if (!parameter || !fn.body) return [];
  const calls: ts.CallExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const declaration = declarationOf(node.expression);
      if (
        declaration?.kind === "parameter" && declaration.node === parameter &&
        declaration.path.length === 0
      ) calls.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(fn.body);
  return calls;
}
