import ts from "typescript";
import {
  type Context,
  depthOf,
  type Env,
  type Located,
  type Origin,
} from "./context.ts";
import {
  frameFor,
  functionAround,
  isFunction,
  returnsOf,
} from "./functions.ts";
import { membersOf } from "./members.ts";
import { importOrigins } from "./modules.ts";
import { parameterOrigins } from "./parameters.ts";
import { type Declaration, declarationOf, type Path } from "./scopes.ts";
import { writesTo } from "./writes.ts";
import { bare, calledName, isWrapper, memberName } from "./unit.ts";

/** How far constants, parameters and helpers are followed. */
const MAX_DEPTH = 60;
/** Something that may be more things than this may be anything. */
const MAX_ORIGINS = 200;

/** Functions that give back what they are given, or what the function they are given returns. */
const IDENTITY = new Set([
  "freeze",
  "resolve",
  "useCallback",
  "cache",
  "memoize",
  "once",
]);
const INVOKING = new Set(["useMemo"]);

/** Everything an expression may be, as far as the given files show. Never empty. */
export function originsOf(
  context: Context,
  node: ts.Expression,
  env: Env,
): readonly Origin[] {
  let known = context.known.get(env);
  if (!known) context.known.set(env, known = new Map());
  const before = known.get(node);
  if (before) return before;
  if (context.depth > MAX_DEPTH) return [opaque(node, env)];
  known.set(node, [opaque(node, env)]); // for what is defined by itself
  context.depth++;
  const found = read(context, node, env);
  context.depth--;
  const isKnown = found.length > 0 && found.length <= MAX_ORIGINS;
  const origins = isKnown ? found : [opaque(node, env)];
  known.set(node, origins);
  return origins;
}

/** A value that cannot be looked into. */
export function opaque(node: ts.Node, env: Env, path: Path = []): Origin {
  return { node, env, path, via: [] };
}

/** The functions an expression may be. */
export function functionsOf(
  context: Context,
  node: ts.Expression,
  env: Env,
): Origin[] {
  return originsOf(context, node, env)
    .filter(({ node, path }) => path.length === 0 && isFunction(node));
}

/** What is reached from an expression by a path of members. */
export function originsAt(
  context: Context,
  { node, env }: Located,
  path: Path,
): readonly Origin[] {
  return path.reduce<readonly Origin[]>(
    (origins, step) =>
      origins.flatMap((origin) => membersOf(context, origin, step)),
    originsOf(context, node, env),
  );
}

function read(
  context: Context,
  node: ts.Expression,
  env: Env,
): readonly Origin[] {
  const of = (expression: ts.Expression) => originsOf(context, expression, env);
  if (isWrapper(node) || ts.isAwaitExpression(node)) return of(node.expression);
  if (ts.isIdentifier(node)) {
    const declaration = declarationOf(node);
    return declaration ? declaredOrigins(context, declaration, env) : [];
  }
  if (ts.isConditionalExpression(node)) {
    return [...of(node.whenTrue), ...of(node.whenFalse)];
  }
  if (ts.isBinaryExpression(node)) {
    switch (node.operatorToken.kind) {
      case ts.SyntaxKind.QuestionQuestionToken:
      case ts.SyntaxKind.BarBarToken:
        return [...of(node.left), ...of(node.right)];
      case ts.SyntaxKind.AmpersandAmpersandToken:
      case ts.SyntaxKind.CommaToken:
      case ts.SyntaxKind.EqualsToken:
        return of(node.right);
    }
    return [];
  }
  if (ts.isPropertyAccessExpression(node)) {
    return membersOfAll(context, of(node.expression), node.name.text);
  }
  if (ts.isElementAccessExpression(node)) {
    return membersOfAll(context, of(node.expression), stepOf(node));
  }
  if (ts.isCallExpression(node)) return callOrigins(context, node, env);
  return [];
}

function membersOfAll(
  context: Context,
  origins: readonly Origin[],
  step: string,
): Origin[] {
  return origins.flatMap((origin) => membersOf(context, origin, step));
}

/** From a value to the element that `[…]` takes. */
function stepOf(node: ts.ElementAccessExpression): string {
  const index = bare(node.argumentExpression);
  if (ts.isNumericLiteral(index)) return `[${index.text}]`;
  return memberName(node) ?? "[]";
}

function callOrigins(
  context: Context,
  node: ts.CallExpression,
  env: Env,
): readonly Origin[] {
  const [first] = node.arguments;
  const name = calledName(node);
  const isAll = name === "all" && node.expression.getText() === "Promise.all";
  if (first && name && (isAll || IDENTITY.has(name))) {
    return originsOf(context, first, env);
  }
  const callees = first && name && INVOKING.has(name)
    ? functionsOf(context, first, env)
    : functionsOf(context, node.expression, env);
  return callees.flatMap(({ node: fn, env: outer }) => {
    if (!isFunction(fn)) return [];
    const frame = frameFor(fn, outer, node, env);
    if (depthOf(frame) > 12) return [];
    return returnsOf(fn).flatMap((value) => originsOf(context, value, frame));
  });
}

/** What a declared name may stand for. */
export function declaredOrigins(
  context: Context,
  declaration: Declaration,
  env: Env,
): readonly Origin[] {
  switch (declaration.kind) {
    case "function":
    case "function-expression":
    case "class":
    case "enum":
      return [opaque(declaration.node, env)];
    case "import":
      return importOrigins(context, declaration.node);
    case "parameter":
      return [
        ...parameterOrigins(context, declaration, env),
        ...written(context, declaration, env),
      ];
    case "variable": {
      const { known } = context.project;
      const isOfModule = functionAround(declaration.node) === undefined;
      const before = isOfModule ? known.get(declaration) : undefined;
      if (before) return before;
      const { name, node, path } = declaration;
      const given = initialOrigins(context, declaration, env);
      const all = [...given, ...written(context, declaration, env)];
      const origins = (all.length > 0 ? all : [opaque(node, env, path)])
        .map((origin) => ({ ...origin, via: [...origin.via, name] }));
      if (isOfModule && context.depth < MAX_DEPTH / 2) {
        known.set(declaration, origins);
      }
      return origins;
    }
  }
}

/** What a variable is where it is declared, and by default. */
function initialOrigins(
  context: Context,
  { name, node, path }: Extract<Declaration, { kind: "variable" }>,
  env: Env,
): readonly Origin[] {
  const loop = node.parent.parent;
  if (ts.isForOfStatement(loop)) {
    return originsAt(context, { node: loop.expression, env }, ["[]", ...path]);
  }
  if (!node.initializer) return [];
  return [
    ...originsAt(context, { node: node.initializer, env }, path),
    ...defaultOrigins(context, name, env),
  ];
}

/** The default in the pattern that takes a value apart: `{ name = "x" }`. */
export function defaultOrigins(
  context: Context,
  name: ts.Identifier,
  env: Env,
): readonly Origin[] {
  const { parent } = name;
  return ts.isBindingElement(parent) && parent.initializer
    ? originsOf(context, parent.initializer, env)
    : [];
}

function written(
  context: Context,
  declaration: Extract<Declaration, { kind: "variable" | "parameter" }>,
  env: Env,
): Origin[] {
  return writesTo(declaration).flatMap(({ node, value }) =>
    value ? originsOf(context, value, env) : [opaque(node, env)]
  );
}
