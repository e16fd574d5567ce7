import type { Argument, SqlFunction } from "../catalog/catalog.ts";
import { takesWholeBody } from "../touch/call.ts";
import type { Call, Given, Touched } from "../touch/touched.ts";
import { known } from "./known.ts";
import { inProperty, suggest, type Suggestion } from "./suggest.ts";

/** What stands between a call and the overload that is nearest to it. */
export interface Mismatch {
  readonly call: Call;
  readonly unknown: readonly (Given & { suggestion: Suggestion })[];
  readonly missing: readonly Argument[];
}

/** Undefined when the call fits, or its arguments are not known. */
export function mismatch(touched: Touched): Mismatch | undefined {
  const { call } = touched;
  const args = call?.args;
  if (!call || !args || call.matching.length > 0) return undefined;
  const [nearest] = call.overloads
    .filter((it) => !takesWholeBody(it))
    .map((it) => differences(it, args.values, args.open))
    .sort((a, b) =>
      a.unknown.length + a.missing.length - b.unknown.length - b.missing.length
    );
  if (!nearest) return undefined;
  const unused = nearest.names.filter((name) => !args.values.has(name));
  const [absent, ...others] = nearest.missing;
  const only = nearest.unknown.length === 1 && others.length === 0;
  const unknown = nearest.unknown.map((given) => {
    const { name, property } = given;
    const key = `${call.name.text}.${name.text}`;
    const written = inProperty(name, property);
    return {
      ...given,
      // what is left out is what an unknown one stands for, however it is called
      suggestion: {
        ...(only && absent ? { suggestion: absent.name } : {}),
        ...known(touched, key, name, unused, written) ??
          suggest(name, unused, written),
      },
    };
  });
  const meant = new Set(unknown.map((it) => it.suggestion.suggestion));
  const missing = nearest.missing.filter((arg) => !meant.has(arg.name));
  return { call, unknown, missing };
}

function differences(
  it: SqlFunction,
  values: ReadonlyMap<string, Given>,
  open: boolean,
) {
  const names = it.args.map((arg) => arg.name);
  return {
    names,
    unknown: [...values.values()].filter((given) =>
      !names.includes(given.name.text)
    ),
    missing: open
      ? []
      : it.args.filter((arg) => !arg.hasDefault && !values.has(arg.name)),
  };
}
