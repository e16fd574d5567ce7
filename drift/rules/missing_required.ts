import type { Rule } from "./rule.ts";

/** An insert leaves out a column that cannot be null and has no default. */
export const missingRequired: Rule = {
  code: "missing-required",
  level: "drift",
  *check({ writes, root }) {
    if (!writes || writes.method === "update") return;
    const required = [...root.columns?.values() ?? []].filter((column) =>
      column.notNull && !column.hasDefault && !column.generated
    );
    for (const row of writes.rows) {
      if (row.open) continue;
      for (const { name } of required) {
        if (row.values.has(name)) continue;
        yield {
          span: row.span,
          table: root.label,
          name,
          message:
            `${root.label}.${name} is required: it cannot be null and has no default`,
        };
      }
    }
  },
};
