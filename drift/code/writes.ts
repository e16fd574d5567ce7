import ts from "typescript";
import { type Declaration, declarationOf } from "./scopes.ts";
import { unitOf } from "./unit.ts";

/** A place that gives a variable another value; without `value` where it is computed from the old. */
export interface Write {
  readonly node: ts.Identifier;
  readonly value: ts.Expression | undefined;
}

const writes = new WeakMap<Declaration, readonly Write[]>();

/** Every assignment to a variable or parameter after its declaration. */
export function writesTo(
  declaration: Extract<Declaration, { kind: "variable" | "parameter" }>,
): readonly Write[] {
  if (isConstant(declaration)) return [];
  let found = writes.get(declaration);
  if (!found) writes.set(declaration, found = collect(declaration));
  return found;
}

function isConstant({ node }: { node: ts.Node }): boolean {
  return ts.isVariableDeclaration(node) &&
    (node.parent.flags & ts.NodeFlags.Const) !== 0;
}

function collect(
  declaration: Extract<Declaration, { kind: "variable" | "parameter" }>,
): Write[] {
  const { name } = declaration;
  const found: Write[] = [];
  for (const node of unitOf(name).identifiers.get(name.text) ?? []) {
    const write = writeAt(node);
    if (write && declarationOf(node) === declaration) found.push(write);
  }
  return found;
}

/** The assignment whose target a name is. */
export function writeAt(node: ts.Identifier): Write | undefined {
  const { parent } = node;
  if (ts.isBinaryExpression(parent) && parent.left === node) {
    switch (parent.operatorToken.kind) {
      case ts.SyntaxKind.EqualsToken:
      case ts.SyntaxKind.QuestionQuestionEqualsToken:
      case ts.SyntaxKind.BarBarEqualsToken:
        return { node, value: parent.right };
    }
    const { kind } = parent.operatorToken;
    return kind >= ts.SyntaxKind.FirstAssignment &&
        kind <= ts.SyntaxKind.LastAssignment
      ? { node, value: undefined }
      : undefined;
  }
  const isCounted = (ts.isPostfixUnaryExpression(parent) ||
    ts.isPrefixUnaryExpression(parent)) &&
    (parent.operator === ts.SyntaxKind.PlusPlusToken ||
      parent.operator === ts.SyntaxKind.MinusMinusToken);
  const isLooped = ts.isForInStatement(parent) || ts.isForOfStatement(parent);
  if (isCounted || isLooped && parent.initializer === node) {
    return { node, value: undefined };
  }
  return isPatternTarget(node) ? { node, value: undefined } : undefined;
}

/** `({ data: node } = …)` and `[node] = …`. */
function isPatternTarget(node: ts.Node): boolean {
  let at = node;
  for (let { parent } = at; parent; at = parent, parent = at.parent) {
    if (ts.isBinaryExpression(parent)) {
      return at !== node && parent.left === at &&
        parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    }
    const isPattern = ts.isArrayLiteralExpression(parent) ||
      ts.isObjectLiteralExpression(parent) ||
      ts.isShorthandPropertyAssignment(parent) ||
      (ts.isPropertyAssignment(parent) && parent.initializer === at);
    if (!isPattern) return false;
  }
  return false;
}
