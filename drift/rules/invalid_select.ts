import type { Rule } from "./rule.ts";

/** A select string is not what PostgREST's grammar allows. */
export const invalidSelect: Rule = {
  code: "invalid-select",
  level: "drift",
  *check({ syntax, start }) {
    for (const { what, span, text, message } of syntax) {
      if (what !== "select") continue;
      yield {
        span,
        table: start.name.text,
        name: text,
        message: `the select string cannot be read: ${message}`,
      };
    }
  },
};
