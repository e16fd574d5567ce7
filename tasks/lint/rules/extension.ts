import { lineOf, type Rule } from "../script.ts";

/**
 * supautils, which hosted Supabase loads, rewrites the tree of a `create extension`; plpgsql keeps trees,
 * and the server crashes when such a statement runs a second time in one session.
 */
export const extension: Rule = {
  name: "extension",
  find: ({ parts }) =>
    parts.filter((part) => part.isFunction || part.isBlock).flatMap((part) => {
      const still = part.bare.search(/\bcreate\s+extension\b/i);
      if (still >= 0) {
        return [{
          line: lineOf(part, still),
          message:
            "create extension in a body crashes hosted Supabase when it runs again: execute it, after a look at pg_extension",
        }];
      }
      const executed = part.text.search(/\bcreate\s+extension\b/i);
      return executed < 0 || /\bpg_extension\b/.test(part.text) ? [] : [{
        line: lineOf(part, executed),
        message: "create extension without a look at pg_extension before it",
      }];
    }),
};
