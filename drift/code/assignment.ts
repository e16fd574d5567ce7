import ts from "typescript";
import { exits } from "./exits.ts";
import { guardsAt } from "./guards.ts";
import { functionAround } from "./functions.ts";
import type { Declaration } from "./scopes.ts";
import { isWithin, walk } from "./unit.ts";
import { writesTo } from "./writes.ts";

type Variable = Extract<Declaration, { kind: "variable" | "parameter" }>;

/** Whether a variable has surely been given another value between a literal that it was given and its use. */
export function isOverwritten(
  use: ts.Node,
  variable: Variable,
  literal: ts.Node,
): boolean {
  const writes = writesTo(variable);
  if (writes.length === 0) return false;
  const place = placeOf(variable, literal);
  for (let at = use; at.parent && at !== variable.node; at = at.parent) {
    const { parent } = at;
    if (ts.isFunctionLike(at) && !isWithin(variable.node, at)) return false;
    const statements = statementsOf(parent);
    const index = statements?.findIndex((it) => it === at) ?? -1;
    for (let before = index - 1; before >= 0; before--) {
      const statement = statements?.[before];
      if (!statement || isWithin(place, statement)) break;
      if (statement.end <= place.pos) break;
      if (assignsAlways(statement, writes.map(({ node }) => node))) return true;
    }
  }
  return false;
}

/** Where a literal is given to a variable: in what it is made with, unless an assignment has it. */
function placeOf(variable: Variable, literal: ts.Node): ts.Node {
  const write = writesTo(variable)
    .find(({ value }) => value && isWithin(literal, value));
  return write ? literal : variable.node;
}

function statementsOf(
  node: ts.Node,
): ts.NodeArray<ts.Statement> | undefined {
  return ts.isBlock(node) || ts.isSourceFile(node) ||
      ts.isCaseOrDefaultClause(node) || ts.isModuleBlock(node)
    ? node.statements
    : undefined;
}

/** Whether each way through a statement that goes on after it assigns. */
function assignsAlways(
  statement: ts.Statement,
  targets: readonly ts.Node[],
): boolean {
  const of = (inner: ts.Statement) =>
    exits(inner) || assignsAlways(inner, targets);
  if (!targets.some((target) => isWithin(target, statement))) return false;
  if (ts.isExpressionStatement(statement)) {
    return targets.some((target) =>
      isWithin(target, statement) && isUnconditional(target, statement)
    );
  }
  if (ts.isBlock(statement)) return statement.statements.some(of);
  if (ts.isIfStatement(statement)) {
    const { thenStatement, elseStatement } = statement;
    return elseStatement !== undefined && of(thenStatement) &&
      of(elseStatement);
  }
  if (ts.isTryStatement(statement)) {
    const { tryBlock, catchClause, finallyBlock } = statement;
    return (finallyBlock !== undefined && of(finallyBlock)) ||
      (of(tryBlock) && (!catchClause || of(catchClause.block)));
  }
  if (ts.isSwitchStatement(statement)) {
    const { clauses } = statement.caseBlock;
    return clauses.some(ts.isDefaultClause) &&
      clauses.every((clause) =>
        clause.statements.length === 0 ||
        clause.statements.some((inner) =>
          !ts.isBreakStatement(inner) && of(inner)
        )
      );
  }
  return false;
}

/** Whether nothing between a node and the statement it stands in decides whether it runs. */
function isUnconditional(node: ts.Node, statement: ts.Node): boolean {
  for (let at = node; at !== statement; at = at.parent) {
    if (ts.isFunctionLike(at) || guardsAt(at).length > 0) return false;
  }
  return true;
}

/**
 * Whether a variable may well have been given another value before its use, in a way that the code does
 * not decide: in a loop, a callback, a `try`, or under a test that has to do with the use.
 */
export function mayBeOverwritten(
  use: ts.Node,
  variable: Variable,
  literal: ts.Node,
): boolean {
  const others = writesTo(variable)
    .filter(({ node, value }) =>
      node.pos < use.pos && !(value && isWithin(literal, value))
    );
  if (others.length === 0) {
    // somebody else gives it one, at some other time
    const home = functionAround(variable.node);
    return writesTo(variable).some(({ node, value }) =>
      !(value && isWithin(literal, value)) &&
      (functionAround(node) !== home || functionAround(use) !== home)
    );
  }
  const words = new Set(others.flatMap(({ node }) => {
    const tests = plainTests(node, functionAround(variable.node));
    return tests ? tests.flatMap(wordsOf) : ["*"];
  }));
  return words.has("*") || testsBefore(use, variable.node)
    .some((test) => wordsOf(test).some((word) => words.has(word)));
}

/** The tests of the plain `if`s a write stands in; undefined where it stands in anything else. */
function plainTests(
  node: ts.Node,
  home: ts.Node | undefined,
): ts.Expression[] | undefined {
  const tests: ts.Expression[] = [];
  for (let at = node.parent; at && at !== home; at = at.parent) {
    if (ts.isFunctionLike(at) || ts.isIterationStatement(at, false)) {
      return undefined;
    }
    if (ts.isTryStatement(at) || ts.isSwitchStatement(at)) return undefined;
    if (ts.isIfStatement(at)) tests.push(at.expression);
  }
  return tests;
}

function testsBefore(use: ts.Node, home: ts.Node): ts.Expression[] {
  const tests: ts.Expression[] = [];
  for (let at = use; at.parent && at !== home; at = at.parent) {
    for (const guard of guardsAt(at)) {
      if (guard.kind === "test" && !guard.unless) tests.push(guard.test);
      if (guard.kind === "case") tests.push(guard.on);
      if (guard.kind === "look") tests.push(...guard.at);
    }
  }
  return tests;
}

function wordsOf(node: ts.Node): string[] {
  const words: string[] = [];
  walk(node, (it) => {
    if (ts.isIdentifier(it)) words.push(it.text);
    return true;
  });
  return words;
}
