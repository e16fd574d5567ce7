import { Cursor, type GrammarError, parsing, type Word } from "./cursor.ts";
import { type JsonPath, jsonPath } from "./json_path.ts";

/** The first argument of a filter: `name`, `data->>key`, `programs.name`. */
export interface Path {
  /** Embeds on the way, by alias or name. */
  readonly embeds: readonly Word[];
  readonly column: Word;
  readonly json: JsonPath;
}

/** Parses the column of `.eq(column, …)` and its kin. */
export function parsePath(text: string): Path | GrammarError {
  return parsing(() => {
    const cursor = new Cursor(text, false);
    const words = dotted(cursor);
    const json = jsonPath(cursor);
    if (!cursor.done) cursor.fail("expected the end of the column");
    return { embeds: words.slice(0, -1), column: last(words), json };
  });
}

/** Parses the names of embeds in `referencedTable`: `programs` or `programs.modules`. */
export function parseEmbedPath(text: string): readonly Word[] | GrammarError {
  return parsing(() => {
    const cursor = new Cursor(text, false);
    const words = dotted(cursor);
    if (!cursor.done) cursor.fail("expected the end of the path");
    return words;
  });
}

/** Parses a list of columns, as `onConflict` has it. */
export function parseColumns(text: string): readonly Word[] | GrammarError {
  return parsing(() => {
    const cursor = new Cursor(text, false);
    const words: Word[] = [];
    do {
      cursor.blanks();
      words.push(cursor.name("a column"));
      cursor.blanks();
    } while (cursor.take(","));
    if (!cursor.done) cursor.fail("expected a comma");
    return words;
  });
}

function dotted(cursor: Cursor): [Word, ...Word[]] {
  const words: [Word, ...Word[]] = [cursor.name("a column")];
  while (cursor.take(".")) words.push(cursor.name("a column"));
  return words;
}

function last(words: readonly [Word, ...Word[]]): Word {
  return words[words.length - 1] ?? words[0];
}
