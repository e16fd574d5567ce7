import type { Relation } from "../catalog/catalog.ts";
import type { StringValue } from "../code/chain.ts";
import { HOLE } from "../postgrest/cursor.ts";
import {
  parseSelect,
  type SelectEmbed,
  type SelectItem,
} from "../postgrest/select.ts";
import { resolveEmbed } from "./relationships.ts";
import type { Embed, Scope } from "./touched.ts";
import type { Touching } from "./touching.ts";

/** Reads one select string into the scope it opens, and notes every column and embed. */
export function touchSelect(
  touching: Touching,
  value: StringValue,
  root: Scope,
): Scope {
  const parsed = parseSelect(value.value);
  const items = touching.parsed(value, "select", parsed);
  if (!items) return { ...root, closed: false };
  return level(touching, value, items, root);
}

function level(
  touching: Touching,
  value: StringValue,
  items: readonly SelectItem[],
  base: Scope,
): Scope {
  const embeds: Embed[] = [];
  const scope: Scope = {
    ...base,
    embeds,
    closed: base.closed && !items.some(hasHole),
  };
  for (const item of items) {
    if (item.kind === "embed") {
      const embed = embedded(touching, value, item, scope);
      if (embed) embeds.push(embed);
    }
    if (item.kind === "star") {
      const name = {
        text: "*",
        span: value.slice(item.star.start, item.star.end),
      };
      touching.column(scope, name, { role: "select", json: undefined });
    }
    if (item.kind === "field") {
      const name = touching.name(value, item.name, "column");
      if (!name || isCount(item, scope)) continue;
      const isOutput = !item.alias && !item.path && !item.aggregate;
      touching.column(scope, name, {
        role: "select",
        json: item.path,
        isOutput,
      });
    }
  }
  touching.embeds.push(...embeds);
  return scope;
}

function embedded(
  touching: Touching,
  value: StringValue,
  item: SelectEmbed,
  from: Scope,
): Embed | undefined {
  const target = touching.name(value, item.target, "embed");
  const alias = item.alias && touching.name(value, item.alias, "embed");
  const hint = item.hint && touching.name(value, item.hint, "hint");
  const known = target && (hint !== undefined || item.hint === undefined);
  const resolution = known && from.relation && from.columns
    ? resolveEmbed(touching.catalog, from.relation, target.text, hint?.text)
    : undefined;
  const relation = resolution?.kind === "one"
    ? resolution.relationship.target
    : undefined;
  const scope = level(
    touching,
    value,
    item.items,
    relationScope(relation, target?.text ?? ""),
  );
  if (!target) return undefined;
  return { from, target, alias, hint, spread: item.spread, resolution, scope };
}

/** The scope of all a relation has; of nothing when it is not known. */
export function relationScope(
  relation: Relation | undefined,
  label: string,
): Scope {
  return {
    label: relation?.name ?? label,
    relation,
    columns: relation?.columns,
    embeds: [],
    closed: true,
  };
}

/** `posts(count)` counts the rows, unless there is a column of that name. */
function isCount(
  item: Extract<SelectItem, { kind: "field" }>,
  scope: Scope,
): boolean {
  return item.name.text === "count" && !scope.columns?.has("count");
}

function hasHole(item: SelectItem): boolean {
  if (item.kind === "field") return item.name.text.includes(HOLE);
  return item.kind === "embed" && item.target.text.includes(HOLE);
}
