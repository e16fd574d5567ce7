import { Cursor, type GrammarError, parsing, type Word } from "./cursor.ts";
import { type JsonPath, jsonPath } from "./json_path.ts";

/** One item of a select string (docs.postgrest.org, "Vertical Filtering" and "Resource Embedding"). */
export type SelectItem = SelectStar | SelectField | SelectCount | SelectEmbed;

export interface SelectStar {
  readonly kind: "star";
  readonly star: Word;
}

/** `alias:name->path::cast.aggregate()::cast`. */
export interface SelectField {
  readonly kind: "field";
  readonly alias: Word | undefined;
  readonly name: Word;
  readonly path: JsonPath;
  readonly cast: Word | undefined;
  readonly aggregate: Word | undefined;
}

/** `count()`, of rows. */
export interface SelectCount {
  readonly kind: "count";
  readonly alias: Word | undefined;
}

/** `alias:target!hint!inner(…)`, or `...target(…)`. */
export interface SelectEmbed {
  readonly kind: "embed";
  readonly alias: Word | undefined;
  readonly target: Word;
  readonly hint: Word | undefined;
  readonly join: "inner" | "left" | undefined;
  readonly spread: boolean;
  readonly items: readonly SelectItem[];
}

const AGGREGATES = ["sum", "avg", "count", "max", "min"];

/** Parses the argument of `.select(…)`. */
export function parseSelect(
  text: string,
): readonly SelectItem[] | GrammarError {
  return parsing(() => {
    const cursor = new Cursor(text, true);
    const items = cursor.done ? [] : list(cursor);
    if (!cursor.done) cursor.fail("expected a comma");
    return items;
  });
}

function list(cursor: Cursor): SelectItem[] {
  const items = [item(cursor)];
  while (cursor.take(",")) items.push(item(cursor));
  return items;
}

function item(cursor: Cursor): SelectItem {
  if (cursor.take("...")) return embed(cursor, undefined, column(cursor), true);
  if (cursor.at("*")) return star(cursor);
  const first = column(cursor);
  const aliased = cursor.at(":") && !cursor.at("::");
  if (aliased) cursor.expect(":");
  const alias = aliased ? first : undefined;
  const name = aliased ? column(cursor) : first;
  if (cursor.at("!")) return embed(cursor, alias, name, false);
  if (!cursor.at("(")) return field(cursor, alias, name);
  if (name.text === "count" && isCall(cursor)) {
    call(cursor);
    return { kind: "count", alias };
  }
  return embed(cursor, alias, name, false);
}

function star(cursor: Cursor): SelectItem {
  const start = cursor.index;
  cursor.expect("*");
  const star = { text: "*", start, end: start + 1, quoted: false };
  if (!cursor.at(".count")) return { kind: "star", star };
  cursor.expect(".count");
  call(cursor);
  return { kind: "count", alias: undefined };
}

function field(
  cursor: Cursor,
  alias: Word | undefined,
  name: Word,
): SelectField {
  const path = jsonPath(cursor);
  const cast = takeCast(cursor);
  const aggregate = cursor.take(".") ? takeAggregate(cursor) : undefined;
  if (aggregate) takeCast(cursor);
  return { kind: "field", alias, name, path, cast, aggregate };
}

function takeCast(cursor: Cursor): Word | undefined {
  return cursor.take("::") ? cursor.name("a type") : undefined;
}

function takeAggregate(cursor: Cursor): Word {
  const index = cursor.index;
  const aggregate = cursor.name("an aggregate");
  if (!AGGREGATES.includes(aggregate.text)) {
    cursor.index = index;
    cursor.fail(`expected ${AGGREGATES.join("(), ")}()`);
  }
  call(cursor);
  return aggregate;
}

function embed(
  cursor: Cursor,
  alias: Word | undefined,
  target: Word,
  spread: boolean,
): SelectEmbed {
  let hint: Word | undefined;
  let join: SelectEmbed["join"];
  while (cursor.take("!")) {
    const word = cursor.name("a hint");
    if (word.text === "inner" || word.text === "left") join ??= word.text;
    else hint ??= word;
  }
  cursor.expect("(");
  const items = cursor.at(")") ? [] : list(cursor);
  cursor.expect(")");
  return { kind: "embed", alias, target, hint, join, spread, items };
}

function isCall(cursor: Cursor): boolean {
  return /^\(\s*\)/.test(cursor.text.slice(cursor.index));
}

function call(cursor: Cursor): void {
  cursor.expect("(");
  cursor.expect(")");
}

function column(cursor: Cursor): Word {
  return cursor.name("a column or relation");
}
