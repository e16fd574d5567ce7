import type { Column } from "../catalog/catalog.ts";
import type { Touched, Writes } from "../touch/touched.ts";
import { named, type Rule, type Violation } from "./rule.ts";

/** A row gives null to a column that cannot be null. */
export const nullInNotNull: Rule = {
  code: "null-in-not-null",
  level: "drift",
  *check({ writes, root }) {
    if (!writes || !root.columns) return;
    for (const row of writes.rows) {
      for (const { name, literals } of row.values.values()) {
        const column = root.columns.get(name.text);
        if (!column || !refusesNull(column)) continue;
        if (!literals.some((it) => it.kind === "null")) continue;
        yield {
          ...named(name, root.label),
          message: `${root.label}.${name.text} cannot be null`,
        };
      }
    }
    yield* leftOut(writes, root);
  },
};

/** Of several rows, one that leaves out what another gives has null there, even where there is a default. */
function* leftOut(writes: Writes, root: Touched["root"]): Generator<Violation> {
  if (writes.method === "update" || !writes.missingIsNull) return;
  for (const row of writes.rows) {
    const beside = writes.rows.filter((it) => it.list && it.list === row.list);
    const given = new Set(beside.flatMap((it) => [...it.values.keys()]));
    for (const name of given) {
      const column = root.columns?.get(name);
      if (!column?.hasDefault || !refusesNull(column)) continue;
      if (row.open || row.values.has(name)) continue;
      yield {
        span: row.span,
        table: root.label,
        name,
        message:
          `this row leaves out "${name}", which others give, so that it is null there ` +
          `and not its default; ${root.label}.${name} cannot be null`,
      };
    }
  }
}

function refusesNull(column: Column): boolean {
  return column.notNull && !column.setByTrigger && !column.generated;
}
