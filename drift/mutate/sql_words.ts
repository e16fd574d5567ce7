import type { Body } from "./sql_bodies.ts";
import type { Objects } from "./sql_objects.ts";

export type Table = Objects["tables"][number];

/** Whether a text has what a pattern says, in any case. */
export function has(text: string, pattern: string): boolean {
  return new RegExp(pattern, "i").test(text);
}

/** Whether a trigger hangs the body on the table. */
export function isHung({ schema, name }: Table, { tables }: Body): boolean {
  return tables.some((it) => it.schema === schema && it.name === name);
}

/** The arguments of each call, those of calls in them left out. */
export function callsOf(code: string, name: string): string[] {
  return Array.from(
    code.matchAll(new RegExp(`(?<![\\w.])${name}\\s*\\(`, "gi")),
    (found) => {
      let depth = 1;
      let own = "";
      for (
        let at = found.index + found[0].length;
        at < code.length && depth > 0;
        at++
      ) {
        const character = code[at] ?? "";
        if (character === ")") depth--;
        if (depth === 1) own += character;
        if (character === "(") depth++;
      }
      return own;
    },
  );
}
