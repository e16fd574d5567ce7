import { named, type Rule } from "./rule.ts";

/** An insert, update or delete on a view that does not pass it on, or a column of one that does not. */
export const notWritable: Rule = {
  code: "not-writable",
  level: "drift",
  *check({ start, operations, columns }) {
    const { relation, name } = start;
    if (!relation?.writable) return;
    for (const operation of ["insert", "update", "delete"] as const) {
      if (!operations.has(operation) || relation.writable.has(operation)) {
        continue;
      }
      yield {
        ...named(name, relation.name),
        message: `${relation.name} is a view that takes no ${operation}`,
      };
      return;
    }
    for (const use of columns) {
      if (use.role !== "write" || !use.column || use.column.writable) continue;
      if (use.column.generated) continue;
      yield {
        ...named(use.name, relation.name),
        message:
          `${relation.name}.${use.name.text} is computed: it cannot be written`,
      };
    }
  },
};
