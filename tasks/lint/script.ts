import type { Migration } from "../../stack/migrations.ts";
import { blot, type Statement, statementsOf } from "../../stack/statements.ts";

/** A statement of a migration as the rules look at it. */
export interface Part extends Statement {
  /** Those before it. */
  readonly comments: string;
  /** A body that is kept for later: nothing in it is done by the migration. */
  readonly isFunction: boolean;
  /** A `do` block. */
  readonly isBlock: boolean;
  /** What is done, without comments. */
  readonly text: string;
  /** The same without what stands in strings. */
  readonly bare: string;
}

/** A migration, read. */
export interface Script extends Migration {
  readonly parts: readonly Part[];
  /** The comment lines that it begins with. */
  readonly header: string;
}

/** What is wrong with a migration. */
export interface Finding {
  readonly line: number;
  readonly message: string;
}

/** Finds what a migration may not do. */
export interface Rule {
  readonly name: string;
  find(script: Script): Finding[];
}

export function read(migration: Migration): Script {
  const [header = ""] = /^(?:--[^\n]*\n)*/.exec(migration.sql) ?? [];
  return {
    ...migration,
    header,
    parts: statementsOf(migration.sql).map(partOf),
  };
}

function partOf(statement: Statement): Part {
  const { code } = statement;
  const isFunction = /^create\s+(?:or\s+replace\s+)?(?:function|procedure)\b/i
    .test(code);
  const isBlock = /^do\b/i.test(code);
  const done = isFunction || isBlock ? bodyOf(code) : code;
  const text = blot(done, "comments");
  return {
    ...statement,
    comments: statement.text.slice(0, -code.length),
    isFunction,
    isBlock,
    text,
    bare: blot(text, "strings"),
  };
}

/** What stands between the dollars, on its lines. */
function bodyOf(code: string): string {
  const found = /\$(\w*)\$([\s\S]*)\$\1\$/.exec(code);
  if (!found) return code;
  const before = code.slice(0, found.index).replaceAll(/[^\n]/g, "");
  return before + (found[2] ?? "");
}

/** The line of the file that a place in a part's text is on. */
export function lineOf(part: Part, index: number): number {
  return part.line + part.text.slice(0, index).split("\n").length - 1;
}
