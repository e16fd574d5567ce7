import {
  type Finding,
  lineOf,
  type Part,
  type Rule,
  type Script,
} from "../script.ts";

const NAME = String.raw`((?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))?)`;

const pattern = (text: string) =>
  new RegExp(text.replaceAll("NAME", NAME).replaceAll(" ", "\\s+"), "gi");

/** What takes an object of the same name for the same object, and what says that it is. */
const FORMS: readonly {
  readonly made: RegExp;
  readonly by: string | undefined;
}[] = [
  {
    made: pattern("create (?:unlogged )?table if not exists NAME"),
    by: "assert_table",
  },
  {
    made: pattern("create (?:unique )?index if not exists NAME"),
    by: "assert_index",
  },
  { made: pattern("create schema if not exists NAME"), by: "assert_schema" },
  { made: pattern(String.raw`create type NAME as enum\b`), by: "assert_enum" },
  {
    made: pattern("create (?:sequence|materialized view) if not exists NAME"),
    by: undefined,
  },
];

/** What a block makes, which does so behind a look by name: it would fail the second time. */
const LOOKED_FOR: typeof FORMS = [
  {
    made: pattern(String.raw`create type NAME as\s*\(`),
    by: "assert_type",
  },
  {
    made: pattern("create (?:unlogged )?table (?!if )NAME"),
    by: "assert_table",
  },
  {
    made: pattern("create (?:unique )?index (?!if )NAME on"),
    by: "assert_index",
  },
];

const ALTERED = pattern(
  String.raw`alter table (?:only |if exists )*NAME([^;]*)`,
);
const ADDED = pattern("add column if not exists NAME");

/**
 * After `if not exists`, or a look that says the same, the definition is asserted: production may have another
 * object of that name.
 */
export const assertions: Rule = {
  name: "assertions",
  find: (script) =>
    script.parts.filter((part) => !part.isFunction).flatMap((part) => [
      ...[...FORMS, ...part.isBlock ? LOOKED_FOR : []].flatMap(({ made, by }) =>
        [...part.bare.matchAll(made)].flatMap(({ 1: name = "", index }) =>
          by !== undefined && isAsserted(script, part, by, [name])
            ? []
            : [missing(part, index, name, by)]
        )
      ),
      ...[...part.bare.matchAll(ALTERED)].flatMap((
        { 1: table = "", 2: rest = "", index },
      ) =>
        [...rest.matchAll(ADDED)].flatMap(({ 1: column = "" }) =>
          isAsserted(script, part, "assert_table", [table, column])
            ? []
            : [missing(part, index, `${table}.${column}`, "assert_table")]
        )
      ),
    ]),
};

function isAsserted(
  { parts }: Script,
  after: Part,
  by: string,
  names: readonly string[],
): boolean {
  return parts.slice(parts.indexOf(after)).some(({ text }) =>
    text.includes(by) &&
    names.every((name) =>
      new RegExp(String.raw`(?<![\w.])${RegExp.escape(name)}(?!\w)`).test(
        text.slice(text.indexOf(by)),
      )
    )
  );
}

function missing(
  part: Part,
  index: number,
  name: string,
  by: string | undefined,
): Finding {
  return {
    line: lineOf(part, index),
    message: by === undefined
      ? `${name}: nothing can say that it is the one that is meant: make it without if not exists`
      : `${name} may be there as something else: private.${by}() after it`,
  };
}
