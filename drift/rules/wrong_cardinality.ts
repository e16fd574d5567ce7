import type { ReadStep } from "../code/chain.ts";
import type { Embed, Scope, Touched } from "../touch/touched.ts";
import type { Rule, Violation } from "./rule.ts";
import { named } from "./rule.ts";

/** The code reads an embed as one row where it is a list, or the other way round. */
export const wrongCardinality: Rule = {
  code: "wrong-cardinality",
  level: "drift",
  *check(touched) {
    yield* judgeReads(touched);
    for (const { name, embed } of touched.embedOrders) {
      if (toOne(embed) !== false) continue;
      yield {
        ...named(name, embed.from.label),
        message:
          `${name.text} is a list: ${embed.from.label} cannot be ordered by a column of it`,
      };
    }
  },
};

/** What the reads of one embed show; code that tries both ways shows nothing. */
type Evidence = Map<Embed, { one: ReadStep[]; many: ReadStep[] }>;

function* judgeReads({ chain, root }: Touched): Generator<Violation> {
  const evidence: Evidence = new Map();
  if (root.closed) {
    for (const { path } of chain.result.reads) follow(path, root, evidence);
  }
  for (const [embed, { one, many }] of evidence) {
    if (one.length > 0 && many.length > 0) continue;
    const wrong = toOne(embed) ? many : one;
    const label = (embed.alias ?? embed.target).text;
    for (const step of wrong) {
      yield {
        span: step.span,
        table: embed.from.label,
        name: step.name,
        message: toOne(embed)
          ? `${label} is one row of ${embed.scope.label}, and no list`
          : `${label} is a list of ${embed.scope.label}, and has no "${step.name}"`,
      };
    }
  }
}

function follow(
  path: readonly ReadStep[],
  root: Scope,
  evidence: Evidence,
): void {
  let scope = root;
  let embed: Embed | undefined;
  for (const step of path) {
    if (embed) {
      const seen = evidence.get(embed) ?? { one: [], many: [] };
      evidence.set(embed, seen);
      (step.via === "element" ? seen.many : seen.one).push(step);
      scope = embed.scope;
      const isMany = toOne(embed) === false;
      embed = undefined;
      if (isMany !== (step.via === "element")) return;
    }
    if (step.via === "element") continue;
    embed = outputs(scope).get(step.name);
    if (!embed || toOne(embed) === undefined) return;
  }
}

/** Embeds by the name they have in the result. */
function outputs(scope: Scope): Map<string, Embed> {
  return new Map(
    scope.embeds.filter((it) => !it.spread)
      .map((it) => [(it.alias ?? it.target).text, it]),
  );
}

function toOne({ resolution }: Embed): boolean | undefined {
  return resolution?.kind === "one" ? resolution.relationship.toOne : undefined;
}
