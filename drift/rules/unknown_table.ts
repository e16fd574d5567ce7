import { known } from "./known.ts";
import { named, type Rule } from "./rule.ts";
import { suggest } from "./suggest.ts";

/** `.from(…)` names a table or view that is not there. */
export const unknownTable: Rule = {
  code: "unknown-table",
  level: "drift",
  *check(touched) {
    const { schema, start } = touched;
    if (!schema || start.kind !== "relation" || start.relation) return;
    const { text } = start.name;
    const names = [...schema.relations.keys()];
    const isFunction = schema.functions.has(text);
    yield {
      ...named(start.name, text),
      message: isFunction
        ? `"${text}" is a function, which .rpc() calls, and no table or view`
        : `there is no table or view "${text}"`,
      ...known(touched, text, start.name, names) ??
        suggest(start.name, names),
    };
  },
};
