import { mismatch } from "./arguments.ts";
import { named, type Rule } from "./rule.ts";

/** A call gives an argument that the function does not have. */
export const unknownArgument: Rule = {
  code: "unknown-argument",
  level: "drift",
  *check(touched) {
    const found = mismatch(touched);
    for (const { name, suggestion } of found?.unknown ?? []) {
      const { text } = touched.start.name;
      yield {
        ...named(name, text),
        message: `${text}() has no argument "${name.text}"`,
        ...suggestion,
      };
    }
  },
};
