import type { Literal } from "../touch/literal.ts";
import type { Comparison } from "../touch/touched.ts";
import { type Meeting, meetings, type Slot } from "./literals.ts";
import type { Rule } from "./rule.ts";
import { familyOf, refuses } from "./types.ts";

/** A literal, or an operator, that Postgres refuses for the column's type. */
export const typeMismatch: Rule = {
  code: "type-mismatch",
  level: "drift",
  *check(touched) {
    for (const meeting of meetings(touched)) {
      const { slot } = meeting;
      for (const literal of meeting.literals) {
        const message = problem(meeting, literal);
        if (!message) continue;
        yield {
          span: literal.span,
          table: slot.table,
          name: "text" in literal ? literal.text : slot.name,
          message,
        };
      }
    }
  },
};

function problem(
  { slot, comparison }: Meeting,
  literal: Literal,
): string | undefined {
  if (comparison) return compared(slot, comparison, literal);
  if (slot.valuesFrom === "enum" && literal.kind !== "number") return undefined;
  return refuses(slot.type, literal) ? refusal(slot, literal) : undefined;
}

function compared(
  slot: Slot,
  { kind, operator }: Comparison,
  literal: Literal,
): string | undefined {
  const family = familyOf(slot.type);
  switch (kind) {
    case "comparison":
    case "list":
      if (literal.kind === "null") {
        return `${slot.label} is compared with the text "null": null is found with .is()`;
      }
      return slot.valuesFrom !== "enum" && refuses(slot.type, literal)
        ? refusal(slot, literal)
        : undefined;
    case "is": {
      const text = "text" in literal ? literal.text.toLowerCase() : "null";
      if (!IS.has(text)) {
        return `.is() takes null, true, false or unknown, not "${text}"`;
      }
      return text === "null" || family === "boolean" || family === undefined
        ? undefined
        : `${slot.label} is ${slot.type}: only a boolean is ${text}`;
    }
    case "pattern":
      return family !== undefined && family !== "text" &&
          (family !== "other" || slot.valuesFrom === "enum")
        ? `${slot.label} is ${slot.type}, which ${operator} does not search`
        : undefined;
    case "container":
      return SCALARS.has(family ?? "")
        ? `${slot.label} is ${slot.type}, and neither a list, a range nor JSON`
        : undefined;
    default:
      return undefined;
  }
}

const IS = new Set(["null", "not_null", "true", "false", "unknown"]);
const SCALARS = new Set([
  "integer",
  "number",
  "boolean",
  "uuid",
  "time",
  "text",
]);

function refusal(slot: Slot, literal: Literal): string {
  const shown = "text" in literal
    ? literal.kind === "string" ? `"${literal.text}"` : literal.text
    : literal.kind === "array"
    ? "a list"
    : "an object";
  return `${slot.label} is ${slot.type}, which ${shown} is not`;
}
