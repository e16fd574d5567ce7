import { known } from "./known.ts";
import { named, type Rule } from "./rule.ts";
import { suggest } from "./suggest.ts";

/** `.rpc(…)` names a function that is not there. */
export const unknownFunction: Rule = {
  code: "unknown-function",
  level: "drift",
  *check(touched) {
    const { schema, call } = touched;
    if (!schema || !call || call.overloads.length > 0) return;
    const { text } = call.name;
    const names = [...schema.functions.keys()];
    yield {
      ...named(call.name, text),
      message: schema.relations.has(text)
        ? `"${text}" is a table or view, which .from() reads, and no function`
        : `there is no function "${text}"`,
      ...known(touched, text, call.name, names) ?? suggest(call.name, names),
    };
  },
};
