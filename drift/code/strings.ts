import ts from "typescript";
import type { Span, StringValue, Value } from "./chain.ts";
import { spanOf, unitOf } from "./unit.ts";

/** Stands in a `StringValue` for what is not known, a hole of a template. */
export const HOLE = "\uFFFC";

/** A string literal, or a template's piece of text. */
type Literal =
  | ts.StringLiteralLike
  | ts.TemplateHead
  | ts.TemplateMiddle
  | ts.TemplateTail;

/** The text of a literal, with the place of each character. */
export function stringOf(node: Literal): StringValue {
  const span = spanOf(node);
  const opening = span.start + 1;
  const { text } = node;
  const closing = ts.isTemplateHead(node) || ts.isTemplateMiddle(node) ? 2 : 1;
  const raw = span.source.text.slice(opening, span.end - closing);
  const offsets = raw === text ? undefined : offsetsIn(raw);
  const at = (index: number) => opening + (offsets?.[index] ?? index);
  return {
    kind: "string",
    value: text,
    span,
    slice: (start, end) => ({
      source: span.source,
      start: at(start),
      end: end > start ? at(end - 1) + 1 : at(start),
    }),
  };
}

/** What is not known of a text. */
export function hole(node: ts.Node): StringValue {
  const span = spanOf(node);
  return { kind: "string", value: HOLE, span, slice: () => span };
}

/** A value as part of a text. */
export function partOf(value: Value, node: ts.Node): StringValue {
  return value.kind === "string" ? value : hole(node);
}

/** Parts as one string; unknown when no part is. */
export function textOf(parts: readonly StringValue[], node: ts.Node): Value {
  const known = parts.filter(({ value }) => value !== "");
  return known.length > 0 && known.every(({ value }) => value === HOLE)
    ? { kind: "unknown", span: spanOf(node) }
    : joined(parts, node);
}

/** Where the name of a property stands, without quotes. */
export function keySpanOf(name: ts.Node): Span {
  const key = ts.isComputedPropertyName(name) ? name.expression : name;
  return ts.isStringLiteralLike(key)
    ? stringOf(key).slice(0, key.text.length)
    : spanOf(key);
}

/** Strings one after the other, as one. */
function joined(
  parts: readonly StringValue[],
  node: ts.Node,
): StringValue {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const behind = emptySpan(node); // a closure that held the node would hold its whole file
  return {
    kind: "string",
    value: parts.map(({ value }) => value).join(""),
    span: spanOf(node),
    parts: parts.flatMap((part) => part.parts ?? [part.span]),
    slice: (start, end) => {
      let from = 0;
      for (const part of parts) {
        const to = from + part.value.length;
        if (start < to || (part === parts.at(-1))) {
          return part.slice(start - from, Math.min(end, to) - from);
        }
        from = to;
      }
      return behind;
    },
  };
}

function emptySpan(node: ts.Node): Span {
  return { source: unitOf(node).source, start: node.end, end: node.end };
}

const ESCAPE =
  /\\(?:u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[0-7]{1,3}|\r\n|[\s\S])|\r\n|[\s\S]/g;

/** For each UTF-16 code unit that the source gives, where it stands. */
function offsetsIn(raw: string): number[] {
  const offsets: number[] = [];
  for (const { 0: piece, index } of raw.matchAll(ESCAPE)) {
    if (/^\\(?:\r\n|[\n\r\u2028\u2029])$/.test(piece)) continue; // continues on the next line
    offsets.push(index);
    const [, code] = /^\\u\{([0-9a-fA-F]+)\}$/.exec(piece) ?? [];
    if (code && parseInt(code, 16) > 0xffff) offsets.push(index);
  }
  offsets.push(raw.length);
  return offsets;
}
