import { named, type Rule } from "./rule.ts";

/** A filter, order or limit names an embed by its table, where the select string gives it an alias. */
export const embedByTable: Rule = {
  code: "embed-by-table",
  level: "advice",
  *check({ byTable }) {
    for (const { name, embed } of byTable) {
      if (!embed.alias) continue;
      const alias = embed.alias.text;
      yield {
        ...named(name, embed.from.label),
        message:
          `the select string calls ${embed.target.text} "${alias}": its table's name is deprecated here`,
        suggestion: alias,
        fix: { span: name.span, text: alias },
      };
    }
  },
};
