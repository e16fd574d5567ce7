import { type Statement, statementsOf } from "../../stack/statements.ts";
import type { SchemaFile } from "../../stack/schemas.ts";

/** What a statement makes, or speaks of. */
export interface Made extends Statement {
  readonly file: string;
  /** As `Difference.kind` has it; "grant" and "alter table" too; "other" for what is not told apart. */
  readonly kind: string;
  /** With its schema, without quotes. Of a comment: what stands between `on` and `is`. */
  readonly name: string;
  /** The table that it is on. */
  readonly table: string | undefined;
}

const NAME = String.raw`(?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))?`;

const form = (text: string) =>
  new RegExp(
    `^${text.replaceAll("NAME", `(${NAME})`).replaceAll(" ", "\\s+")}`,
    "i",
  );

/** The name is the first group, the table the second. */
const FORMS: readonly (readonly [string, RegExp])[] = [
  ["table", form("create (?:unlogged )?table (?:if not exists )?NAME")],
  [
    "index",
    form("create (?:unique )?index (?:if not exists )?NAME on (?:only )?NAME"),
  ],
  ["function", form("create (?:or replace )?(?:function|procedure) NAME")],
  [
    "trigger",
    form(
      String
        .raw`create (?:or replace )?(?:constraint )?trigger NAME [\s\S]*?\bon NAME`,
    ),
  ],
  ["policy", form("create policy NAME on NAME")],
  ["view", form("create (?:or replace )?(?:materialized )?view NAME")],
  ["type", form("create (?:type|domain) NAME")],
  ["schema", form("create schema (?:if not exists )?NAME")],
  ["comment on", form(String.raw`comment on ([\s\S]+?) is\b`)],
  ["grant", form("(?:grant|revoke) ")],
  ["alter table", form("alter table (?:only |if exists )*NAME")],
  ["job", form(String.raw`select private\.schedule_job\s*\(\s*'([^']+)'`)],
];

/** Every statement of the schemas, in the order in which they run. */
export function madeBy(files: readonly SchemaFile[]): Made[] {
  return files.flatMap(({ file, sql }) =>
    statementsOf(sql).map((statement) => ({
      ...statement,
      file,
      ...what(statement),
    }))
  );
}

/** What one statement makes. */
export function what(
  { code }: Statement,
): Pick<Made, "kind" | "name" | "table"> {
  for (const [kind, pattern] of FORMS) {
    const found = pattern.exec(code);
    if (!found) continue;
    const [, name = "", table] = found;
    return {
      kind,
      name: bare(name),
      table: kind === "table" || kind === "alter table"
        ? bare(name)
        : table === undefined
        ? undefined
        : bare(table),
    };
  }
  return { kind: "other", name: "", table: undefined };
}

/** A name without quotes and with single spaces, to be compared. */
export function bare(name: string): string {
  return name.replaceAll('"', "").replaceAll(/\s+/g, " ").trim();
}
