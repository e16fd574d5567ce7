import type { Mutant } from "./mutant.ts";
import type { Body } from "./sql_bodies.ts";
import { enumValuesOf } from "./sql_enum_uses.ts";
import type { Objects } from "./sql_objects.ts";
import { callsOf, has, isHung, type Table } from "./sql_words.ts";

/**
 * What a body uses, told from its words alone and not by the checks under test: names with their schema,
 * columns behind an alias of their table or where no other table of the body has them.
 */
export function usesOf(body: Body, objects: Objects): Mutant[] {
  const code = withoutStrings(body.text);
  const named = objects.tables.filter((table) => isNamed(table, code));
  return [
    ...named.map(({ schema, name }): Mutant => ({
      kind: "table",
      schema,
      object: name,
      name,
    })),
    ...columnsOf(body, code, named, objects),
    ...functionsOf(code, objects),
    ...enumValuesOf(body, named, objects),
    ...keysOf(code, named),
  ];
}

/** Strings are values; what SQL is put together from them at run time is not judged. */
function withoutStrings(text: string): string {
  return text.replaceAll(/'(?:[^']|'')*'/g, "''");
}

function isNamed({ schema, name }: Table, code: string): boolean {
  return has(
    code,
    `(?<!\\w\\.)\\b${schema}\\s*\\.\\s*"?${name}"?(?![\\w(])(?!\\s*\\()`,
  ) || has(code, `\\binsert\\s+into\\s+${schema}\\.${name}\\b`);
}

function columnsOf(
  body: Body,
  code: string,
  named: readonly Table[],
  { tables }: Objects,
): Mutant[] {
  const hung = tables.filter((table) => isHung(table, body));
  const words = new Map(
    [...new Set([...named, ...hung])].map((table) => [table, [
      ...named.includes(table) ? aliasesOf(table, code) : [],
      ...hung.includes(table) ? ["new", "old"] : [],
    ]]),
  );
  // an alias that two tables of a body share tells nothing of a column that both have
  const isShared = (word: string, column: string, own: Table) =>
    !["new", "old"].includes(word) &&
    [...words].some(([table, others]) =>
      table !== own && others.includes(word) && hasColumn(table, column)
    );
  return [...words].flatMap(([table, aliases]) =>
    table.columns.map(({ name }) => name).filter((column) => {
      const telling = aliases.filter((it) => !isShared(it, column, table));
      return telling.length > 0 &&
          has(code, `(?<![\\w.])(?:${telling.join("|")})\\.${column}\\b`) ||
        named.includes(table) && isAlone(column, table, named, body, code);
    }).map((name): Mutant => ({
      kind: "column",
      schema: table.schema,
      object: table.name,
      name,
    }))
  );
}

function hasColumn({ columns }: Table, column: string): boolean {
  return columns.some(({ name }) => name === column);
}

/** The words a table goes by: its name, aliases, and variables of its row type. */
function aliasesOf({ schema, name }: Table, code: string): string[] {
  const behind = code.matchAll(
    new RegExp(
      `(?:from|join|update|into|using|,)\\s+(?:only\\s+)?${schema}\\.${name}\\s+(?:as\\s+)?(\\w+)`,
      "gi",
    ),
  );
  const before = code.matchAll(
    new RegExp(
      `\\b(\\w+)\\s+${schema}\\.${name}(?:%rowtype)?\\s*(?:;|:=)`,
      "gi",
    ),
  );
  const words = [...behind, ...before].map(([, word = ""]) => word)
    .filter((word) => !KEYWORDS.has(word.toLowerCase()));
  return [name, ...words];
}

const KEYWORDS = new Set([
  "from",
  "where",
  "set",
  "on",
  "join",
  "left",
  "right",
  "inner",
  "cross",
  "full",
  "order",
  "group",
  "limit",
  "for",
  "using",
  "values",
  "select",
  "default",
  "returning",
  "union",
  "natural",
  "loop",
  "into",
  "update",
  "delete",
  "as",
]);

/** Whether a name without an alias can be this table's column alone. */
function isAlone(
  column: string,
  table: Table,
  named: readonly Table[],
  { own, text }: Body,
  code: string,
): boolean {
  if (own.includes(column)) return false;
  const others = named.filter((it) => it !== table && hasColumn(it, column));
  if (others.length > 0) return false;
  // an alias, a variable, an argument of that name
  const isOther = `\\bas\\s+${column}\\b|\\b${column}\\s*(?:=>|:=|\\.)`;
  if (has(text, isOther)) return false;
  if (AMBIGUOUS.has(column)) return false;
  return has(code, `(?<![\\w.:"])${column}\\b(?!\\s*[(.]|\\w)`);
}

/** Words of SQL itself that are columns too. */
const AMBIGUOUS = new Set([
  "action",
  "name",
  "position",
  "role",
  "source",
  "trigger",
  "type",
  "value",
  "key",
  "status",
  "row",
  "date",
  "time",
  "text",
  "content",
  "number",
  "order",
]);

function keysOf(code: string, named: readonly Table[]): Mutant[] {
  return named.flatMap(({ schema, name, keys }) =>
    keys.filter((key) => has(code, `\\b${key}\\b`)).map((key): Mutant => ({
      kind: "foreign key",
      schema,
      object: name,
      name: key,
    }))
  );
}

function functionsOf(code: string, { functions }: Objects): Mutant[] {
  const found: Mutant[] = [];
  for (const { schema, name, args } of functions) {
    const calls = callsOf(code, `${schema}\\.${name}`);
    if (calls.length === 0) continue;
    found.push({ kind: "function", schema, object: name, name });
    for (const arg of args) {
      if (calls.some((call) => has(call, `\\b${arg}\\s*(?:=>|:=)`))) {
        found.push({ kind: "argument", schema, object: name, name: arg });
      }
    }
  }
  return found;
}
