import { Cursor, type GrammarError, parsing, type Word } from "./cursor.ts";
import { type JsonPath, jsonPath } from "./json_path.ts";

/** One term of an order: `name`, `data->key`, or `programs(name)` of an embedded row. */
export interface OrderTerm {
  readonly embed: Word | undefined;
  readonly column: Word;
  readonly json: JsonPath;
}

const MODIFIER = /^\.(asc|desc|nullsfirst|nullslast)(?![\p{L}\p{N}_$])/u;

/** Parses the first argument of `.order(…)`. */
export function parseOrder(text: string): readonly OrderTerm[] | GrammarError {
  return parsing(() => {
    const cursor = new Cursor(text, false);
    const terms: OrderTerm[] = [];
    do terms.push(term(cursor)); while (cursor.take(","));
    if (!cursor.done) {
      cursor.fail("expected asc, desc, nullsfirst or nullslast");
    }
    return terms;
  });
}

function term(cursor: Cursor): OrderTerm {
  cursor.blanks();
  const first = cursor.name("a column");
  const embedded = cursor.take("(");
  const column = embedded ? cursor.name("a column") : first;
  const json = jsonPath(cursor);
  if (embedded) cursor.expect(")");
  let modifier = MODIFIER.exec(cursor.text.slice(cursor.index));
  while (modifier) {
    cursor.index += modifier[0].length;
    modifier = MODIFIER.exec(cursor.text.slice(cursor.index));
  }
  cursor.blanks();
  return { embed: embedded ? first : undefined, column, json };
}
