import ts from "typescript";
import type { Choice, Context, Origin } from "./context.ts";
import { nameOf } from "./members.ts";
import { originsOf } from "./origins.ts";
import type { Test } from "./premises.ts";
import { literalTypes } from "./types.ts";
import { isWithin } from "./unit.ts";

/** More names than these are read as one. */
const MAX_CHOICES = 40;

/**
 * The names that a table may have where the query starts, each with what does not go with it: the other
 * rows of the list it stands in, the other branch, the same keys of other objects.
 */
export function choicesOf(context: Context, name: ts.Expression): Choice[] {
  const options = originsOf(context, name, undefined)
    .flatMap((origin) => textsOf(context, origin));
  if (options.length < 2 || options.length > MAX_CHOICES) return [];
  return options.map((option) => {
    const others = options.filter((it) => it.origin.node !== option.origin.node)
      .map((it) => apart(option.origin.node, it.origin.node));
    const { node } = option.origin;
    return {
      ...option,
      without: others,
      tests: testsOf(node, others),
      keys: keysOf(node, others),
    };
  });
}

interface Option {
  readonly origin: Origin;
  readonly text: string;
}

function textsOf(context: Context, origin: Origin): Option[] {
  const { node, path } = origin;
  if (ts.isParameter(node) || ts.isVariableDeclaration(node)) {
    const types = literalTypes(context, node.type, path);
    if (types.length > 0) return types.map(({ text }) => ({ origin, text }));
  }
  const text = path.length === 0 && ts.isStringLiteralLike(node)
    ? node.text
    : "";
  return [{ origin, text }];
}

/** The part of the code that holds the other node, where it and this one are alternatives; else that node. */
function apart(node: ts.Node, other: ts.Node): ts.Node {
  const around = new Set<ts.Node>();
  for (let at = node.parent; at; at = at.parent) around.add(at);
  for (let at = other; at.parent; at = at.parent) {
    if (around.has(at.parent)) return isChoice(at.parent) ? at : other;
  }
  return other;
}

/** The conditions of the branches that one of the names is chosen by. */
function testsOf(node: ts.Node, others: readonly ts.Node[]): Test[] {
  return others.flatMap(({ parent }): Test[] => {
    if (ts.isConditionalExpression(parent)) {
      const isTrue = isWithin(node, parent.whenTrue);
      return [{ test: parent.condition, isTrue }];
    }
    if (ts.isIfStatement(parent)) {
      const isTrue = isWithin(node, parent.thenStatement);
      return [{ test: parent.expression, isTrue }];
    }
    return [];
  });
}

function isChoice(node: ts.Node): boolean {
  return ts.isArrayLiteralExpression(node) ||
    ts.isObjectLiteralExpression(node) || ts.isConditionalExpression(node) ||
    ts.isIfStatement(node) || ts.isCaseBlock(node);
}

function keysOf(
  node: ts.Node,
  others: readonly ts.Node[],
): Choice["keys"] {
  const own = others.flatMap((other) => {
    const property = ts.findAncestor(node, (at) => at.parent === other.parent);
    return property ? [property] : [];
  }).map(keyOf).find((key) => key !== undefined);
  if (own === undefined) return undefined;
  return {
    own,
    others: new Set(
      others.map(keyOf).filter((key): key is string => key !== undefined),
    ),
  };
}

function keyOf(node: ts.Node): string | undefined {
  return ts.isPropertyAssignment(node) ? nameOf(node.name) : undefined;
}
