import ts from "typescript";
import { type Declaration, declarationOf } from "./scopes.ts";
import { bare, isAccess, memberName, walk } from "./unit.ts";
import { writesTo } from "./writes.ts";

/**
 * What an expression names that holds a value: a variable, or members of one. Constants that are another
 * name for it are looked through, so that `row.name` and the `name` of `const { name } = row` are one.
 */
export interface Reference {
  /** The variable, or the class that `this` is of. */
  readonly root: Declaration | ts.ClassLikeDeclaration;
  readonly path: readonly string[];
}

const MAX_DEPTH = 6;

/** What an expression refers to; undefined for a value that is computed. */
export function referenceOf(
  node: ts.Expression,
  depth = 0,
): Reference | undefined {
  const steps: string[] = [];
  let at = bare(node);
  while (isAccess(at)) {
    const step = stepOf(at);
    if (step === undefined) return undefined;
    steps.unshift(step);
    at = bare(at.expression);
  }
  const base = baseOf(at, depth);
  return base && { root: base.root, path: [...base.path, ...steps] };
}

function stepOf(node: ts.Node): string | undefined {
  const name = memberName(node);
  if (name !== undefined) return name;
  return ts.isElementAccessExpression(node) &&
      ts.isNumericLiteral(node.argumentExpression)
    ? `[${node.argumentExpression.text}]`
    : undefined;
}

function baseOf(node: ts.Expression, depth: number): Reference | undefined {
  if (node.kind === ts.SyntaxKind.ThisKeyword) {
    const root = ts.findAncestor(node, ts.isClassLike);
    return root && { root, path: [] };
  }
  if (!ts.isIdentifier(node)) return undefined;
  const root = declarationOf(node);
  if (!root) return undefined;
  const initializer = depth < MAX_DEPTH ? fixedValue(root) : undefined;
  const of = initializer && referenceOf(initializer, depth + 1);
  return of && root.kind === "variable" && root.path.every(isName)
    ? { root: of.root, path: [...of.path, ...root.path] }
    : { root, path: [] };
}

function isName(step: string): boolean {
  return step !== "..." && step !== "[]" && step !== "?";
}

/** What a variable that nobody assigns to later is made with. */
export function fixedValue(
  declaration: Declaration,
): ts.Expression | undefined {
  if (declaration.kind !== "variable") return undefined;
  const { initializer } = declaration.node;
  return initializer && writesTo(declaration).length === 0
    ? initializer
    : undefined;
}

/** Whether two expressions name the same thing. */
export function isSame(one: Reference, other: Reference): boolean {
  return one.root === other.root && one.path.length === other.path.length &&
    one.path.every((step, index) => step === other.path[index]);
}

/**
 * Whether an expression looks at what is referred to, at one of the constants it tests, or at what the
 * thing was computed from.
 */
export function mentions(
  test: ts.Expression,
  references: readonly Reference[],
  depth = 0,
): boolean {
  let found = false;
  walk(test, (node) => {
    if (found || !ts.isExpression(node)) return !found;
    if (!ts.isIdentifier(node) && !isAccess(node)) return true;
    const reference = referenceOf(node);
    found ||= reference !== undefined &&
      references.some((it) => isSame(it, reference));
    if (!found && ts.isIdentifier(node) && depth < 2) {
      const declaration = declarationOf(node);
      const value = declaration && fixedValue(declaration);
      found ||= value !== undefined && !ts.isFunctionLike(value) &&
        mentions(value, references, depth + 1);
    }
    return !found;
  });
  return found;
}

/** A reference and all that its variable is computed from. */
export function withSources(reference: Reference): Reference[] {
  const { root } = reference;
  const all = [reference];
  const value = "pos" in root ? undefined : fixedValue(root);
  if (!value || ts.isFunctionLike(bare(value))) return all;
  walk(value, (node) => {
    if (all.length > 20) return false;
    if (ts.isIdentifier(node) || isAccess(node)) {
      const source = referenceOf(node);
      if (source) all.push(source);
    }
    return !ts.isFunctionLike(node);
  });
  return all;
}
