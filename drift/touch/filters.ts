import type { Step, StringValue, Value } from "../code/chain.ts";
import type { GrammarError, Word } from "../postgrest/cursor.ts";
import { type Condition, parseLogic } from "../postgrest/logic.ts";
import { parseOrder } from "../postgrest/order.ts";
import { parseEmbedPath, parsePath } from "../postgrest/path.ts";
import { comparisons, isComparison, unknownOperators } from "./compare.ts";
import {
  literals,
  type Name,
  optionsOf,
  propertyOf,
  wordLiteral,
} from "./literal.ts";
import type { Comparison, Scope } from "./touched.ts";
import type { Touching } from "./touching.ts";

/** Notes what a filter, an order or a limit names. */
export function touchFilter(touching: Touching, step: Step, root: Scope): void {
  const [first] = step.args;
  if (!first) return;
  if (isComparison(step.method)) return comparedColumn(touching, step, root);
  if (step.method === "match") return matched(touching, first, root);
  if (step.method === "or") {
    return inReferenced(touching, step, root, (scope) => {
      strings(touching, first, "filter", (value) => or(touching, value, scope));
    });
  }
  if (step.method === "order") {
    return inReferenced(touching, step, root, (scope) => {
      strings(
        touching,
        first,
        "order",
        (value) => order(touching, value, scope),
      );
    });
  }
  if (step.method === "limit" || step.method === "range") {
    inReferenced(touching, step, root, () => {});
  }
}

function comparedColumn(touching: Touching, step: Step, root: Scope): void {
  const [first] = step.args;
  if (!first) return;
  const compared = comparisons(step);
  for (const { text, span } of unknownOperators(step)) {
    const message = `"${text}" is no operator`;
    touching.syntax.push({ what: "filter", span, text, message });
  }
  strings(touching, first, "column", (value) => {
    if (compared.length === 0) path(touching, value, root, undefined);
    for (const it of compared) path(touching, value, root, it);
  });
}

/** `.match({ column: value })`: an `eq` for each. */
function matched(touching: Touching, first: Value, root: Scope): void {
  for (const option of optionsOf(first)) {
    if (option.kind !== "object") {
      touching.skip(option.span, "filter");
      continue;
    }
    for (const property of option.properties) {
      const comparison: Comparison = {
        operator: "eq",
        kind: "comparison",
        values: literals(property.value),
      };
      const { key, keySpan } = property;
      const whole = { start: 0, end: key.length, text: key, quoted: false };
      const words = pathWords(parsePath(key)) ??
        { embeds: [], column: whole, json: undefined };
      const at = (word: Word): Name => ({
        text: word.text,
        span: {
          source: keySpan.source,
          start: keySpan.start + word.start,
          end: keySpan.start + word.end,
        },
      });
      const scope = follow(touching, root, words.embeds.map(at));
      if (!scope) continue;
      filtered(touching, scope, at(words.column), words.json, comparison);
    }
  }
}

function pathWords<T>(result: T | GrammarError): T | undefined {
  return result instanceof Error ? undefined : result;
}

function path(
  touching: Touching,
  value: StringValue,
  root: Scope,
  comparison: Comparison | undefined,
): void {
  const parsed = touching.parsed(value, "filter", parsePath(value.value));
  if (!parsed) return;
  const scope = follow(touching, root, names(touching, value, parsed.embeds));
  const name = touching.name(value, parsed.column, "column");
  if (!scope || !name) return;
  filtered(touching, scope, name, parsed.json, comparison);
}

/** A filter on an embed itself asks whether it is there: `.not("programs", "is", null)`. */
function filtered(
  touching: Touching,
  scope: Scope,
  name: Name,
  json: Condition["json"],
  comparison: Comparison | undefined,
): void {
  const isThere = comparison === undefined || comparison.kind === "is";
  if (isThere && !scope.columns?.has(name.text)) {
    if (touching.embed(scope, name) || !scope.closed) return;
  }
  touching.column(scope, name, { role: "filter", json, comparison });
}

function or(touching: Touching, value: StringValue, scope: Scope): void {
  const conditions = touching.parsed(value, "filter", parseLogic(value.value));
  for (const it of conditions ?? []) {
    const name = touching.name(value, it.column, "column");
    if (!name) continue;
    const values = it.values.map((word) => wordLiteral(value, word));
    const comparison = { operator: it.operator, kind: it.kind, values };
    filtered(touching, scope, name, it.json, comparison);
  }
}

function order(touching: Touching, value: StringValue, scope: Scope): void {
  const terms = touching.parsed(value, "filter", parseOrder(value.value));
  for (const term of terms ?? []) {
    const embed = term.embed && touching.name(value, term.embed, "embed");
    const name = touching.name(value, term.column, "column");
    if (!name || (term.embed && !embed)) continue;
    const of = embed ? follow(touching, scope, [embed]) : scope;
    if (!of) continue;
    touching.column(of, name, { role: "order", json: term.json });
    const found = embed && embedIn(scope, embed.text);
    if (embed && found) {
      touching.embedOrders.push({ name: embed, embed: found });
    }
  }
}

function embedIn(scope: Scope, name: string) {
  return scope.embeds.find((it) => (it.alias ?? it.target).text === name) ??
    scope.embeds.find((it) => it.target.text === name);
}

/** Runs `work` in the scope that `referencedTable`, formerly `foreignTable`, names. */
function inReferenced(
  touching: Touching,
  step: Step,
  root: Scope,
  work: (scope: Scope) => void,
): void {
  const options = step.args.slice(1).find((arg) => arg.kind === "object");
  const option = propertyOf(options, "referencedTable") ??
    propertyOf(options, "foreignTable");
  if (!option) return work(root);
  strings(touching, option, "referencedTable", (value) => {
    const words = touching.parsed(value, "filter", parseEmbedPath(value.value));
    if (!words) return;
    const scope = follow(touching, root, names(touching, value, words));
    if (scope) work(scope);
  });
}

/** Follows embeds by name; undefined when one is not there, or not known. */
function follow(
  touching: Touching,
  root: Scope,
  embeds: readonly (Name | undefined)[],
): Scope | undefined {
  let scope = root;
  for (const name of embeds) {
    if (!name) return undefined;
    const embed = touching.embed(scope, name);
    if (!embed) {
      if (scope.closed) touching.strays.push({ name, scope });
      return undefined;
    }
    scope = embed.scope;
  }
  return scope;
}

function names(touching: Touching, value: StringValue, words: readonly Word[]) {
  return words.map((word) => touching.name(value, word, "embed"));
}

/** Runs `work` on each string a value may be; the rest is counted as unjudged. */
function strings(
  touching: Touching,
  value: Value,
  what: string,
  work: (value: StringValue) => void,
): void {
  for (const option of optionsOf(value)) {
    if (option.kind === "string") work(option);
    else touching.skip(option.span, what);
  }
}
