import ts from "typescript";
import type { Context, Env, Origin } from "./context.ts";
import { literalOf } from "./evaluate.ts";
import { frameFor, isFunction } from "./functions.ts";
import { nameOf } from "./members.ts";
import { opaque, originsOf } from "./origins.ts";
import { bare, isAccess, memberName, unitOf } from "./unit.ts";

/** What a member of an instance may be: of `new Class(…)`, or of `this` within the class. */
export function classMembers(
  context: Context,
  node: ts.Node,
  env: Env,
  name: string,
): readonly Origin[] | undefined {
  if (node.kind === ts.SyntaxKind.ThisKeyword) {
    const around = ts.findAncestor(node, ts.isClassLike);
    return around && instanceMember(context, around, env, name);
  }
  if (ts.isClassLike(node)) return staticMember(context, node, env, name);
  if (!ts.isNewExpression(node)) return undefined;
  for (const { node: type, env: outer } of classesOf(context, node, env)) {
    const constructor = type.members.find(ts.isConstructorDeclaration);
    const frame = constructor && isFunction(constructor)
      ? frameFor(constructor, outer, node, env)
      : outer;
    const found = instanceMember(context, type, frame, name);
    if (found) return found;
  }
  return undefined;
}

function classesOf(context: Context, node: ts.NewExpression, env: Env) {
  return originsOf(context, node.expression, env).flatMap(({ node, env }) =>
    ts.isClassLike(node) ? [{ node, env }] : []
  );
}

function staticMember(
  context: Context,
  node: ts.ClassLikeDeclaration,
  env: Env,
  name: string,
): readonly Origin[] | undefined {
  const member = node.members.find((member) =>
    member.name && nameOf(member.name) === name &&
    ts.canHaveModifiers(member) &&
    ts.getModifiers(member)?.some(({ kind }) =>
      kind === ts.SyntaxKind.StaticKeyword
    )
  );
  return member && memberOrigins(context, member, env);
}

function instanceMember(
  context: Context,
  type: ts.ClassLikeDeclaration,
  env: Env,
  name: string,
  within: readonly ts.Node[] = [type],
): readonly Origin[] | undefined {
  const found = type.members
    .filter((member) => member.name && nameOf(member.name) === name)
    .flatMap((member) => memberOrigins(context, member, env));
  const constructor = type.members.find(ts.isConstructorDeclaration);
  for (const parameter of constructor?.parameters ?? []) {
    const { name: binding } = parameter;
    const isProperty = ts.isParameterPropertyDeclaration(
      parameter,
      parameter.parent,
    );
    if (isProperty && ts.isIdentifier(binding) && binding.text === name) {
      found.push(...originsOf(context, binding, env));
    }
  }
  for (const value of assignedIn(constructor, name)) {
    found.push(...originsOf(context, value, env));
  }
  return found.length > 0
    ? found
    : baseMember(context, type, env, name, within);
}

function baseMember(
  context: Context,
  type: ts.ClassLikeDeclaration,
  env: Env,
  name: string,
  within: readonly ts.Node[],
): readonly Origin[] | undefined {
  const base = type.heritageClauses?.find(({ token }) =>
    token === ts.SyntaxKind.ExtendsKeyword
  )?.types[0];
  if (!base) return undefined;
  for (const { node } of originsOf(context, base.expression, undefined)) {
    if (ts.isClassLike(node) && !within.includes(node)) {
      return instanceMember(context, node, env, name, [...within, node]);
    }
  }
  return undefined;
}

function memberOrigins(
  context: Context,
  member: ts.ClassElement,
  env: Env,
): readonly Origin[] {
  if (ts.isPropertyDeclaration(member)) {
    const { initializer } = member;
    if (!initializer) return [opaque(member, env)];
    // what starts as nothing is there to be given something by somebody
    const literal = literalOf(bare(initializer));
    const isNothing = literal !== undefined && (literal.value ?? "") === "";
    const isOpen = !isReadonly(member) &&
      (isNothing || isAssigned(member));
    const found = isNothing && isOpen
      ? []
      : originsOf(context, initializer, env);
    return isOpen ? [...found, opaque(member, env)] : found;
  }
  return ts.isMethodDeclaration(member) || ts.isGetAccessor(member)
    ? [opaque(member, env)]
    : [];
}

function isReadonly(member: ts.PropertyDeclaration): boolean {
  return (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Readonly) !==
    0;
}

/** Whether a method gives a property another value: `this.name = …`. */
function isAssigned({ name, parent }: ts.PropertyDeclaration): boolean {
  const key = nameOf(name);
  return (unitOf(parent).identifiers.get(key ?? "") ?? []).some((use) =>
    ts.isPropertyAccessExpression(use.parent) && use.parent.name === use &&
    use.parent.expression.kind === ts.SyntaxKind.ThisKeyword &&
    ts.isBinaryExpression(use.parent.parent) &&
    use.parent.parent.left === use.parent
  );
}

/** The values a constructor gives `this.name`. */
function assignedIn(
  constructor: ts.ConstructorDeclaration | undefined,
  name: string,
): ts.Expression[] {
  const found: ts.Expression[] = [];
  for (const statement of constructor?.body?.statements ?? []) {
    if (!ts.isExpressionStatement(statement)) continue;
    const { expression } = statement;
    if (
      ts.isBinaryExpression(expression) && isAccess(expression.left) &&
      expression.left.expression.kind === ts.SyntaxKind.ThisKeyword &&
      memberName(expression.left) === name
    ) found.push(expression.right);
  }
  return found;
}
