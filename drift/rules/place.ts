import type { Chain, Span, Value } from "../code/chain.ts";

/**
 * Where in its query a finding stands: at the argument that brings it there, when what is wrong is written
 * elsewhere, as in a constant, a row that is made before, or a call of the helper around the query.
 * Undefined when it stands in the query itself.
 */
export function placeInQuery(
  { start, steps }: Chain,
  span: Span,
): Span | undefined {
  const given = [
    { values: [start.name, ...start.args ? [start.args] : []], ...start },
    ...steps.map(({ args, argSpans }) => ({ values: args, argSpans })),
  ];
  return placeIn(given, span);
}

/** Arguments of a call: what they are, and where they stand in it. */
export interface Given {
  readonly values: readonly Value[];
  readonly argSpans: readonly Span[];
}

/** The same among the arguments of calls. */
export function placeIn(given: readonly Given[], span: Span): Span | undefined {
  const spans = given.flatMap(({ argSpans }) => argSpans);
  if (spans.some((argument) => within(span, argument))) return undefined;
  for (const { values, argSpans } of given) {
    for (const [index, value] of values.entries()) {
      const argument = argSpans[index];
      if (argument && reaches(value, span)) {
        return nearest(value, span, argument);
      }
    }
  }
  return undefined;
}

/** Of a row that is written in the call, the property. */
function nearest(value: Value, span: Span, argument: Span): Span {
  if (!within(value.span, argument)) return argument;
  if (value.kind === "object") {
    const property = value.properties.find((it) => reaches(it.value, span));
    return property && within(property.keySpan, argument)
      ? nearest(property.value, span, property.keySpan)
      : argument;
  }
  const items = value.kind === "array"
    ? value.items
    : value.kind === "oneOf"
    ? value.options
    : [];
  const item = items.find((it) => reaches(it, span));
  return item ? nearest(item, span, argument) : argument;
}

/** Whether a value brings what is written at a place. */
function reaches(value: Value, span: Span): boolean {
  switch (value.kind) {
    case "string":
      return (value.parts ?? [value.span]).some((part) => within(span, part));
    case "oneOf":
      return value.options.some((option) => reaches(option, span));
    case "array":
      return within(span, value.span) ||
        value.items.some((item) => reaches(item, span));
    case "object":
      return within(span, value.span) ||
        value.properties.some((property) =>
          within(span, property.keySpan) || reaches(property.value, span)
        );
    default:
      return within(span, value.span);
  }
}

function within(inner: Span, outer: Span): boolean {
  return inner.source === outer.source && inner.start >= outer.start &&
    inner.end <= outer.end;
}
