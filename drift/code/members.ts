import ts from "typescript";
import {
  type Context,
  distinct,
  type Env,
  mayGoOn,
  type Origin,
} from "./context.ts";
import { classMembers } from "./classes.ts";
import { returnsOf } from "./functions.ts";
import { moduleMember } from "./modules.ts";
import { opaque, originsOf } from "./origins.ts";
import type { Path } from "./scopes.ts";
import { isAccess, memberName } from "./unit.ts";

/** What one step of a path finds in a value: a property, `[0]`, `[]` for any element, `...` for the rest. */
export function membersOf(
  context: Context,
  origin: Origin,
  step: string,
): readonly Origin[] {
  const { node, env, path } = origin;
  if (path.length === 0) {
    const found = lookOnce(context, node, env, step);
    if (found) return found;
  }
  const listed = ts.isCallExpression(node) && listedBy(node);
  const isValue = listed && path.length === listed.depth &&
    (listed.depth === 0 ? isElement(step) : step === "[1]");
  if (listed && isValue) {
    return originsOf(context, listed.of, env)
      .flatMap((of) => membersOf(context, of, "[]"));
  }
  return [{ ...origin, path: [...path, step] }];
}

function isElement(step: string): boolean {
  return step === "[]" || /^\[\d+\]$/.test(step);
}

/**
 * What `Object.values(it)`, `Object.entries(it)`, `it.values()` and `it.entries()` list, and after how
 * many steps an element of it is reached.
 */
function listedBy(
  { expression: callee, arguments: [first] }: ts.CallExpression,
): { of: ts.Expression; depth: number } | undefined {
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  const depth = ["values", "entries"].indexOf(callee.name.text);
  if (depth < 0) return undefined;
  const isObject = ts.isIdentifier(callee.expression) &&
    callee.expression.text === "Object";
  const of = isObject ? first : callee.expression;
  return of && { of, depth };
}

/** What was found before; nothing more while it is being looked for, as in `row = { ...row, name }`. */
function lookOnce(
  context: Context,
  node: ts.Node,
  env: Env,
  step: string,
): readonly Origin[] | undefined {
  if (!isContainer(node)) return undefined;
  let ofEnv = context.members.get(env);
  if (!ofEnv) context.members.set(env, ofEnv = new Map());
  let ofNode = ofEnv.get(node);
  if (!ofNode) ofEnv.set(node, ofNode = new Map());
  const before = ofNode.get(step);
  if (before) return before;
  if (!mayGoOn(context)) return undefined;
  ofNode.set(step, []);
  const all = look(context, node, env, step);
  const found = all && distinct(all);
  if (found) ofNode.set(step, found);
  else ofNode.delete(step);
  return found;
}

function isContainer(node: ts.Node): boolean {
  return ts.isObjectLiteralExpression(node) ||
    ts.isArrayLiteralExpression(node) || ts.isSourceFile(node) ||
    ts.isEnumDeclaration(node) || ts.isNewExpression(node) ||
    ts.isClassLike(node) || node.kind === ts.SyntaxKind.ThisKeyword;
}

/** Undefined where a node cannot be looked into; empty where it can, and has no such member. */
function look(
  context: Context,
  node: ts.Node,
  env: Env,
  step: string,
): readonly Origin[] | undefined {
  if (ts.isObjectLiteralExpression(node)) {
    if (step === "...") return undefined;
    return step === "[]"
      ? node.properties.flatMap((property) =>
        propertyOrigins(context, property, env)
      )
      : objectMember(context, node, env, step);
  }
  if (ts.isArrayLiteralExpression(node)) {
    return arrayMember(context, node, env, step);
  }
  if (ts.isSourceFile(node)) return moduleMember(context, node, step);
  if (ts.isEnumDeclaration(node)) {
    const member = node.members.find(({ name }) => nameOf(name) === step);
    return member?.initializer && originsOf(context, member.initializer, env);
  }
  return classMembers(context, node, env, step);
}

function objectMember(
  context: Context,
  node: ts.ObjectLiteralExpression,
  env: Env,
  name: string,
): readonly Origin[] | undefined {
  const found: Origin[] = [];
  // the last one wins; what a spread may bring stands beside what comes before it
  for (const property of node.properties.toReversed()) {
    if (ts.isSpreadAssignment(property)) {
      for (const origin of originsOf(context, property.expression, env)) {
        found.push(...membersOf(context, origin, name));
      }
    } else if (nameOf(property.name) === name) {
      return [...found, ...propertyOrigins(context, property, env)];
    } else if (ts.isComputedPropertyName(property.name)) {
      found.push(opaque(property, env, [name]));
    }
  }
  return found;
}

function propertyOrigins(
  context: Context,
  property: ts.ObjectLiteralElementLike,
  env: Env,
): readonly Origin[] {
  if (ts.isPropertyAssignment(property)) {
    return originsOf(context, property.initializer, env);
  }
  if (ts.isShorthandPropertyAssignment(property)) {
    return originsOf(context, property.name, env);
  }
  if (ts.isMethodDeclaration(property)) return [opaque(property, env)];
  if (ts.isGetAccessor(property)) {
    return returnsOf(property).flatMap((value) =>
      originsOf(context, value, env)
    );
  }
  return [];
}

function arrayMember(
  context: Context,
  { elements }: ts.ArrayLiteralExpression,
  env: Env,
  step: string,
): readonly Origin[] | undefined {
  const [, index] = /^\[(\d*)\]$/.exec(step) ?? [];
  if (index === undefined) return undefined;
  const isKnown = index !== "" &&
    !elements.slice(0, Number(index) + 1).some(ts.isSpreadElement);
  const element = elements[Number(index)];
  if (isKnown) return element ? originsOf(context, element, env) : [];
  return elements.flatMap((element) =>
    ts.isSpreadElement(element)
      ? originsOf(context, element.expression, env).flatMap((origin) =>
        membersOf(context, origin, "[]")
      )
      : originsOf(context, element, env)
  );
}

/** The text of a property's name, where it is not computed. */
export function nameOf(name: ts.PropertyName): string | undefined {
  if (ts.isComputedPropertyName(name)) {
    return ts.isStringLiteralLike(name.expression)
      ? name.expression.text
      : undefined;
  }
  return name.text;
}

/** The members that lead to an expression, outermost last: `a.b["c"]` is `b`, `c`. */
export function accessPath(node: ts.Node): Path {
  if (!isAccess(node)) return [];
  const name = memberName(node);
  return name === undefined ? [] : [...accessPath(node.expression), name];
}
