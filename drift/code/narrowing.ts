import ts from "typescript";
import { isOverwritten, mayBeOverwritten } from "./assignment.ts";
import type { Origin } from "./context.ts";
import {
  evaluate,
  literalOf,
  type LookUp,
  type Primitive,
} from "./evaluate.ts";
import { type Guard, guardsAt } from "./guards.ts";
import {
  isSame,
  mentions,
  type Reference,
  referenceOf,
  withSources,
} from "./references.ts";
import { bare, isWithin, walk } from "./unit.ts";

/**
 * Without the literals that cannot be what an expression holds where it stands, by the tests around and
 * before it. Null and the empty string go as soon as anything has looked at the expression whose outcome
 * is not known: what is not certain is not said.
 */
export function narrowed(
  use: ts.Expression,
  origins: readonly Origin[],
): readonly Origin[] {
  if (!origins.some(isLiteral)) return origins;
  const reference = referenceOf(use);
  if (!reference) return origins;
  const left = origins.filter((origin) => {
    const literal = isLiteral(origin) ? literalOf(origin.node) : undefined;
    if (!literal) return true;
    const { value } = literal;
    const isEmpty = value === null || value === "";
    const verdict = judge(use, reference, value, origin.node);
    return verdict === "possible" || (verdict === "unsure" && !isEmpty);
  });
  return left;
}

/** Whether an expression may hold a value where it stands. */
export function mayHold(use: ts.Expression, value: Primitive): boolean {
  const reference = referenceOf(use);
  return !reference ||
    judge(use, reference, value, undefined) !== "impossible";
}

/** Whether an expression is known to hold something where it stands, so that what stands in for it is not used. */
export function isPresent(use: ts.Expression): boolean {
  for (let node = bare(use);;) {
    const reference = referenceOf(node);
    if (reference && judge(node, reference, null, undefined) !== "possible") {
      return true;
    }
    if (
      ts.isPropertyAccessExpression(node) ||
      ts.isElementAccessExpression(node) || ts.isCallExpression(node)
    ) node = bare(node.expression);
    else return false;
  }
}

/** Whether the tests around a node within its function let it be reached, given what is known. */
export function mayBeReached(
  node: ts.Node,
  truthOf: (test: ts.Expression) => boolean | undefined,
  lookUp: LookUp,
): boolean {
  for (let at = node; at.parent; at = at.parent) {
    if (ts.isFunctionLike(at)) return true;
    for (const guard of guardsAt(at)) {
      if (guard.kind === "case" && meetsCase(guard, lookUp) === false) {
        return false;
      }
      if (guard.kind !== "test" || guard.unless) continue;
      if (truthOf(guard.test) === !guard.isTrue) return false;
    }
  }
  return true;
}

function isLiteral({ node, path }: Origin): boolean {
  return path.length === 0 && literalOf(node) !== undefined;
}

type Verdict = "possible" | "impossible" | "unsure";

function judge(
  use: ts.Expression,
  reference: Reference,
  value: Primitive,
  literal: ts.Node | undefined,
): Verdict {
  const { root } = reference;
  const variable = "path" in root ? root : undefined;
  const isWhole = reference.path.length === 0;
  if (
    literal && variable && isWhole && isOverwritten(use, variable, literal)
  ) {
    return "impossible";
  }
  let sources: Reference[] | undefined;
  let unsure = false;
  for (const guard of guardsAround(use, reference)) {
    if (literal && isAfter(literal, guard, use)) continue;
    const outcome = meets(guard, reference, value);
    if (outcome === false) return "impossible";
    if (outcome === undefined && !unsure) {
      sources ??= withSources(reference);
      unsure = looksAt(guard, sources);
    }
  }
  if (unsure) return "unsure";
  return literal && variable && value === null &&
      mayBeOverwritten(use, variable, literal)
    ? "unsure"
    : "possible";
}

/** From the inside out, up to where what is referred to is declared. */
function* guardsAround(
  use: ts.Node,
  { root }: Reference,
): Generator<Guard> {
  const home = "pos" in root ? root : root.node;
  for (let at = use; at.parent; at = at.parent) {
    if (isWithin(home, at)) return;
    yield* guardsAt(at);
  }
}

/** Whether a literal is given to the variable after the guard looked at it: in a branch, or in what follows. */
function isAfter(literal: ts.Node, guard: Guard, use: ts.Node): boolean {
  if (literal.getSourceFile() !== use.getSourceFile()) return false;
  if (guard.kind === "test" && guard.unless) {
    if (isWithin(literal, guard.unless)) return true;
  }
  const looked = guard.kind === "test"
    ? guard.test
    : guard.kind === "case"
    ? guard.on
    : guard.at[0];
  return looked !== undefined && literal.pos >= looked.end &&
    literal.end <= use.pos;
}

/** Whether a guard lets a value through; undefined where that is not known. */
function meets(
  guard: Guard,
  reference: Reference,
  value: Primitive,
): boolean | undefined {
  const lookUp: LookUp = (node) => {
    const named = referenceOf(node);
    return named && isSame(named, reference) ? { value } : undefined;
  };
  switch (guard.kind) {
    case "test": {
      const outcome = evaluate(guard.test, lookUp);
      if (outcome === undefined) return undefined;
      if (outcome === "throws") return false;
      if (Boolean(outcome.value) === guard.isTrue) return true;
      return guard.unless && !assigns(guard.unless, reference) ? true : false;
    }
    case "case":
      return meetsCase(guard, lookUp);
    case "look":
      return undefined;
  }
}

function meetsCase(
  { on, labels, isOneOf }: Extract<Guard, { kind: "case" }>,
  lookUp: LookUp,
): boolean | undefined {
  const subject = evaluate(on, lookUp);
  if (subject === "throws") return false;
  const equal = labels.map((label) => {
    const it = evaluate(label, lookUp);
    if (!subject || !it || it === "throws") return undefined;
    return it.value === subject.value;
  });
  if (equal.includes(true)) return isOneOf;
  return equal.every((it) => it === false) ? !isOneOf : undefined;
}

/** Whether a statement gives what is referred to another value. */
function assigns(statement: ts.Statement, reference: Reference): boolean {
  let found = false;
  walk(statement, (node) => {
    if (ts.isBinaryExpression(node)) {
      const left = referenceOf(node.left);
      found ||= left !== undefined && isAssignment(node.operatorToken.kind) &&
        isSame(left, reference);
    }
    return !found;
  });
  return found;
}

function isAssignment(operator: ts.SyntaxKind): boolean {
  return operator >= ts.SyntaxKind.FirstAssignment &&
    operator <= ts.SyntaxKind.LastAssignment;
}

function looksAt(guard: Guard, references: readonly Reference[]): boolean {
  switch (guard.kind) {
    case "test":
      return mentions(guard.test, references);
    case "case":
      return mentions(guard.on, references) ||
        guard.labels.some((label) => mentions(label, references));
    case "look":
      return guard.at.some((at) => mentions(at, references));
  }
}
