import {
  Cursor,
  type GrammarError,
  HOLE,
  parsing,
  type Word,
} from "./cursor.ts";
import { type JsonPath, jsonPath } from "./json_path.ts";
import { type OperatorKind, operatorKind } from "./operators.ts";

/** One condition of an `or` string: `status.in.(a,b)`. */
export interface Condition {
  readonly column: Word;
  readonly json: JsonPath;
  readonly negated: boolean;
  readonly operator: string;
  readonly kind: OperatorKind;
  readonly values: readonly Word[];
}

/** Parses the argument of `.or(…)`: conditions, and `and(…)`, `or(…)`, `not.and(…)` of them. */
export function parseLogic(
  text: string,
): readonly Condition[] | GrammarError {
  return parsing(() => {
    const cursor = new Cursor(text, false);
    const conditions = list(cursor);
    if (!cursor.done) cursor.fail("expected a comma");
    return conditions;
  });
}

/** Parses the value of `in`, as `.not(column, "in", "(a,b)")` has it. */
export function parseList(text: string): readonly Word[] | GrammarError {
  return parsing(() => items(new Cursor(text, false)));
}

function list(cursor: Cursor): Condition[] {
  const conditions: Condition[] = [];
  do {
    cursor.blanks();
    conditions.push(...term(cursor));
    cursor.blanks();
  } while (cursor.take(","));
  return conditions;
}

function term(cursor: Cursor): Condition[] {
  const group = /^(not\.)?(and|or)[ \t]*\(/.exec(
    cursor.text.slice(cursor.index),
  );
  if (!group) return condition(cursor);
  cursor.index += group[0].length;
  const conditions = list(cursor);
  cursor.expect(")");
  return conditions;
}

/** A term that is a hole as a whole, `${more}`, says nothing. */
function condition(cursor: Cursor): Condition[] {
  const column = cursor.name("a column");
  if (
    column.text.endsWith(HOLE) && (cursor.done || /^[,)]/.test(rest(cursor)))
  ) {
    return [];
  }
  const json = jsonPath(cursor);
  cursor.expect(".");
  const negated = /^not\./.test(rest(cursor));
  if (negated) cursor.expect("not.");
  const operator = /^[^.,()]*(\([^()]*\))?/.exec(rest(cursor))?.[0] ?? "";
  const kind = operatorKind(operator);
  if (kind === undefined) {
    if (operator.includes(HOLE)) return unknown(cursor);
    cursor.fail(
      operator === "" ? "expected an operator" : `"${operator}" is no operator`,
    );
  }
  cursor.index += operator.length;
  cursor.expect(".");
  const values = kind === "list" ? items(cursor) : [cursor.value(",)")];
  return [{ column, json, negated, operator, kind, values }];
}

function items(cursor: Cursor): Word[] {
  if (cursor.at(HOLE)) return [cursor.value(",)")];
  cursor.blanks();
  cursor.expect("(");
  const values: Word[] = [];
  do values.push(cursor.value(",)")); while (cursor.take(","));
  cursor.expect(")");
  return values;
}

function unknown(cursor: Cursor): Condition[] {
  cursor.value(",)");
  return [];
}

function rest(cursor: Cursor): string {
  return cursor.text.slice(cursor.index);
}
