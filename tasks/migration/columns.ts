import type { Item } from "../../drift/live/inventory.ts";
import { bare } from "./objects.ts";

const GENERATED = / generated always as \(.*\)$/s;

/** Whether rows get the column's value by the table being written anew. */
export function isGenerated(definition: string): boolean {
  return GENERATED.test(definition);
}

/** A column's definition as an inventory has it, as `create table` takes it. */
export function declared(definition: string): string {
  return isGenerated(definition) ? `${definition} stored` : definition;
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
