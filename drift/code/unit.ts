import ts from "typescript";
import type { Source, Span } from "./chain.ts";

/** A parsed file, with what is asked of it over and over by name. */
export interface Unit {
  readonly source: Source;
  readonly tree: ts.SourceFile;
  /** Every use or declaration of a name. */
  readonly identifiers: ReadonlyMap<string, readonly ts.Identifier[]>;
  /** Every call by the last name of what is called: `b` of `a.b()`. */
  readonly calls: ReadonlyMap<string, readonly ts.CallExpression[]>;
}

/** Parses a file by its extension; JavaScript may hold JSX. Never throws: a syntax error ends in gaps. */
export function parseUnit(source: Source): Unit {
  const tree = ts.createSourceFile(
    source.file,
    source.text,
    {
      languageVersion: ts.ScriptTarget.Latest,
      jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
    },
    true,
  );
  const identifiers = new Map<string, ts.Identifier[]>();
  const calls = new Map<string, ts.CallExpression[]>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) push(identifiers, node.text, node);
    else if (ts.isCallExpression(node)) {
      const name = calledName(node);
      if (name !== undefined) push(calls, name, node);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  const unit = { source, tree, identifiers, calls };
  units.set(tree, unit);
  return unit;
}

const units = new WeakMap<ts.SourceFile, Unit>();

/** The file a node stands in. */
export function unitOf(node: ts.Node): Unit {
  const unit = units.get(node.getSourceFile());
  if (!unit) throw new TypeError("a node of no parsed file");
  return unit;
}

/** Where a node stands, without the space before it. */
export function spanOf(node: ts.Node): Span {
  return {
    source: unitOf(node).source,
    start: node.getStart(),
    end: node.getEnd(),
  };
}

/** `b` of `a.b()`, `a["b"]()` and `b()`. */
export function calledName(call: ts.CallExpression): string | undefined {
  const callee = bare(call.expression);
  return ts.isIdentifier(callee) ? callee.text : memberName(callee);
}

/** `b` of `a.b` and `a["b"]`. */
export function memberName(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  return ts.isElementAccessExpression(node) &&
      ts.isStringLiteralLike(node.argumentExpression)
    ? node.argumentExpression.text
    : undefined;
}

/** An access of a member, by name or by index. */
export type Access = ts.PropertyAccessExpression | ts.ElementAccessExpression;

export function isAccess(node: ts.Node): node is Access {
  return ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node);
}

/** What stands within parentheses, `as`, `satisfies`, `!` and type assertions. */
export function bare(node: ts.Expression): ts.Expression {
  return isWrapper(node) ? bare(node.expression) : node;
}

/** A node that leaves the value of its expression as it is. */
export function isWrapper(
  node: ts.Node,
): node is
  | ts.ParenthesizedExpression
  | ts.AsExpression
  | ts.SatisfiesExpression
  | ts.NonNullExpression
  | ts.TypeAssertion {
  return ts.isParenthesizedExpression(node) || ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) || ts.isNonNullExpression(node) ||
    ts.isTypeAssertionExpression(node);
}

function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const items = map.get(key);
  if (items) items.push(item);
  else map.set(key, [item]);
}
