import type { Invocation, Property, Value } from "../code/chain.ts";
import { placeIn } from "../rules/place.ts";
import type { Found, Violation } from "../rules/rule.ts";
import { suggest } from "../rules/suggest.ts";
import {
  type Literal,
  literals,
  type Name,
  optionsOf,
  propertyOf,
  stringName,
} from "../touch/literal.ts";
import type { Level } from "../finding.ts";
import type { Body, Contract, Contracts, Field } from "./contract.ts";

/** The rules on calls of edge functions, in the order of README.md. */
export const CONTRACT_RULES = [
  "unknown-edge-function",
  "invalid-method",
  "unknown-body-field",
  "missing-body-field",
  "invalid-body-value",
] as const;
type ContractRule = typeof CONTRACT_RULES[number];

/** Where a call of an edge function is not what the function takes. */
export function judgeInvocation(
  { name, options, argSpans }: Invocation,
  contracts: Contracts,
): Found[] {
  const values = options ? [name, options] : [name];
  return [...violations(name, options, contracts)].map((found) => ({
    ...found,
    at: placeIn([{ values, argSpans }], found.span),
  }));
}

type Statement = Violation & { readonly rule: ContractRule; level: Level };

function* violations(
  name: Value,
  options: Value | undefined,
  contracts: Contracts,
): Generator<Statement> {
  for (const option of optionsOf(name)) {
    const called = option.kind === "string"
      ? functionIn(stringName(option))
      : undefined;
    if (!called) continue;
    const contract = contracts.get(called.text);
    if (!contract) {
      yield {
        rule: "unknown-edge-function",
        level: "drift",
        span: called.span,
        table: null,
        name: called.text,
        message: `there is no edge function "${called.text}"`,
        ...suggest(called, contracts.keys()),
      };
    } else if (optionsOf(name).length === 1) {
      yield* againstContract(called, options, contract);
    }
  }
}

/** The first step of the path. */
function functionIn(name: Name | undefined): Name | undefined {
  if (!name) return undefined;
  const [text = ""] = name.text.replace(/^\//, "").split(/[/?#]/);
  if (text === "") return undefined;
  return text === name.text ? name : {
    text,
    span: { ...name.span, end: name.span.start + text.length },
  };
}

function* againstContract(
  called: Name,
  options: Value | undefined,
  { methods, body }: Contract,
): Generator<Statement> {
  if (options?.kind === "unknown" || options?.kind === "oneOf") return;
  if (options?.kind === "object" && options.open) return;
  const method = propertyOf(options, "method");
  if (method && method.kind !== "string") return;
  const used = (method?.value ?? "POST").toUpperCase();
  if (methods && !methods.has(used)) {
    yield {
      rule: "invalid-method",
      level: "drift",
      span: method?.span ?? called.span,
      table: called.text,
      name: used,
      message: `${called.text} takes ${[...methods].join(" or ")}, not ${used}`,
    };
  }
  if (body && !/^(?:GET|HEAD|DELETE|OPTIONS)$/.test(used)) {
    yield* bodyProblems(called, propertyOf(options, "body"), body);
  }
}

function* bodyProblems(
  called: Name,
  value: Value | undefined,
  body: Body,
): Generator<Statement> {
  if (value && value.kind !== "object") return;
  const given = value?.properties ?? [];
  const names = new Set(given.map(({ key }) => key));
  for (const property of given) {
    const field = body.fields.get(property.key);
    if (field) yield* valueProblems(called, property, field);
    else yield unknownField(called, property, body, names);
  }
  if (value?.open) return;
  for (const [name, { required }] of body.fields) {
    if (!required || names.has(name)) continue;
    yield {
      rule: "missing-body-field",
      level: "drift",
      span: value?.span ?? called.span,
      table: called.text,
      name,
      message: `${called.text} requires "${name}"`,
    };
  }
}

/** What a function that is not strict does not read is no error unless it is misspelt. */
function unknownField(
  called: Name,
  { key, keySpan, shorthand }: Property,
  { fields, strict }: Body,
  given: ReadonlySet<string>,
): Statement {
  const suggestion = suggest(
    { text: key, span: keySpan },
    [...fields.keys()].filter((name) => !given.has(name)),
    (written) => shorthand ? `${written}: ${key}` : written,
  );
  return {
    rule: "unknown-body-field",
    level: strict || suggestion.fix ? "drift" : "advice",
    span: keySpan,
    table: called.text,
    name: key,
    message: strict
      ? `${called.text} takes no "${key}"`
      : `${called.text} reads no "${key}"`,
    ...suggestion,
  };
}

function* valueProblems(
  called: Name,
  { key, value }: Property,
  { types, values }: Field,
): Generator<Statement> {
  if (!types) return;
  for (const literal of literals(value)) {
    const problem = problemOf(literal, types, values);
    if (problem === undefined) continue;
    yield {
      rule: "invalid-body-value",
      level: "drift",
      span: literal.span,
      table: called.text,
      name: key,
      message: `${called.text}: "${key}" ${problem}`,
    };
  }
}

function problemOf(
  literal: Literal,
  types: NonNullable<Field["types"]>,
  values: Field["values"],
): string | undefined {
  const { kind } = literal;
  if (kind === "unknown") return undefined;
  if (kind === "object" || !types.has(kind)) {
    return `is ${[...types].join(" or ")}, not ${kind}`;
  }
  return kind === "string" && values && !values.has(literal.text)
    ? `is one of ${[...values].join(", ")}, not ${literal.text}`
    : undefined;
}
