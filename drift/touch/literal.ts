import type { Span, StringValue, Value } from "../code/chain.ts";
import { HOLE, type Word } from "../postgrest/cursor.ts";

/** A name or value and where it stands in the source. */
export interface Name {
  readonly text: string;
  readonly span: Span;
}

/** What a column is compared with or given; a string is one until the database reads it. */
export type Literal =
  | {
    readonly kind: "string" | "number" | "boolean" | "null";
    readonly text: string;
    readonly span: Span;
  }
  | {
    readonly kind: "array";
    readonly items: readonly Literal[];
    readonly span: Span;
  }
  | { readonly kind: "object" | "unknown"; readonly span: Span };

/** Every value an expression may have. */
export function optionsOf(
  value: Value,
): readonly Exclude<Value, { kind: "oneOf" }>[] {
  return value.kind === "oneOf" ? value.options.flatMap(optionsOf) : [value];
}

/**
 * The literals an expression may be. A string with a hole is unknown, and so is the empty one that
 * stands in for a value that is never missing: `user?.id ?? ""`.
 */
export function literals(value: Value): Literal[] {
  const options = optionsOf(value);
  const standsIn = options.some((option) => option.kind === "unknown");
  return options.map((option): Literal => {
    const { span } = option;
    switch (option.kind) {
      case "string":
        return option.value.includes(HOLE) || standsIn && option.value === ""
          ? { kind: "unknown", span }
          : { kind: "string", text: option.value, span: inner(option) };
      case "number":
      case "boolean":
        return { kind: option.kind, text: String(option.value), span };
      case "null":
        return { kind: "null", text: "null", span };
      case "array":
        return { kind: "array", items: option.items.flatMap(literals), span };
      case "object":
      case "unknown":
        return { kind: option.kind, span };
    }
  });
}

/** A part of a string as a literal. */
export function wordLiteral(value: StringValue, word: Word): Literal {
  const span = value.slice(word.start, word.end);
  return word.text.includes(HOLE)
    ? { kind: "unknown", span }
    : { kind: "string", text: word.text, span };
}

/** A part of a string as a name; undefined when it has a hole. */
export function wordName(value: StringValue, word: Word): Name | undefined {
  if (word.text.includes(HOLE)) return undefined;
  return { text: word.text, span: value.slice(word.start, word.end) };
}

/** A string as a name; undefined when it has a hole. */
export function stringName(value: StringValue): Name | undefined {
  if (value.value.includes(HOLE)) return undefined;
  return { text: value.value, span: inner(value) };
}

/** The value of a property of an object, as an option of a call. */
export function propertyOf(value: Value | undefined, key: string) {
  if (value?.kind !== "object") return undefined;
  return value.properties.find((property) => property.key === key)?.value;
}

function inner(value: StringValue): Span {
  return value.value === "" ? value.span : value.slice(0, value.value.length);
}
