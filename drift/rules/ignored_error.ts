import type { Rule } from "./rule.ts";

/** The `error` of a call is neither read nor thrown: supabase-js returns it and goes on. */
export const ignoredError: Rule = {
  code: "ignored-error",
  level: "advice",
  *check({ chain, start }) {
    if (chain.result.error !== "ignored") return;
    if (chain.steps.some((step) => step.method === "throwOnError")) return;
    yield {
      span: chain.start.span,
      table: start.name.text,
      name: "error",
      message:
        `the error of this call on ${start.name.text} is neither read nor thrown`,
    };
  },
};
