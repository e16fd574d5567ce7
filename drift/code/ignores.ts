import ts from "typescript";
import type { Ignore } from "./chain.ts";
import { positionOf } from "./position.ts";
import { type Unit, walk } from "./unit.ts";

/** Up to the end of the line, or of the comment. */
const IGNORE =
  /(\/\/|\/\*)[ \t]*drift-ignore(-file)?(?![\w-])[ \t]*([\w-]*)[ \t]*:?[ \t]*([^\r\n]*)/g;

/** A line without code: blank, or a comment from its start. */
const NO_CODE = /^\s*(?:$|\/\/|\/\*|\*|\{\s*\/\*)/;

/** The comments that silence findings. */
export function ignoresIn({ source, tree }: Unit): Ignore[] {
  if (!source.text.includes("drift-ignore")) return [];
  const lines = source.text.split(/\r\n|[\n\r\u2028\u2029]/);
  return [...source.text.matchAll(IGNORE)]
    .filter(({ index }) => !isText(tree, index))
    .map(({ 0: comment, 2: wide, 3: rule = "", 4: rest = "", index }) => {
      const { line } = positionOf(source, index);
      const standsAlone = NO_CODE.test(lines[line - 1] ?? "");
      const silenced = standsAlone ? nextCode(lines, line) : line;
      return {
        rule,
        reason: rest.replace(/\*\/.*$/, "").trim(),
        line: wide ? null : silenced,
        span: { source, start: index, end: index + comment.trimEnd().length },
      };
    });
}

function nextCode(lines: readonly string[], after: number): number {
  const index = lines.findIndex((text, index) =>
    index >= after && !NO_CODE.test(text)
  );
  return index < 0 ? after : index + 1;
}

function isTextual(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) || ts.isTemplateHead(node) ||
    ts.isTemplateMiddle(node) || ts.isTemplateTail(node);
}

/** Whether an offset is within a string or a template. */
function isText(tree: ts.SourceFile, offset: number): boolean {
  let found = false;
  walk(tree, (node) => {
    if (offset < node.pos || offset >= node.end) return false;
    found ||= offset >= node.getStart() && isTextual(node);
    return true;
  });
  return found;
}
