import type { Touched } from "../touch/touched.ts";
import { meetings, texts } from "./literals.ts";
import { named, type Violation } from "./rule.ts";
import { suggest } from "./suggest.ts";

const SHOWN = 8;

/** Literals that are none of the values of an enum, or of a check. */
export function* foreignValues(
  touched: Touched,
  from: "enum" | "check",
): Generator<Violation> {
  for (const meeting of meetings(touched)) {
    const { slot } = meeting;
    if (slot.valuesFrom !== from || !slot.values) continue;
    for (const literal of texts(meeting)) {
      if (slot.values.includes(literal.text)) continue;
      yield {
        ...named(literal, slot.table),
        message: `${slot.label} takes ${
          listed(slot.values)
        }, never "${literal.text}"`,
        ...suggest(literal, slot.values),
      };
    }
  }
}

function listed(values: readonly string[]): string {
  const shown = values.slice(0, SHOWN).map((value) => `"${value}"`);
  const more = values.length - SHOWN;
  return shown.join(", ") + (more > 0 ? ` and ${more} more` : "");
}
