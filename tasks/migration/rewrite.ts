import type { Item } from "../../drift/live/inventory.ts";
import { added, columnsOf, sourcesOf } from "./columns.ts";
import { bare, type Made } from "./objects.ts";

/** A statement of the schemas, which is for an empty database, as one that can be run again. */
export function again(made: Made, inventory: readonly Item[]): string {
  switch (made.kind) {
    case "table":
      return [
        `${
          made.code.replace(
            /^create\s+(unlogged\s+)?table\s+(?!if\s)/i,
            "create $1table if not exists ",
          )
        };`,
        assertTable(made.name, inventory),
      ].join("\n");
    case "index":
      return ensureIndex(made);
    case "function":
    case "view":
    case "trigger":
      return `${orReplace(made.code)};`;
    case "type":
      return type(made, inventory);
    default:
      return `${made.code};`;
  }
}

/** A constraint trigger and a materialized view know no `or replace`: a person has to look. */
export function isReplaceable({ code }: Made): boolean {
  return !/^create\s+(?:constraint|materialized)\s/i.test(code);
}

/** A column as it is added to a table that is there, and what it then has to be. */
export function addColumn(
  table: string,
  column: string,
  definition: string,
  inventory: readonly Item[],
): string {
  const text = `${column} ${added(definition)}`;
  const sources = sourcesOf(definition, columnsOf(table, inventory));
  return [
    `alter table ${table} add column if not exists ${text};`,
    `select private.assert_table('${table}', ${
      quoted([...sources, text].join(", "))
    });`,
  ].join("\n");
}

function orReplace(code: string): string {
  return code.replace(
    /^create\s+(?!or\s|constraint\s|materialized\s)/i,
    "create or replace ",
  );
}

function ensureIndex({ code }: Made): string {
  const statement = code.replace(/\bif\s+not\s+exists\s+/i, "");
  return `select private.ensure_index(${quoted(statement)});`;
}

/** What the server says of the table: by its columns and what holds for them. */
function assertTable(table: string, inventory: readonly Item[]): string {
  const columns = columnsOf(table, inventory).map((it) => `  ${it}`);
  const keys = inventory.filter(({ kind, owner }) =>
    kind === "key" && bare(owner ?? "") === table
  ).map(({ definition }) => quoted(definition));
  const list = quoted(`\n${columns.join(",\n")}\n`);
  return `select private.assert_table('${table}', ${
    [list, ...keys].join(",\n  ")
  });`;
}

/** `create type` knows no `if not exists`. */
function type({ code, name }: Made, inventory: readonly Item[]): string {
  const definition = inventory.find((item) =>
    item.kind === "type" && bare(item.name) === name
  )
    ?.definition;
  return [
    "do $type$",
    "begin",
    `  if to_regtype('${name}') is null then`,
    ...code.split("\n").map((line) => `    ${line}`).join("\n").concat(";")
      .split("\n"),
    "  end if;",
    "end",
    "$type$;",
    ...definition === undefined
      ? []
      : /\bas\s+enum\b/i.test(code)
      ? [`select private.assert_enum('${name}', ${definition});`]
      : /\bas\s*\(/i.test(code)
      ? [`select private.assert_type('${name}', ${quoted(definition)});`]
      : [],
  ].join("\n");
}

/** Between dollars where quotes would be doubled, by a tag that the text does not end. */
function quoted(text: string): string {
  if (!/['\n]/.test(text)) return `'${text}'`;
  let tag = "$$";
  for (let count = 1; `${text}${tag}`.indexOf(tag) < text.length; count++) {
    tag = `$text${count}$`;
  }
  return `${tag}${text}${tag}`;
}
