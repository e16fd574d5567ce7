import type { Rule } from "./rule.ts";

/** `onConflict` names columns that no unique key is made of: Postgres refuses with 42P10. */
export const noUniqueKey: Rule = {
  code: "no-unique-key",
  level: "drift",
  *check({ conflict, start }) {
    const { relation } = start;
    if (!conflict || !relation?.uniqueKeys || relation.kind === "view") return;
    const names = conflict.columns.map((column) => column.text);
    if (names.some((name) => !relation.columns.has(name))) return;
    const wanted = set(names);
    if (relation.uniqueKeys.some((key) => set(key) === wanted)) return;
    const [first] = conflict.columns;
    const keys = relation.uniqueKeys.map((key) => `(${key.join(", ")})`);
    yield {
      span: first?.span ?? conflict.span,
      table: relation.name,
      name: names.join(","),
      message: `${relation.name} has no unique key (${
        names.join(", ")
      }), only ${keys.join(", ") || "none"}`,
    };
  },
};

function set(columns: readonly string[]): string {
  return [...new Set(columns)].sort().join();
}
