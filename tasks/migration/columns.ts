import type { Item } from "../../drift/live/inventory.ts";
import { bare } from "./objects.ts";

const GENERATED = / generated always as \(.*\)$/s;

/**
 * Whether the table may be written anew so that its rows get the column's value: always for one that is generated,
 * and for a default when it differs by row, which only literals and the time are known not to do.
 */
export function mayRewrite(definition: string): boolean {
  return / generated (?:always|by default) as /.test(definition) ||
    / default (?!now\(\)$).*\)$/s.test(added(definition));
}

/** A column's definition as an inventory has it, as `create table` takes it. */
export function declared(definition: string): string {
  return GENERATED.test(definition) ? `${definition} stored` : definition;
}

/**
 * The same as `add column` takes it. A default that is a literal stands as one: squawk takes a cast in
 * parentheses for an expression, which would write the table anew.
 */
export function added(definition: string): string {
  const [, before = "", value = ""] =
    /^(.*?) default \((.*)\)$/s.exec(definition) ?? [];
  const plain = literal(value, before.replace(/ not null$/, ""));
  return plain === undefined
    ? declared(definition)
    : `${before} default ${plain}`;
}

/** A literal without its cast, where that is to the column's own type; a call without arguments as it is. */
function literal(value: string, type: string): string | undefined {
  const [, text, cast] = /^(e?'(?:[^']|'')*')::([^']+)$/i.exec(value) ?? [];
  if (text !== undefined) {
    return cast === type.replace(/\([\d,]+\)/, "") ? text : undefined;
  }
  return /^(?:-?[\d.]+|true|false|[\w.]+\(\))$/.test(value) ? value : undefined;
}

/** The columns of a table, as `create table` takes them. */
export function columnsOf(table: string, inventory: readonly Item[]): string[] {
  return inventory.filter(({ kind, owner }) =>
    kind === "column" && bare(owner ?? "") === table
  ).map(({ name, owner, definition }) =>
    `${name.slice((owner ?? "").length + 1)} ${declared(definition)}`
  );
}

/** Those that a generated column is made from. */
export function sourcesOf(
  definition: string,
  columns: readonly string[],
): string[] {
  const [expression = ""] = GENERATED.exec(definition) ?? [];
  const words = new Set(expression.match(/"[^"]+"|\w+/g));
  return columns.filter((column) => {
    const [name = ""] = /^(?:"[^"]+"|\w+)/.exec(column) ?? [];
    return words.has(name) && !column.includes(expression);
  });
}
