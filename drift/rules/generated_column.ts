import { named, type Rule } from "./rule.ts";

/** A row gives a column that only the database writes: Postgres refuses with 428C9. */
export const generatedColumn: Rule = {
  code: "generated-column",
  level: "drift",
  *check({ columns }) {
    for (const { role, column, scope, name } of columns) {
      if (role !== "write" || !column?.generated) continue;
      yield {
        ...named(name, scope.label),
        message:
          `${scope.label}.${name.text} is generated: the database alone writes it`,
      };
    }
  },
};
