import type { Column } from "../catalog/catalog.ts";
import type { Literal } from "../touch/literal.ts";
import type { ColumnUse, Touched } from "../touch/touched.ts";
import { known } from "./known.ts";
import { named, type Rule } from "./rule.ts";
import { inProperty, inResult, suggest } from "./suggest.ts";
import { refuses } from "./types.ts";

/** A select, filter, order, row or `onConflict` names a column that is not there. */
export const unknownColumn: Rule = {
  code: "unknown-column",
  level: "drift",
  *check(touched) {
    for (const use of touched.columns) {
      const { scope, name, column, property } = use;
      if (column || !scope.columns || name.text === "*") continue;
      const names = candidates(touched, use);
      const written = use.isOutput
        ? inResult(name)
        : inProperty(name, property);
      const verb = scope.relation?.name === scope.label ? "has" : "returns";
      yield {
        ...named(name, scope.label),
        message: `${scope.label} ${verb} no column "${name.text}"`,
        ...known(
          touched,
          `${scope.label}.${name.text}`,
          name,
          names,
          written,
        ) ??
          suggest(name, names, written),
      };
    }
  },
};

/** Columns that could take what is given here, and are not named beside it already. */
function candidates(touched: Touched, use: ColumnUse): string[] {
  const given = literalsOf(touched, use);
  const taken = use.role === "write"
    ? touched.writes?.rows.find((row) =>
      row.values.get(use.name.text)?.name === use.name
    )?.values
    : undefined;
  return [...use.scope.columns ?? []]
    .filter(([name, column]) => !taken?.has(name) && takes(column, given))
    .map(([name]) => name);
}

function literalsOf(touched: Touched, use: ColumnUse): readonly Literal[] {
  if (use.comparison) {
    const { kind, values } = use.comparison;
    return kind === "comparison" || kind === "list" ? values : [];
  }
  return (touched.writes?.rows ?? []).flatMap((row) => {
    const given = row.values.get(use.name.text);
    return given?.name === use.name ? given.literals : [];
  });
}

function takes(column: Column, literals: readonly Literal[]): boolean {
  return literals.every((literal) =>
    !refuses(column.type, literal) &&
    !(literal.kind === "string" && column.valuesFrom === "enum" &&
      !column.values?.includes(literal.text))
  );
}
