import type { Mutant } from "./mutant.ts";
import type { Body } from "./sql_bodies.ts";
import type { Objects } from "./sql_objects.ts";
import { callsOf, has, isHung, type Table } from "./sql_words.ts";

/** Values that are cast to their enum, compared with a column of it, or given to a function that takes it. */
export function enumValuesOf(
  body: Body,
  named: readonly Table[],
  { tables, functions, enums }: Objects,
): Mutant[] {
  const hung = tables.filter((table) => isHung(table, body));
  const columns = [...named, ...hung].flatMap((table) => table.columns);
  const calls = functions.filter((it) => it.enums.length === 1).flatMap((
    { schema, name, enums: [type] },
  ) =>
    callsOf(body.text, `${schema}\\.${name}`).map((call) => ({ type, call }))
  );
  return enums.flatMap(({ schema, name, labels }) => {
    // a name that another table has with another type tells nothing
    const own = columns.filter((it) => it.enum === name).map((it) => it.name)
      .filter((it) =>
        columns.every((other) => other.name !== it || other.enum === name)
      );
    const isUsed = (label: string) => {
      const value = `'${RegExp.escape(label)}'`;
      return has(body.text, `${value}\\s*::\\s*${schema}\\.${name}\\b`) ||
        own.some((column) =>
          has(
            body.text,
            `\\b${column}\\s*(?:=|<>|!=|is (?:not )?distinct from|(?:not )?in\\s*\\([^()]*)\\s*${value}`,
          )
        ) ||
        calls.some(({ type, call }) =>
          type === name && call.includes(`'${label}'`)
        );
    };
    return labels.filter(isUsed).map((label): Mutant => ({
      kind: "enum value",
      schema,
      object: name,
      name: label,
    }));
  });
}
