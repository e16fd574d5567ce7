import type { Literal, Name } from "../touch/literal.ts";
import type { Comparison, Touched } from "../touch/touched.ts";

/** What a place that takes a value is known by. */
export interface Slot {
  /** The table or function. */
  readonly table: string;
  /** As a person would name it: `profiles.status`, `f(p_status)`. */
  readonly label: string;
  readonly name: string;
  readonly type: string | undefined;
  readonly values: readonly string[] | undefined;
  readonly valuesFrom: "enum" | "check" | undefined;
}

/** Literals, and the place that takes them. */
export interface Meeting {
  readonly slot: Slot;
  readonly literals: readonly Literal[];
  /** Undefined when they are written, or given to a function. */
  readonly comparison: Comparison | undefined;
}

/** Everywhere a column or an argument meets literals: rows, filters, calls. */
export function* meetings(touched: Touched): Generator<Meeting> {
  for (const use of touched.columns) {
    if (!use.column || use.json || !use.comparison) continue;
    const slot = slotOf(use.scope.label, use.column);
    yield { slot, literals: use.comparison.values, comparison: use.comparison };
  }
  for (const row of touched.writes?.rows ?? []) {
    for (const { name, literals } of row.values.values()) {
      const column = touched.root.columns?.get(name.text);
      if (!column) continue;
      const slot = slotOf(touched.root.label, column);
      yield { slot, literals, comparison: undefined };
    }
  }
  yield* callMeetings(touched);
}

function slotOf(
  table: string,
  column: Omit<Slot, "table" | "label">,
): Slot {
  const { name, type, values, valuesFrom } = column;
  return { table, label: `${table}.${name}`, name, type, values, valuesFrom };
}

function* callMeetings({ call }: Touched): Generator<Meeting> {
  const [first, ...others] = call?.matching ?? [];
  if (!call || !first || others.length > 0) return;
  for (const arg of first.args) {
    const literals = call.args?.values.get(arg.name)?.literals;
    if (!literals) continue;
    const slot = {
      table: call.name.text,
      label: `${call.name.text}(${arg.name})`,
      name: arg.name,
      type: arg.type,
      values: arg.values,
      valuesFrom: arg.values && "enum" as const,
    };
    yield { slot, literals, comparison: undefined };
  }
}

/** Texts a closed list of values has to hold: not those of patterns, nor what a search looks for. */
export function* texts(meeting: Meeting): Generator<Name> {
  const { comparison, literals, slot } = meeting;
  const kind = comparison?.kind ?? "comparison";
  const isArray = slot.type?.endsWith("[]");
  if (
    kind === "container" ? !isArray : kind !== "comparison" && kind !== "list"
  ) {
    return;
  }
  for (const literal of literals) {
    if (literal.kind === "array") {
      if (!isArray) continue;
      for (const item of literal.items) {
        if (item.kind === "string") yield item;
      }
    }
    if (literal.kind === "string" && !isArray) yield literal;
  }
}
