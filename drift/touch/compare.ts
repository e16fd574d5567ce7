import type { Step, StringValue, Value } from "../code/chain.ts";
import { GrammarError } from "../postgrest/cursor.ts";
import { parseList } from "../postgrest/logic.ts";
import { operatorKind } from "../postgrest/operators.ts";
import {
  type Literal,
  literals,
  type Name,
  optionsOf,
  stringName,
  wordLiteral,
} from "./literal.ts";
import type { Comparison } from "./touched.ts";

/** The methods that compare one column, with the operator each sends. */
const OPERATOR_OF: Readonly<Record<string, string>> = {
  eq: "eq",
  neq: "neq",
  gt: "gt",
  gte: "gte",
  lt: "lt",
  lte: "lte",
  isDistinct: "isdistinct",
  like: "like",
  ilike: "ilike",
  likeAllOf: "like(all)",
  likeAnyOf: "like(any)",
  ilikeAllOf: "ilike(all)",
  ilikeAnyOf: "ilike(any)",
  regexMatch: "match",
  regexIMatch: "imatch",
  in: "in",
  notIn: "in",
  is: "is",
  contains: "cs",
  containedBy: "cd",
  overlaps: "ov",
  rangeGt: "sr",
  rangeGte: "nxl",
  rangeLt: "sl",
  rangeLte: "nxr",
  rangeAdjacent: "adj",
  textSearch: "fts",
};

/** Whether a step is a filter on the column its first argument names. */
export function isComparison(method: string): boolean {
  return Object.hasOwn(OPERATOR_OF, method) || method === "not" ||
    method === "filter";
}

/** What a step compares its column with, one for each form its arguments may have. */
export function comparisons(step: Step): Comparison[] {
  const [, second, third] = step.args;
  if (step.method !== "not" && step.method !== "filter") {
    const operator = OPERATOR_OF[step.method];
    return operator && second ? [comparison(operator, second)].flat() : [];
  }
  if (!second || !third) return [];
  return optionsOf(second).flatMap((operator) =>
    operator.kind === "string"
      ? comparison(operator.value.replace(/^not\./, ""), third)
      : []
  );
}

/** The operators of `.filter(…)` and `.not(…)` that PostgREST does not have. */
export function unknownOperators(step: Step): Name[] {
  const [, second] = step.args;
  if (step.method !== "not" && step.method !== "filter" || !second) return [];
  return optionsOf(second).flatMap((option) => {
    const name = option.kind === "string" ? stringName(option) : undefined;
    return name && !operatorKind(name.text.replace(/^not\./, "")) ? [name] : [];
  });
}

function comparison(operator: string, value: Value): Comparison[] {
  const kind = operatorKind(operator);
  if (!kind) return [];
  const values = kind === "list"
    ? optionsOf(value).flatMap((option) =>
      option.kind === "string" ? list(option) : items(literals(option))
    )
    : literals(value);
  return [{ operator, kind, values }];
}

function items(values: readonly Literal[]): Literal[] {
  return values.flatMap((it) => it.kind === "array" ? it.items : [it]);
}

/** `(a,b)`, as the generic forms take it. */
function list(value: StringValue): Literal[] {
  const words = parseList(value.value);
  if (words instanceof GrammarError) return [];
  return words.map((word) => wordLiteral(value, word));
}
