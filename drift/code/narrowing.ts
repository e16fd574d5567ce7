import ts from "typescript";
import type { Value } from "./chain.ts";
import { declarationOf } from "./scopes.ts";
import { bare } from "./unit.ts";

/** Whether a name may have this value where it stands, given the `name === "…"` around it. */
export function isPossible(node: ts.Expression, value: Value): boolean {
  const name = bare(node);
  if (value.kind !== "string" || !ts.isIdentifier(name)) return true;
  for (let at: ts.Node = name; at.parent; at = at.parent) {
    const { parent } = at;
    if (ts.isFunctionLike(parent)) return true;
    const branch = branchOf(parent, at);
    if (branch && !holds(branch, name, value.value)) return false;
  }
  return true;
}

interface Branch {
  readonly condition: ts.Expression;
  readonly isTrue: boolean;
}

/** The condition under which a node is run at all. */
function branchOf(parent: ts.Node, node: ts.Node): Branch | undefined {
  if (ts.isConditionalExpression(parent)) {
    if (parent.condition === node) return undefined;
    return { condition: parent.condition, isTrue: parent.whenTrue === node };
  }
  if (ts.isIfStatement(parent)) {
    if (parent.expression === node) return undefined;
    return {
      condition: parent.expression,
      isTrue: parent.thenStatement === node,
    };
  }
  return undefined;
}

function holds(
  { condition, isTrue }: Branch,
  name: ts.Identifier,
  value: string,
): boolean {
  const test = bare(condition);
  if (!ts.isBinaryExpression(test)) return true;
  const equals = equality(test.operatorToken.kind);
  if (equals === undefined) return true;
  const [left, right] = [bare(test.left), bare(test.right)];
  const [tested, literal] = ts.isIdentifier(left)
    ? [left, right]
    : [right, left];
  if (!ts.isIdentifier(tested) || !ts.isStringLiteralLike(literal)) return true;
  const declaration = declarationOf(name);
  if (!declaration || declarationOf(tested) !== declaration) return true;
  return (value === literal.text) === (equals === isTrue);
}

/** Whether an operator says equal or unequal. */
function equality(operator: ts.SyntaxKind): boolean | undefined {
  switch (operator) {
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsToken:
      return true;
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken:
      return false;
  }
  return undefined;
}
