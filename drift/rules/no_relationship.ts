import type { Relation } from "../catalog/catalog.ts";
import { type Relationship, relationshipsOf } from "../touch/relationships.ts";
import type { Embed, Touched } from "../touch/touched.ts";
import { known } from "./known.ts";
import { named, type Rule, type Violation } from "./rule.ts";
import { inResult, suggest } from "./suggest.ts";

/** A select string embeds what no foreign key leads to, or a path names what it does not embed. */
export const noRelationship: Rule = {
  code: "no-relationship",
  level: "drift",
  *check(touched) {
    for (const embed of touched.embeds) {
      if (embed.resolution?.kind === "none") yield unrelated(touched, embed);
      if (embed.from === touched.root && returnsNoRows(touched)) {
        yield {
          ...named(embed.target, embed.from.label),
          message:
            `${embed.from.label} returns no table's rows, so that nothing can be embedded`,
        };
      }
    }
    for (const { name, scope } of touched.strays) {
      const embedded = scope.embeds.map((it) => (it.alias ?? it.target).text);
      yield {
        ...named(name, scope.label),
        message: `the select string embeds no "${name.text}" in ${scope.label}`,
        ...suggest(name, embedded),
      };
    }
  },
};

/** A scalar, a record or a composite type. */
function returnsNoRows({ call, root }: Touched): boolean {
  return root.relation === undefined && root.columns !== undefined &&
    call?.matching[0]?.returnsRelation === null;
}

function unrelated(touched: Touched, embed: Embed): Violation {
  const { catalog, schema } = touched;
  const { from, target, hint } = embed;
  const all = from.relation ? relationshipsOf(catalog, from.relation) : [];
  const toTarget = all.filter((it) => it.target.name === target.text);
  if (hint && toTarget.length > 0) {
    return {
      ...named(hint, from.label),
      message:
        `no relationship of ${from.label} with ${target.text} is known by "${hint.text}"`,
      ...suggest(hint, toTarget.flatMap(hints)),
    };
  }
  const names = all.flatMap(targets);
  const written = embed.alias || embed.spread ? undefined : inResult(target);
  const exists = schema?.relations.has(target.text) ?? false;
  return {
    ...named(target, from.label),
    message: (from.relation && hidden(from.relation, embed)) ??
      (exists
        ? `no foreign key joins ${from.label} and ${target.text}`
        : `${from.label} has no relationship "${target.text}"`),
    ...known(touched, `${from.label}.${target.text}`, target, names, written) ??
      known(touched, target.text, target, names, written) ??
      (exists ? {} : suggest(target, names, written)),
  };
}

/** A foreign key that leads out of the API, or to another schema. */
function hidden(from: Relation, { target, hint }: Embed): string | undefined {
  const key = from.foreignKeys.find((it) =>
    it.referencedSchema !== undefined && it.referencedSchema !== from.schema &&
    [target.text, hint?.text].some((word) =>
      word === it.name || (it.columns.length === 1 && word === it.columns[0])
    )
  );
  return key &&
    `${from.name}.${key.columns.join()} refers to ${key.referencedSchema}.${key.referencedRelation}, ` +
      `which cannot be embedded`;
}

function hints(it: Relationship): string[] {
  return it.junction === undefined ? [it.name, ...it.columns] : [it.junction];
}

function targets(it: Relationship): string[] {
  return it.kind === "computed" ? [it.name] : [it.target.name];
}
