import { named, type Rule } from "./rule.ts";
import { suggest } from "./suggest.ts";

/** `.rpc(…)` names a function that is not there. */
export const unknownFunction: Rule = {
  code: "unknown-function",
  level: "drift",
  *check({ schema, call }) {
    if (!schema || !call || call.overloads.length > 0) return;
    const { text } = call.name;
    yield {
      ...named(call.name, text),
      message: schema.relations.has(text)
        ? `"${text}" is a table or view, which .from() reads, and no function`
        : `there is no function "${text}"`,
      ...suggest(call.name, schema.functions.keys()),
    };
  },
};
