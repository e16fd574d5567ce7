import { named, type Rule } from "./rule.ts";

/** The names of a call's arguments fit several overloads: PostgREST refuses with PGRST203. */
export const ambiguousFunction: Rule = {
  code: "ambiguous-function",
  level: "drift",
  *check({ call }) {
    if (!call?.args || call.args.open || call.matching.length < 2) return;
    const forms = call.matching.map((it) =>
      `${it.name}(${
        it.args.map((arg) => `${arg.name} ${arg.type ?? ""}`.trim()).join(", ")
      })`
    );
    yield {
      ...named(call.name, call.name.text),
      message: `the arguments fit ${forms.join(" and ")} alike`,
    };
  },
};
