import { mismatch } from "./arguments.ts";
import type { Rule } from "./rule.ts";

/** A call leaves out an argument that has no default. */
export const missingArgument: Rule = {
  code: "missing-argument",
  level: "drift",
  *check(touched) {
    const found = mismatch(touched);
    for (const { name } of found?.missing ?? []) {
      const { text, span } = touched.start.name;
      yield {
        span,
        table: text,
        name,
        message: `${text}() is called without "${name}", which has no default`,
      };
    }
  },
};
