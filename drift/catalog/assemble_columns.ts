import type { Column } from "./catalog.ts";
import { commonValues } from "./check_values.ts";
import type { CatalogRows } from "./rows.ts";

/** Columns of every relation, by its oid and their names. */
export function assembleColumns(
  rows: CatalogRows,
): ReadonlyMap<number, ReadonlyMap<string, Column>> {
  const triggers = Map.groupBy(rows.triggers, (trigger) => trigger.relation);
  const found = new Map<number, Map<string, Column>>();
  for (const row of rows.columns) {
    const columns = found.get(row.relation) ?? new Map<string, Column>();
    found.set(row.relation, columns);
    const setters = (triggers.get(row.relation) ?? [])
      .filter((trigger) => assigns(trigger.source, row.name));
    const checked = row.labels ? undefined : commonValues(row.checks ?? []);
    columns.set(row.name, {
      name: row.name,
      type: row.type,
      notNull: row.not_null,
      hasDefault: row.has_default || setters.some((it) => it.on_insert),
      setByTrigger: setters.length > 0,
      generated: row.generated,
      writable: row.writable,
      values: row.labels ?? checked,
      valuesFrom: row.labels ? "enum" : checked && "check",
    });
  }
  return found;
}

/** A column that is only read: of a function's result, or a computed one. */
export function resultColumn(
  name: string,
  type: string,
  labels: readonly string[] | null,
): Column {
  return {
    name,
    type,
    notNull: false,
    hasDefault: true,
    setByTrigger: false,
    generated: false,
    writable: false,
    values: labels ?? undefined,
    valuesFrom: labels ? "enum" : undefined,
  };
}

/** Whether a trigger function writes the column of the new row, or the new row as a whole. */
function assigns(source: string, column: string): boolean {
  const name = column.replaceAll(/[^\w]/g, "\\$&");
  return new RegExp(`\\bnew\\.("?)${name}\\1\\s*:?=`, "i").test(source) ||
    new RegExp(`\\binto\\b[^;]*\\bnew\\.("?)${name}\\1(?!\\w)`, "i")
      .test(source) ||
    /\bnew\s*:?=/i.test(source);
}
