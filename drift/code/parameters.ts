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
import { bare, calledName, isAccess, walk } from "./unit.ts";

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
  const byDefault = () => {
    const whole = node.initializer
      ? originsAt(context, { node: node.initializer, env }, path)
      : [];
    return whole.some((origin) => !isUndefined(origin))
      ? whole
      : defaultOrigins(context, name, env);
  };
  const frame = frameOf(context, fn, env);
  if (frame) {
    const argument = frame.args[index];
    const given = argument ? originsAt(context, argument, path) : [];
    const some = given.filter((origin) => !isUndefined(origin));
    const isGiven = some.length === given.length &&
      some.some(({ path }) => path.length === 0);
    if (isGiven) return some;
    const defaults = argument && path.length > 0
      ? defaultOrigins(context, name, env)
      : byDefault();
    const all = [...some, ...defaults];
    return all.length > 0 ? all : unknown;
  }
  const defaults = byDefault();
  const handed = handedToCallback(context, fn, index, path, env);
  if (handed) return handed;
  if (namesOfFunction(fn).length > 0) context.unbound.add(fn);
  return [...defaults, ...unknown];
}

function isUndefined({ node, path }: Origin): boolean {
  return path.length === 0 && ts.isIdentifier(node) &&
    node.text === "undefined";
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
  walk(fn.body, (node) => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const declaration = declarationOf(node.expression);
      if (
        declaration?.kind === "parameter" && declaration.node === parameter &&
        declaration.path.length === 0
      ) calls.push(node);
    }
    return true;
  });
  return calls;
}
