import type { Rule } from "./rule.ts";
import { foreignValues } from "./values.ts";

/** A column is given a value its check refuses, or compared with one it can never have. */
export const invalidCheckValue: Rule = {
  code: "invalid-check-value",
  level: "drift",
  check: (touched) => foreignValues(touched, "check"),
};
