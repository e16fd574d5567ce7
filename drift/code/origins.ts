import ts from "typescript";
import {
  asideOf,
  type Choice,
  type Context,
  depthOf,
  distinct,
  type Env,
  isParticular,
  isRecursive,
  type Located,
  mayGoOn,
  type Origin,
} from "./context.ts";
import { literalOf, type LookUp, type Primitive, truthOf } from "./evaluate.ts";
import {
  frameFor,
  functionAround,
  isFunction,
  returnsOf,
} from "./functions.ts";
import { membersOf, nameOf } from "./members.ts";
import { importOrigins } from "./modules.ts";
import { mutationsOf } from "./mutations.ts";
import { isPresent, mayBeReached, narrowed } from "./narrowing.ts";
import { parameterOrigins } from "./parameters.ts";
import { truthBy, valueBy } from "./premises.ts";
import { type Declaration, declarationOf, type Path } from "./scopes.ts";
import { writesTo } from "./writes.ts";
import {
  type Access,
  bare,
  calledName,
  isAccess,
  isWithin,
  isWrapper,
  memberName,
} from "./unit.ts";

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
  if (context.depth > MAX_DEPTH || !mayGoOn(context)) {
    return [opaque(node, env)];
  }
  known.set(node, [opaque(node, env)]); // for what is defined by itself
  context.depth++;
  const found = distinct(read(context, node, env));
  context.depth--;
  const isKnown = found.length > 0 && found.length <= MAX_ORIGINS;
  const origins = isKnown ? chosen(context, found) : [opaque(node, env)];
  known.set(node, origins);
  return origins;
}

/** Without what belongs to another of the names that this reading does not take. */
function chosen(
  { choice }: Context,
  origins: readonly Origin[],
): readonly Origin[] {
  if (!choice) return origins;
  const left = origins.filter(({ node }) =>
    !choice.without.some((other) => isWithin(node, other)) &&
    !isOfOtherKey(choice, node)
  );
  return left.length > 0 ? left : origins;
}

/** `COLUMNS[kind]`, where the table is `TABLES[kind]` and of another kind. */
function isOfOtherKey({ keys }: Choice, node: ts.Node): boolean {
  if (!keys) return false;
  let at = node;
  for (let up = 0; up < 4 && at.parent; up++, at = at.parent) {
    if (!ts.isPropertyAssignment(at)) continue;
    const key = nameOf(at.name);
    if (key === undefined || !keys.others.has(key)) continue;
    return at.parent.properties.some((property) =>
      property.name && nameOf(property.name) === keys.own
    );
  }
  return false;
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
  if (ts.isIdentifier(node) || isAccess(node)) {
    return narrowed(node, readName(context, node, env));
  }
  if (isWrapper(node) || ts.isAwaitExpression(node)) return of(node.expression);
  if (ts.isConditionalExpression(node)) {
    const truth = truthIn(context, node.condition, env);
    return [
      ...truth === false ? [] : of(node.whenTrue),
      ...truth === true ? [] : of(node.whenFalse),
    ];
  }
  if (ts.isBinaryExpression(node)) {
    switch (node.operatorToken.kind) {
      case ts.SyntaxKind.QuestionQuestionToken:
        return orElse(node, of, (value) => value !== null);
      case ts.SyntaxKind.BarBarToken:
        return orElse(node, of, Boolean);
      case ts.SyntaxKind.AmpersandAmpersandToken:
      case ts.SyntaxKind.CommaToken:
      case ts.SyntaxKind.EqualsToken:
        return of(node.right);
    }
    return [];
  }
  if (ts.isCallExpression(node)) return callOrigins(context, node, env);
  return [];
}

function readName(
  context: Context,
  node: ts.Identifier | Access,
  env: Env,
): readonly Origin[] {
  if (ts.isIdentifier(node)) {
    const declaration = declarationOf(node);
    return declaration ? declaredOrigins(context, declaration, env) : [];
  }
  const on = originsOf(context, node.expression, env);
  const steps = ts.isPropertyAccessExpression(node)
    ? [node.name.text]
    : stepsOf(context, node, env);
  return steps.flatMap((step) =>
    on.flatMap((origin) => memberNow(context, origin, step))
  );
}

/** A member of an object with what it is given later; what it starts as is then no more certain. */
function memberNow(
  context: Context,
  origin: Origin,
  step: string,
): readonly Origin[] {
  const found = membersOf(context, origin, step);
  if (origin.path.length > 0 || origin.via.length === 0) return found;
  const given = origin.via.flatMap((name) => mutationsOf(name).properties)
    .filter(({ key }) => key === step);
  const isOpen = origin.via.some((name) => mutationsOf(name).open);
  if (given.length === 0 && !isOpen) return found;
  const left = found.filter((it) => {
    const literal = literalAt(it);
    return !literal || (literal.value ?? "") !== "";
  });
  return [
    ...left,
    ...given.flatMap(({ value }) => originsOf(context, value, origin.env)),
    ...isOpen ? [opaque(origin.node, origin.env, [step])] : [],
  ];
}

/** What an expression comes to that takes another where it has none, by the values it has. */
function orElse(
  { left, right }: ts.BinaryExpression,
  of: (expression: ts.Expression) => readonly Origin[],
  isSome: (value: Primitive) => boolean,
): readonly Origin[] {
  const all = of(left);
  const some = all.filter((origin) => {
    const literal = literalAt(origin);
    return !literal || literal.value !== undefined && isSome(literal.value);
  });
  const isAlways = some.length === all.length && some.every(literalAt);
  const standsIn = literalOf(bare(right));
  const isNothing = standsIn && (standsIn.value ?? "") === "";
  const isNeeded = isNothing ? !isAlways && !isPresent(left) : !isAlways;
  return isNeeded ? [...some, ...of(right)] : some;
}

/** From a value to the elements that `[…]` may take. */
function stepsOf(
  context: Context,
  node: ts.ElementAccessExpression,
  env: Env,
): readonly string[] {
  const index = bare(node.argumentExpression);
  if (ts.isNumericLiteral(index)) return [`[${index.text}]`];
  const name = memberName(node);
  if (name !== undefined) return [name];
  const names = originsOf(context, index, env).map(({ node, path }) =>
    path.length === 0 && ts.isStringLiteralLike(node) ? node.text : "[]"
  );
  return names.includes("[]") ? ["[]"] : names;
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
    if (depthOf(env) >= 12 || isRecursive(env, fn)) return [];
    const frame = frameFor(fn, outer, node, env);
    return returnsOf(fn).flatMap((value) =>
      isReached(context, value, frame) ? originsOf(context, value, frame) : []
    );
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
      const isOfModule = !context.choice &&
        functionAround(declaration.node) === undefined;
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
  const given = originsAt(context, { node: node.initializer, env }, path);
  const isGiven = given.length > 0 &&
    given.every((origin) => literalAt(origin)?.value !== undefined);
  return isGiven ? given : [...given, ...defaultOrigins(context, name, env)];
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
  return writesTo(declaration).flatMap(({ node, value }) => {
    if (!isReached(context, node, env)) return [];
    return value ? originsOf(context, value, env) : [opaque(node, env)];
  });
}

/** Whether the tests around a node let it be reached by the calls that are read. */
export function isReached(context: Context, node: ts.Node, env: Env): boolean {
  return !isParticular(context, env) ||
    mayBeReached(
      node,
      (test) => truthIn(context, test, env),
      lookingUp(context, env),
    );
}

function truthIn(
  context: Context,
  test: ts.Expression,
  env: Env,
): boolean | undefined {
  const { premises } = context;
  const held = premises && truthBy(premises, test);
  if (held !== undefined) return held;
  const truth = truthOf(
    test,
    isParticular(context, env) ? lookingUp(context, env) : () => undefined,
  );
  return truth === "throws" ? undefined : truth;
}

/** What names hold in the calls that are read, where that is one value. */
function lookingUp(context: Context, env: Env): LookUp {
  const aside = asideOf(context);
  return (node) => {
    if (!ts.isIdentifier(node) && !isAccess(node)) return undefined;
    const { premises } = context;
    const held = premises && valueBy(premises, node);
    if (held) return held;
    if (isAnswer(node)) return undefined;
    if (isAccess(node) && !isFixed(aside, node.expression, env)) {
      return undefined;
    }
    const values = new Set<Primitive>();
    for (const origin of originsOf(aside, node, env)) {
      const value = chosenText(aside, origin) ?? literalAt(origin);
      if (!value) return undefined;
      values.add(value.value);
    }
    const [value] = values;
    return values.size === 1 ? { value } : undefined;
  };
}

/** Whether it is of what was waited for: no value that the code shows, and most tests are of such. */
function isAnswer(node: ts.Expression): boolean {
  let root = bare(node);
  while (isAccess(root)) root = bare(root.expression);
  const declaration = ts.isIdentifier(root) ? declarationOf(root) : undefined;
  if (declaration?.kind !== "variable") return false;
  const { node: variable } = declaration;
  return ts.isVariableDeclaration(variable) &&
    variable.initializer !== undefined &&
    ts.isAwaitExpression(bare(variable.initializer));
}

/** The name that this reading takes, where it is said by a type. */
function chosenText({ choice }: Context, { node, path }: Origin) {
  if (!choice || choice.origin.node !== node) return undefined;
  return choice.origin.path.join() === path.join()
    ? { value: choice.text }
    : undefined;
}

function literalAt({ node, path }: Origin): { value: Primitive } | undefined {
  return path.length === 0 ? literalOf(node) : undefined;
}

/** Whether an object is as it is written: nobody changes it later. */
function isFixed(context: Context, node: ts.Expression, env: Env): boolean {
  return originsOf(context, node, env).every(({ node, path, via }) =>
    path.length === 0 && ts.isObjectLiteralExpression(node) &&
    via.every((name) => {
      const { properties, open } = mutationsOf(name);
      return properties.length === 0 && !open;
    })
  );
}
