import type { Rule } from "./rule.ts";
import { foreignValues } from "./values.ts";

/** An enum is given, or compared with, a value it does not have: Postgres refuses with 22P02. */
export const invalidEnumValue: Rule = {
  code: "invalid-enum-value",
  level: "drift",
  check: (touched) => foreignValues(touched, "enum"),
};
