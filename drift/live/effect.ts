import { compare, type Difference } from "./compare.ts";
import { effectOf } from "./expression.ts";
import type { Item } from "./inventory.ts";
import { alike } from "./kind.ts";
import { privilegesOf } from "./privileges.ts";

/** An item as far as it has an effect. */
interface Effect {
  readonly item: Item;
  /** Where names count, its name; a function's by the types of its arguments. */
  readonly name: string;
  readonly effect: string;
}

/** What these are called has no effect. */
const NAMELESS: ReadonlySet<string> = new Set([
  "key",
  "index",
  "trigger",
  "policy",
]);

/**
 * Compares by what objects do. Keys, indexes, triggers and policies are the same under any name; expressions under
 * any spelling (`effectOf`); a trigger that stamps `updated_at` by whichever function does it; a grant is what a role
 * may do in all, by itself or by everybody's rights. What differs is told as `compare` tells it.
 */
export function compareByEffect(
  repository: readonly Item[],
  deployed: readonly Item[],
): Difference[] {
  const [here, there] = [effectsIn(repository), effectsIn(deployed)];
  const [inBoth, ofOthers] = [keysOf(here), keysOf(there)];
  const exposed = new Set(exposures(deployed).map(({ name }) => name));
  return compare(
    here.filter((it) => !ofOthers.has(keyOf(it))).map(asItem),
    there.filter((it) => !inBoth.has(keyOf(it))).map(asItem),
    ({ kind, name }) => kind === "grant" && exposed.has(name),
  );
}

const keysOf = (effects: readonly Effect[]) => new Set(effects.map(keyOf));

function keyOf({ item: { kind, owner }, name, effect }: Effect): string {
  return NAMELESS.has(kind)
    ? `${owner} ${effect}`
    : `${kind} ${name} ${effect}`;
}

/** For a comparison by kind and name: what is left has another effect, or none of that name. */
function asItem({ item, name, effect }: Effect): Item {
  return { ...item, name, normalised: effect };
}

function effectsIn(items: readonly Item[]): Effect[] {
  const stamps = new Set(items.filter(isStamp).map(({ name }) => name));
  const others = items.filter(({ kind }) => kind !== "grant");
  // nobody can call a trigger's function
  const triggers = new Set(
    items.filter(isOfTrigger).map(({ name }) => byTypes(name)),
  );
  const grants = privilegesOf(items, byTypes)
    .filter(({ owner }) => owner === null || !triggers.has(owner));
  return [...others, ...grants].map((item) => ({
    item: { ...item, owner: item.owner === null ? null : byTypes(item.owner) },
    name: item.kind === "function" ? byTypes(item.name) : item.name,
    effect: effect(item, stamps),
  }));
}

function effect(item: Item, stamps: ReadonlySet<string>): string {
  const definition = alike(item.definition);
  switch (item.kind) {
    case "column":
      return definition.replace(
        /^(.*?) (default|generated always as) \((.*)\)$/,
        (_, type, what, value) => `${type} ${what} ${effectOf(value)}`,
      );
    case "key":
      return key(definition);
    case "index":
      return index(definition);
    case "policy":
      return policy(definition);
    case "trigger":
      return trigger(definition, stamps);
  }
  return item.normalised;
}

function key(definition: string): string {
  const check = /^CHECK \((.*)\)( NO INHERIT)?( NOT VALID)?$/.exec(definition);
  if (check) {
    const [, expression = "", ...rest] = check;
    return `CHECK (${effectOf(expression)})${rest.join("")}`;
  }
  const columns = /^(UNIQUE|PRIMARY KEY) \(([^()]*)\)$/.exec(definition);
  return columns ? `${columns[1]} (${inOrder(columns[2])})` : definition;
}

/** A unique index of plain columns is a unique key. */
function index(definition: string): string {
  const plain = /^CREATE UNIQUE INDEX \S+ ON \S+ USING btree \(([\w, ]*)\)$/
    .exec(definition);
  if (plain) return `UNIQUE (${inOrder(plain[1])})`;
  const [, head, rest = "", condition] =
    /^(CREATE (?:UNIQUE )?INDEX) \S+ (.*?)(?: WHERE \((.*)\))?$/.exec(
      definition,
    ) ?? [];
  return `${head} ${rest} ${condition ? effectOf(condition) : ""}`.trim();
}

function inOrder(columns = ""): string {
  return columns.split(", ").sort().join(", ");
}

function policy(definition: string): string {
  const [, head = "", using, check] =
    /^(.*? to .*?)(?: using \((.*?)\))?(?: with check \((.*)\))?$/.exec(
      definition,
    ) ?? [];
  const reads = using && effectOf(using);
  // what may be read or changed is what may be written, unless that is said
  const isWriting = /for (?:all|update) /.test(head);
  const writes = check ? effectOf(check) : isWriting ? reads : undefined;
  return [
    head,
    reads ? `using (${reads})` : "",
    writes ? `with check (${writes})` : "",
  ].join(" ");
}

function trigger(definition: string, stamps: ReadonlySet<string>): string {
  return definition
    .replace(/^CREATE (CONSTRAINT )?TRIGGER (?:"[^"]*"|\S+)/, "$1")
    .replace(
      / WHEN \((.*)\) EXECUTE/,
      (_, condition) => ` WHEN (${effectOf(condition)}) EXECUTE`,
    )
    .replace(
      / EXECUTE FUNCTION (\S+\(\))/,
      (call, name) => stamps.has(name) ? " stamps updated_at" : call,
    )
    .trim();
}

/** Whether a function does nothing but stamp `updated_at`. */
function isStamp({ kind, definition }: Item): boolean {
  return kind === "function" &&
    /begin\s+new\.updated_at\s*:?=\s*(?:now\(\)|current_timestamp)\s*;\s*return new;\s*end/i
      .test(definition);
}

function isOfTrigger({ kind, definition }: Item): boolean {
  return kind === "function" &&
    /\n ?RETURNS (?:event_)?trigger\n/.test(definition);
}

/**
 * What of a project's other parts a visitor can use to get past row level security: functions that run with their
 * owner's rights, and tables without it.
 */
function exposures(deployed: readonly Item[]): Item[] {
  const open = new Set(
    deployed.filter(({ kind, definition }) =>
      kind === "function"
        ? /\n ?(?:[A-Z]+ )*SECURITY DEFINER/.test(definition)
        : kind === "table" && definition.startsWith("row level security off")
    ).map(({ name }) => byTypes(name)),
  );
  return privilegesOf(deployed, byTypes).filter(({ name, owner }) =>
    name.endsWith(" to anon") && owner !== null && open.has(byTypes(owner))
  );
}

/** Types whose name begins with a word that is no type. */
const LONG_TYPE =
  /^(?:double precision|character varying|bit varying|(?:timestamp|time)(?:\(\d\))? with)/;

/** A function's name with the types of its arguments alone: what they are called does not tell it from others. */
export function byTypes(name: string): string {
  const [, head, list] = /^(.*?)\((.*)\)$/.exec(name) ?? [];
  if (head === undefined || !list) return name;
  const types = list.split(", ").map((argument) => {
    const type = argument.replace(/^(?:IN|INOUT|VARIADIC) /, "");
    if (LONG_TYPE.test(type)) return type;
    return /^(?:"[^"]*"|\S+) (.+)$/.exec(type)?.[1] ?? type;
  });
  return `${head}(${types.join(", ")})`;
}
