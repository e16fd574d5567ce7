/** A word, literal or operator; or what stands in parentheses or brackets. */
type Node = string | { readonly open: "(" | "["; readonly items: Node[] };

const TOKEN =
  /\s*(E?'(?:[^']|'')*'|"(?:[^"]|"")*"|\d+(?:\.\d+)?|[A-Za-z_][\w$]*|::|[-+*/<>=~!@#%^&|?]+|[^\s])/gy;
const WORD = /^(?:[A-Za-z_][\w$]*|".*")$/s;
const LITERAL = /^(?:E?'.*'|\d[\d.]*|null|true|false)$/is;
/** What stands before parentheses without being a function's name. */
const KEYWORD =
  /^(?:and|or|not|in|any|all|select|where|on|when|then|else|case|from|join|using|exists|as|check|include|values|having|by|distinct|is|like|over|filter)$/i;

/**
 * An expression as PostgreSQL prints it, so that two of the same effect are the same text: casts of literals, the
 * order of what AND, OR, `=` and ANY join, parentheses that change nothing, and `(select f())` for `f()` do not
 * count.
 */
export function effectOf(expression: string): string {
  return canonical(parse(expression)).text;
}

function parse(text: string): Node[] {
  const tokens = [...text.matchAll(TOKEN)].map(([, token = ""]) => token);
  const stack: Node[][] = [[]];
  for (const token of tokens) {
    const top = stack.at(-1) ?? [];
    if (token === "(" || token === "[") {
      const items: Node[] = [];
      top.push({ open: token, items });
      stack.push(items);
    } else if ((token === ")" || token === "]") && stack.length > 1) {
      stack.pop();
    } else top.push(token);
  }
  return stack[0] ?? [];
}

interface Canonical {
  readonly text: string;
  /** What AND or OR joins, where the expression is one of them. */
  readonly operands?: { readonly by: "AND" | "OR"; readonly all: string[] };
}

function canonical(given: Node[]): Canonical {
  const nodes = unwrapped(withoutCasts(given));
  if (!nodes.some((it) => isWord(it, "SELECT") || isWord(it, "CASE"))) {
    const commas = split(nodes, ",");
    if (commas.length > 1) {
      return { text: commas.map((part) => canonical(part).text).join(", ") };
    }
    for (const by of ["OR", "AND"] as const) {
      const parts = split(nodes, by);
      if (parts.length > 1) return joined(by, parts.map(canonical));
    }
    const sides = split(nodes, "=");
    const [left, right] = sides;
    if (left && right && sides.length === 2 && !isWord(right[0], "ANY")) {
      const both = [canonical(left).text, canonical(right).text];
      return { text: both.sort().join(" = ") };
    }
  }
  return { text: printed(nodes) };
}

function joined(by: "AND" | "OR", parts: readonly Canonical[]): Canonical {
  const all = [
    ...new Set(
      parts.flatMap(({ text, operands }) =>
        operands?.by === by ? operands.all : operands ? [`(${text})`] : [text]
      ),
    ),
  ].sort();
  return { text: all.join(` ${by} `), operands: { by, all } };
}

function printed(nodes: readonly Node[]): string {
  return nodes.map((node, index) => {
    if (typeof node === "string") return WORD.test(node) ? lower(node) : node;
    const before = nodes[index - 1];
    const isAny = isWord(before, "ANY") || isWord(before, "ALL");
    const { text } = canonical(isAny ? sorted(node.items) : node.items);
    if (node.open === "[") return `[${text}]`;
    const isCall = typeof before === "string" && WORD.test(before) &&
      !KEYWORD.test(before);
    // one word or literal needs no parentheses, a call's arguments have them
    return !isCall && /^(?:[\w.]+|'[^']*')$/.test(text) ? text : `(${text})`;
  }).join(" ").replaceAll(/ ?\. ?/g, ".").replaceAll(/(\w) \(/g, "$1(");
}

/** Quoted names and keywords print as the server prints them, whoever wrote them. */
const lower = (word: string) =>
  word.startsWith('"') ? word : word.toLowerCase();

/** `(x)` and `(select x as y)` are `x`. */
function unwrapped(nodes: Node[]): Node[] {
  const [only] = nodes;
  if (nodes.length === 1 && typeof only === "object" && only.open === "(") {
    return unwrapped(withoutCasts(only.items));
  }
  if (
    isWord(only, "SELECT") &&
    !nodes.some((it) =>
      isWord(it, "FROM") || isWord(it, "WHERE") || isWord(it, "UNION")
    ) && split(nodes, ",").length === 1
  ) {
    const named = isWord(nodes.at(-2), "AS")
      ? nodes.slice(1, -2)
      : nodes.slice(1);
    return unwrapped(named);
  }
  return nodes;
}

/** Literals, and arrays of them, without the type that is written behind them. */
function withoutCasts(nodes: readonly Node[]): Node[] {
  const kept: Node[] = [];
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index];
    if (node === undefined) continue;
    if (node === "::" && isLiteral(kept)) index = endOfType(nodes, index);
    else kept.push(node);
  }
  return kept;
}

/** Whether the last of some nodes is a literal or an array. */
function isLiteral(nodes: readonly Node[]): boolean {
  const last = nodes.at(-1);
  if (typeof last === "string") return LITERAL.test(last);
  if (last?.open === "[") return isWord(nodes.at(-2), "ARRAY");
  const inner = last && unwrapped(withoutCasts(last.items));
  return inner !== undefined &&
    !(typeof nodes.at(-2) === "string" && WORD.test(String(nodes.at(-2))) &&
      !KEYWORD.test(String(nodes.at(-2)))) &&
    (inner.length === 1 || isWord(inner[0], "ARRAY")) && isLiteral(inner);
}

/** The index of the last token of the type that follows `::`. */
function endOfType(nodes: readonly Node[], colons: number): number {
  let at = colons + 1;
  while (nodes[at + 1] === ".") at += 2;
  if (isWord(nodes[at], "CHARACTER") || isWord(nodes[at], "BIT")) {
    if (isWord(nodes[at + 1], "VARYING")) at++;
  }
  if (isWord(nodes[at + 1], "PRECISION")) at++;
  if (isGroup(nodes[at + 1], "(")) at++;
  if (isWord(nodes[at + 2], "TIME") && isWord(nodes[at + 3], "ZONE")) at += 3;
  if (isGroup(nodes[at + 1], "[")) at++;
  return at;
}

/** `ANY (ARRAY[…])`: the order of the elements does not count. */
function sorted(items: Node[]): Node[] {
  const nodes = unwrapped(withoutCasts(items));
  const [word, array] = nodes;
  if (!isWord(word, "ARRAY") || typeof array !== "object") return nodes;
  const parts = split(array.items, ",").map((part) => canonical(part).text);
  const all = [...new Set(parts)].sort().join(", ");
  return ["ARRAY", { open: "[", items: [all] }];
}

function split(nodes: readonly Node[], by: string): Node[][] {
  const parts: Node[][] = [[]];
  for (const node of nodes) {
    if (node === by || isWord(node, by)) parts.push([]);
    else parts.at(-1)?.push(node);
  }
  return parts;
}

function isWord(node: Node | undefined, word: string): boolean {
  return typeof node === "string" && node.toUpperCase() === word;
}

function isGroup(node: Node | undefined, open: "(" | "["): boolean {
  return typeof node === "object" && node.open === open;
}
