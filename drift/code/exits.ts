import ts from "typescript";
import { declarationOf } from "./scopes.ts";
import { bare, calledName, isAccess } from "./unit.ts";

/** Functions that never return: of Next.js, SvelteKit, Node, Deno and test runners. */
const NEVER_RETURNS =
  /^(?:notFound|redirect|permanentRedirect|unauthorized|forbidden|unreachable|throw\w*|fail|abort|die|panic|raise|bail|assertNever|exhaustive\w*)$/;
const EXITS = /^(?:process|Deno)\.exit$/;

const known = new WeakMap<ts.Node, boolean>();

/** Whether whatever follows a statement is not reached through it: it returns, throws or goes on with the loop. */
export function exits(statement: ts.Statement): boolean {
  let found = known.get(statement);
  if (found === undefined) known.set(statement, found = look(statement));
  return found;
}

function look(statement: ts.Statement): boolean {
  if (
    ts.isReturnStatement(statement) || ts.isThrowStatement(statement) ||
    ts.isContinueStatement(statement) || ts.isBreakStatement(statement)
  ) return true;
  if (ts.isBlock(statement)) return statement.statements.some(exits);
  if (ts.isIfStatement(statement)) {
    const { thenStatement, elseStatement } = statement;
    return exits(thenStatement) && elseStatement !== undefined &&
      exits(elseStatement);
  }
  if (ts.isTryStatement(statement)) {
    const { tryBlock, catchClause, finallyBlock } = statement;
    return (finallyBlock !== undefined && exits(finallyBlock)) ||
      (exits(tryBlock) && (!catchClause || exits(catchClause.block)));
  }
  return ts.isExpressionStatement(statement) &&
    neverReturns(statement.expression);
}

function neverReturns(expression: ts.Expression): boolean {
  let node = bare(expression);
  if (ts.isAwaitExpression(node)) node = bare(node.expression);
  if (!ts.isCallExpression(node)) return false;
  const callee = bare(node.expression);
  if (isAccess(callee)) return EXITS.test(callee.getText());
  if (NEVER_RETURNS.test(calledName(node) ?? "")) return true;
  const declaration = ts.isIdentifier(callee)
    ? declarationOf(callee)
    : undefined;
  if (declaration?.kind !== "function") return false;
  const { type, body } = declaration.node;
  return type?.kind === ts.SyntaxKind.NeverKeyword ||
    (body !== undefined && body.statements.some(ts.isThrowStatement));
}
