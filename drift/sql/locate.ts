import type { Complaint, SqlObject } from "./complaint.ts";

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What defines objects: a migration, or a file of the schemas. */
interface SqlFile {
  readonly file: string;
  readonly sql: string;
}

/** Where an object of the database stands that no file defines. */
const NOWHERE: Place = { file: "database", line: 1, column: 1 };

/** Where the files define an object last. */
export function locate(
  { object, bodyLine }: Pick<Complaint, "object" | "bodyLine">,
  files: readonly SqlFile[],
  folder: string,
): Place {
  const pattern = definition(object);
  for (const { file, sql } of files.toReversed()) {
    const found = [...sql.matchAll(pattern)].at(-1);
    if (!found) continue;
    const line = bodyLine === undefined
      ? lineAt(sql, found.index)
      : lineAt(sql, bodyStart(sql, found.index)) + bodyLine - 1;
    const start = sql.lastIndexOf("\n", found.index - 1) + 1;
    return {
      file: `${folder}/${file}`,
      line,
      column: bodyLine === undefined ? found.index - start + 1 : 1,
    };
  }
  return NOWHERE;
}

/** The line a body's first line stands on: that of its opening `$$`. */
function bodyStart(sql: string, from: number): number {
  const body = /\bas\s+\$\w*\$/gi;
  body.lastIndex = from;
  const found = body.exec(sql);
  return found ? found.index + found[0].length : from;
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

/** What a file writes to define it. */
function definition({ kind, schema, name, table }: SqlObject): RegExp {
  const dotted = schema === null
    ? word(name)
    : `(?:${word(schema)}\\s*\\.\\s*)?${word(name)}`;
  switch (kind) {
    case "function":
      return pattern(
        `create\\s+(?:or\\s+replace\\s+)?(?:function|procedure)\\s+${dotted}\\s*\\(`,
      );
    case "view":
      return pattern(
        `create\\s+(?:or\\s+replace\\s+)?(?:materialized\\s+)?view\\s+${dotted}(?![\\w])`,
      );
    case "policy":
      return pattern(
        `create\\s+policy\\s+${word(name)}\\s+on\\s+(?:\\S+\\.)?${
          word(table ?? "")
        }(?!\\w)`,
      );
    case "table":
      return pattern(
        `create\\s+table\\s+(?:if\\s+not\\s+exists\\s+)?${dotted}(?!\\w)`,
      );
    case "job":
      return pattern(`schedule(?:_job)?\\s*\\(\\s*'${RegExp.escape(name)}'`);
  }
}

const word = (name: string) => `"?${RegExp.escape(name)}"?`;
const pattern = (text: string) => new RegExp(text, "gi");
