import type { Relationship } from "../touch/relationships.ts";
import { named, type Rule } from "./rule.ts";

/** Several foreign keys lead to what is embedded, and no hint chooses one: PGRST201. */
export const ambiguousRelationship: Rule = {
  code: "ambiguous-relationship",
  level: "drift",
  *check({ embeds }) {
    for (const { resolution, from, target } of embeds) {
      if (resolution?.kind !== "ambiguous") continue;
      const choices = resolution.relationships.map((it) => choice(it));
      yield {
        ...named(target, from.label),
        message:
          `${from.label} and ${target.text} are related in ${choices.length} ways: ` +
          `write ${choices.join(" or ")}`,
      };
    }
  },
};

function choice(it: Relationship): string {
  return `${it.target.name}!${it.junction ?? it.name}`;
}
