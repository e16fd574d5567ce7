/** One statement of a script. */
export interface Statement {
  /** With the comments before it, without its semicolon: as the Supabase CLI records it. */
  readonly text: string;
  /** Without the comments before it. */
  readonly code: string;
  /** The line that `code` begins on. */
  readonly line: number;
}

/**
 * A comment, a string, a quoted name, a dollar-quoted string, a word, or any one character. Comments
 * within comments are not looked for: nobody here writes any.
 */
const TOKEN =
  /(--[^\n]*|\/\*[\s\S]*?\*\/)|\b[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\2\$|(\w+)|(\s+)|[\s\S]/gy;

/**
 * Splits a script at the semicolons that end a statement: not at those in strings, comments and bodies,
 * the ones written as `begin atomic … end` among them, which lite's own splitter takes apart.
 */
export function statementsOf(sql: string): Statement[] {
  const statements: Statement[] = [];
  let begun = 0; // where the comments before the statement begin
  let first: number | undefined; // where its first word does
  let last = ""; // the word before
  let open = 0; // what waits for its `end` in a body
  const end = (at: number) => {
    if (first !== undefined) {
      statements.push({
        text: sql.slice(begun, at).trim(),
        code: sql.slice(first, at).trim(),
        line: sql.slice(0, first).split("\n").length,
      });
    }
    begun = at + 1;
    first = undefined;
    last = "";
    open = 0;
  };
  for (
    const { 0: token, 1: comment, 3: word, 4: space, index } of tokens(sql)
  ) {
    if (comment !== undefined || space !== undefined) continue;
    if (token === ";" && open === 0) {
      end(index);
      continue;
    }
    first ??= index;
    const is = word?.toLowerCase() ?? "";
    if (is === "atomic" && last === "begin") open = 1;
    else if (open > 0 && is === "case") open += 1;
    else if (open > 0 && is === "end") open -= 1;
    last = is;
  }
  end(sql.length);
  return statements;
}

function tokens(sql: string): IterableIterator<RegExpExecArray> {
  return sql.matchAll(TOKEN);
}

/** A script whose comments, or strings, are blotted out; everything stays on its line, at its place. */
export function blot(sql: string, what: "comments" | "strings"): string {
  return Array.from(tokens(sql), ({ 0: token, 1: comment }) => {
    const isBlotted = what === "comments"
      ? comment !== undefined
      : /^(?:[eE]?'|\$\w*\$.)/s.test(token);
    return isBlotted ? token.replaceAll(/[^\n]/g, " ") : token;
  }).join("");
}
