import { positionOf } from "./code/position.ts";
import type { Unjudged } from "./touch/touched.ts";

/** One line each, as findings are printed. */
export function listUnjudged(unjudged: readonly Unjudged[]): string {
  return unjudged.map(({ span, what }) => {
    const { line, column } = positionOf(span.source, span.start);
    return `${span.source.file}:${line}:${column} not judged: ${what}`;
  }).join("\n");
}
