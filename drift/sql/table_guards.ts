const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$|\b(?:end\s+if|end\s+case|end\s+loop|\w+)\b/gi;
/** `drop table if exists` is no `if`. */
const OF_DDL =
  /\b(?:table|view|schema|index|function|trigger|policy|column|type|extension|sequence|constraint)\s+$/i;

/** A branching statement that is being read. */
interface Branching {
  readonly kind: "if" | "case";
  /** What a case compares with. */
  subject: string;
  /** Whether the branch that is being read is taken for the table; undefined where that is not known. */
  taken: boolean | undefined;
  /** Whether an earlier branch certainly was. */
  isOver: boolean;
  /** Where the condition that is being read begins. */
  from: number | undefined;
}

/**
 * Whether a line of a trigger function's body is never reached for a table, since tests of TG_TABLE_NAME
 * around it or before it lead elsewhere.
 *
 * @param line from 1
 */
export function isForOtherTables(
  body: string,
  line: number,
  table: string,
): boolean {
  if (!/\btg_(?:table_name|relname|relid)\b/i.test(body)) return false;
  const start = lineStart(body, line);
  const end = lineStart(body, line + 1);
  const open: Branching[] = [];
  let isDead = false;
  const isReached = () => !isDead && open.every(({ taken }) => taken !== false);
  for (const match of body.matchAll(TOKEN)) {
    const { 0: token, index } = match;
    if (index >= end) break;
    const word = token.toLowerCase().replace(/\s+/g, " ");
    const top = open.at(-1);
    if (index >= start && isCode(word) && !isReached()) return true;
    switch (word) {
      case "if":
        if (!OF_DDL.test(body.slice(0, index))) {
          open.push(branching("if", index + token.length));
        }
        break;
      case "case":
        open.push(branching("case", index + token.length));
        break;
      case "elsif":
      case "elseif":
      case "when":
        if (top) leave(top, index, body, index + token.length);
        break;
      case "else":
        if (top) {
          leave(top, index, body, undefined);
          top.taken = top.isOver ? false : undefined;
        }
        break;
      case "then":
        if (top?.from !== undefined) {
          decide(top, body.slice(top.from, index), table);
        }
        break;
      case "end if":
      case "end case":
        open.pop();
        break;
      case "end":
        if (top?.kind === "case") open.pop();
        break;
      case "return":
        // what follows a return that is certainly come to is not
        if (open.every(({ taken }) => taken === true)) isDead = true;
        break;
    }
  }
  return false;
}

/** Words that stand within a branch, and do not end or begin one. */
function isCode(word: string): boolean {
  return /^\w/.test(word) &&
    !/^(?:if|case|elsif|elseif|when|else|then|end|end if|end case|end loop|begin|tg_table_name|return|new|null)$/
      .test(word);
}

function branching(kind: Branching["kind"], from: number): Branching {
  return { kind, subject: "", taken: undefined, isOver: false, from };
}

/** Ends a branch; the condition of the next begins at `from`. */
function leave(
  top: Branching,
  at: number,
  body: string,
  from: number | undefined,
): void {
  if (top.kind === "case" && top.subject === "" && top.from !== undefined) {
    top.subject = body.slice(top.from, at).trim();
  }
  if (top.taken === true) top.isOver = true;
  top.taken = top.isOver ? false : undefined;
  top.from = from;
}

function decide(top: Branching, condition: string, table: string): void {
  top.from = undefined;
  if (top.isOver) {
    top.taken = false;
    return;
  }
  const test = top.kind === "case" && top.subject !== ""
    ? `${top.subject} in (${condition})`
    : condition;
  top.taken = truthOf(test, table);
}

/** What a condition comes to for a table, where it is made of tests of its name. */
function truthOf(condition: string, table: string): boolean | undefined {
  const text = condition.trim().replace(/^\(([^()]*)\)$/, "$1");
  const either = text.split(/\bor\b/i);
  if (either.length > 1) {
    const truths = either.map((it) => truthOf(it, table));
    if (truths.includes(true)) return true;
    return truths.every((it) => it === false) ? false : undefined;
  }
  const both = text.split(/\band\b/i);
  if (both.length > 1) {
    const truths = both.map((it) => truthOf(it, table));
    if (truths.includes(false)) return false;
    return truths.every((it) => it === true) ? true : undefined;
  }
  const [, operator = "", names = ""] =
    /^\(?\s*(?:tg_table_name|tg_relname|tg_relid)(?:::\w+)?\s*(=|<>|!=|in|not\s+in)\s*\(?([\s\S]*?)\)*$/i
      .exec(text) ?? [];
  if (operator === "") return undefined;
  const listed = [...names.matchAll(/'([^']*)'/g)].map(([, name = ""]) =>
    (name.split(".").at(-1) ?? "").replaceAll('"', "")
  );
  if (listed.length === 0) return undefined;
  const isListed = listed.includes(table);
  return /^(?:=|in)$/i.test(operator) ? isListed : !isListed;
}

function lineStart(text: string, line: number): number {
  let at = 0;
  for (let left = line - 1; left > 0; left--) {
    const next = text.indexOf("\n", at);
    if (next < 0) return text.length;
    at = next + 1;
  }
  return at;
}
