import type { Rule } from "./rule.ts";

/** A filter's, order's or `or` string is not what PostgREST's grammar allows. */
export const invalidFilter: Rule = {
  code: "invalid-filter",
  level: "drift",
  *check({ syntax, start }) {
    for (const { what, span, text, message } of syntax) {
      if (what !== "filter") continue;
      yield {
        span,
        table: start.name.text,
        name: text,
        message: `"${text}" cannot be read: ${message}`,
      };
    }
  },
};
