import type { Item } from "../../drift/live/inventory.ts";
import type { SchemaFile } from "../../stack/schemas.ts";
import { bare, type Made, madeBy } from "../../tasks/migration/objects.ts";

/** No file is longer. */
const LINES = 300;
/** Most are shorter; which are not is a list that was looked at. */
export const SHORT = 150;

/** What a reader looks for by name. */
const NAMED: ReadonlySet<string> = new Set(["function", "table", "view"]);

/** What stands under its own statement. */
const MADE: ReadonlySet<string> = new Set([
  ...NAMED,
  "type",
  "index",
  "trigger",
  "policy",
]);

/** What of the folder is not as it should be, by what the schemas make. */
export function problemsOf(
  files: readonly SchemaFile[],
  inventory: readonly Item[],
): string[] {
  const made = madeBy(files);
  const items = inventory.filter(({ kind }) => MADE.has(kind));
  return [
    ...items.filter(isPublic).flatMap((item) => unfound(item, made)),
    ...items.flatMap((item) => unmade(item, made)),
    ...repeated(made),
    ...files.flatMap(otherwiseMade),
    ...files.filter(({ sql }) => linesOf(sql) > LINES)
      .map(({ file }) => `${file} has more than ${LINES} lines`),
  ];
}

/** The files that are longer than most. */
export function longFiles(files: readonly SchemaFile[]): string[] {
  return files.filter(({ sql }) => linesOf(sql) > SHORT).map(({ file }) => file)
    .sort();
}

function isPublic({ kind, name }: Item): boolean {
  return NAMED.has(kind) && name.startsWith("public.");
}

/** Whether it is not in the file that its name says. */
function unfound(item: Item, made: readonly Made[]): string[] {
  const [, name = ""] = nameOf(item).split(".");
  const found = makersOf(item, made).some(({ file }) =>
    new RegExp(`/${RegExp.escape(name)}\\.sql$`).test(file)
  );
  return found
    ? []
    : [`${item.kind} ${item.name} is not in a file ${name}.sql`];
}

function unmade(item: Item, made: readonly Made[]): string[] {
  return makersOf(item, made).length > 0
    ? []
    : [`${item.kind} ${item.name} has no statement of its own`];
}

function makersOf(item: Item, made: readonly Made[]): Made[] {
  const name = nameOf(item);
  return made.filter((it) =>
    it.kind === item.kind &&
    (it.table === undefined || it.kind === "table"
        ? it.name
        : it.kind === "index"
        ? `${it.table.split(".")[0]}.${it.name}`
        : `${it.table}.${it.name}`) === name
  );
}

function nameOf({ kind, name }: Item): string {
  return bare(kind === "function" ? name.slice(0, name.indexOf("(")) : name);
}

/** What is made in two places; functions of one name differ by their arguments. */
function repeated(made: readonly Made[]): string[] {
  const places = Map.groupBy(
    made.filter(({ kind }) => MADE.has(kind)),
    ({ kind, name, table, code }) => {
      const [args = ""] = kind === "function" ? code.split(/\breturns\b/i) : [];
      return [
        kind,
        table,
        name,
        args.replaceAll(/\s+/g, " ").replace(/^.*?\(/, "("),
      ].join(" ");
    },
  );
  return [...places.values()].filter((it) => it.length > 1).map((it) =>
    `${it[0]?.kind} ${it[0]?.name} is made in ${
      it.map(({ file }) => file).join(" and ")
    }`
  );
}

/** What makes objects, or moves them, without their name in the text; what is no definition. */
const OTHERWISE: Readonly<Record<string, RegExp>> = {
  "makes objects by format()":
    /execute\s+(?:pg_catalog\.)?format\s*\(\s*(?:e?'|\$\w*\$)\s*create\s+(?:or\s+replace\s+)?(?:constraint\s+)?(?:function|policy|trigger|view|table|index)/i,
  "moves an object to another schema": /\bset\s+schema\b/i,
  "says if not exists, in a file for an empty database":
    /^create\s+[\w ]*\bif\s+not\s+exists\b|\badd\s+column\s+if\s+not\s+exists\b/im,
  "replaces what another file made":
    /^(?:drop|alter\s+function|alter\s+policy)\s/im,
};

function otherwiseMade({ file, sql }: SchemaFile): string[] {
  return Object.entries(OTHERWISE).filter(([, pattern]) => pattern.test(sql))
    .map(([what]) => `${file} ${what}`);
}

function linesOf(sql: string): number {
  return sql.trimEnd().split("\n").length;
}
