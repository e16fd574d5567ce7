/** Where a view's column comes from, as Postgres wrote it down in the view's rule. */
export interface Origin {
  /** Oid of the table or view. */
  readonly relation: number;
  /** `attnum` there. */
  readonly column: number;
}

const ENTRY = "TARGETENTRY";

/**
 * Reads the target list of a view's `pg_rewrite.ev_action`: by position of the view's column, the
 * column it shows unchanged. PostgREST derives the keys of views from the same entries.
 */
export function viewColumns(rule: string): ReadonlyMap<number, Origin> {
  const origins = new Map<number, Origin>();
  const list = targetList(rule);
  for (const entry of entries(list)) {
    const position = entry.get("resno") ?? 0;
    const relation = entry.get("resorigtbl") ?? 0;
    const column = entry.get("resorigcol") ?? 0;
    if (relation > 0 && column > 0) origins.set(position, { relation, column });
  }
  return origins;
}

/** The text after the outermost query's `:targetList`: deeper ones belong to subqueries. */
function targetList(rule: string): string {
  let depth = 0;
  for (const { token, index } of tokens(rule)) {
    if (token === "{") depth++;
    if (token === "}") depth--;
    if (token === ":targetList" && depth === 1) {
      return rule.slice(index + token.length);
    }
  }
  return "";
}

/** The numbers in each entry of the list itself, until its bracket closes. */
function* entries(list: string): Generator<Map<string, number>> {
  let braces = 0;
  let brackets = 0;
  let field: string | undefined;
  let entry = new Map<string, number>();
  for (const { token } of tokens(list)) {
    if (token === "(") brackets++;
    if (token === ")" && --brackets === 0) return;
    if (token === "{" && ++braces === 1) entry = new Map();
    if (token === "}" && --braces === 0) yield entry;
    if (braces !== 1 || token === ENTRY) continue;
    if (token.startsWith(":")) field = token.slice(1);
    else if (field !== undefined && /^\d+$/.test(token)) {
      entry.set(field, Number(token));
      field = undefined;
    } else field = undefined;
  }
}

/** Braces, brackets and words; a backslash takes the next character into the word. */
function* tokens(text: string): Generator<{ token: string; index: number }> {
  for (const match of text.matchAll(/[{}()]|(?:\\.|[^\s{}()\\])+/gs)) {
    yield { token: match[0], index: match.index };
  }
}
