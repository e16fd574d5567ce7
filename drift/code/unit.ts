import ts from "typescript";
import type { Source, Span } from "./chain.ts";
import { isJsx, scriptOf } from "./scripts.ts";

/** A parsed file, with what is asked of it over and over by name. */
export interface Unit {
  readonly source: Source;
  readonly tree: ts.SourceFile;
  /** Every use or declaration of a name. */
  readonly identifiers: ReadonlyMap<string, readonly ts.Identifier[]>;
  /** Every call by the last name of what is called: `b` of `a.b()`. */
  readonly calls: ReadonlyMap<string, readonly ts.CallExpression[]>;
  readonly templates: readonly ts.TaggedTemplateExpression[];
}

/** Parses a file by its extension; JavaScript may hold JSX. A syntax error ends in gaps. */
export function parseUnit(source: Source): Unit {
  const { file, text } = source;
  const tree = ts.createSourceFile(
    file,
    scriptOf(file, text),
    {
      languageVersion: ts.ScriptTarget.Latest,
      jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
    },
    true,
    isJsx(file, text) ? ts.ScriptKind.TSX : undefined,
  );
  const identifiers = new Map<string, ts.Identifier[]>();
  const calls = new Map<string, ts.CallExpression[]>();
  const templates: ts.TaggedTemplateExpression[] = [];
  walk(tree, (node) => {
    if (ts.isIdentifier(node)) push(identifiers, node.text, node);
    else if (ts.isCallExpression(node)) {
      const name = calledName(node);
      if (name !== undefined) push(calls, name, node);
    } else if (ts.isTaggedTemplateExpression(node)) templates.push(node);
    return true;
  });
  const unit = { source, tree, identifiers, calls, templates };
  units.set(tree, unit);
  return unit;
}

const units = new WeakMap<ts.SourceFile, Unit>();

/** The file a node stands in. */
export function unitOf(node: ts.Node): Unit {
  const unit = units.get(fileOf(node));
  if (!unit) throw new TypeError("a node of no parsed file");
  return unit;
}

const MOCKS = /\b(?:vi|jest)\s*\.\s*(?:mock|doMock|unstable_mockModule)\s*\(/;

/** Whether a file puts modules of its own in the place of others: what it calls may reach no database. */
export function isMocked(source: Source): boolean {
  let found = mocked.get(source);
  if (found === undefined) mocked.set(source, found = MOCKS.test(source.text));
  return found;
}

const mocked = new WeakMap<Source, boolean>();

const files = new WeakMap<ts.Node, ts.SourceFile>();
/** How far one looks up before it pays to remember the way. */
const FAR = 64;

/** The file a node stands in, which is found fast from however deep. */
function fileOf(node: ts.Node): ts.SourceFile {
  const far: ts.Node[] = [];
  let file: ts.SourceFile | undefined;
  let at = node;
  for (let up = 1; !file; up++) {
    if (ts.isSourceFile(at)) file = at;
    else if (up % FAR === 0) {
      far.push(at);
      file = files.get(at);
    }
    at = at.parent;
  }
  for (const it of far) files.set(it, file);
  return file;
}

/**
 * Visits a node and all below it in the order of the source, but nothing below one for which `visit` says
 * false. It keeps its own stack: code may be nested deeper than calls may.
 */
export function walk(root: ts.Node, visit: (node: ts.Node) => boolean): void {
  const waiting: ts.Node[] = [root];
  const children: ts.Node[] = [];
  const collect = (child: ts.Node): void => void children.push(child);
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (!visit(node)) continue;
    ts.forEachChild(node, collect);
    for (let child = children.pop(); child; child = children.pop()) {
      waiting.push(child);
    }
  }
}

/** Where a node stands, without the space before it. */
export function spanOf(node: ts.Node): Span {
  const { source, tree } = unitOf(node);
  return { source, start: node.getStart(tree), end: node.getEnd() };
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
  let at = node;
  while (isWrapper(at)) at = at.expression;
  return at;
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

/** Whether one node stands within another, or is it. */
export function isWithin(inner: ts.Node, outer: ts.Node): boolean {
  return inner.pos >= outer.pos && inner.end <= outer.end &&
    fileOf(inner) === fileOf(outer);
}

function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const items = map.get(key);
  if (items) items.push(item);
  else map.set(key, [item]);
}
