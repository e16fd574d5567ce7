import type { Schema, SqlFunction } from "../catalog/catalog.ts";
import type { Chain, Value } from "../code/chain.ts";
import type { Name } from "./literal.ts";
import { relationScope } from "./select.ts";
import type { Call, Row, Scope } from "./touched.ts";
import type { Touching } from "./touching.ts";
import { rowsOf } from "./writes.ts";

/** Finds the functions a call may mean, by PostgREST's rules. */
export function touchCall(
  touching: Touching,
  chain: Chain,
  schema: Schema,
  name: Name,
): Call {
  const overloads = schema.functions.get(name.text) ?? [];
  const args = argumentsOf(touching, chain.start.args, name);
  const named = overloads.filter((it) => args && fits(it, args));
  const unnamed = overloads.filter(takesWholeBody);
  const matching = named.length > 0 ? named : unnamed;
  return { name, overloads, args, matching };
}

/** What a select string and filters after `.rpc(…)` see. */
export function resultScope(schema: Schema, call: Call): Scope {
  const [first, ...others] = call.matching.length > 0
    ? call.matching
    : call.overloads;
  if (!first || others.length > 0) {
    return relationScope(undefined, call.name.text);
  }
  const relation = schema.relations.get(first.returnsRelation ?? "");
  return {
    ...relationScope(relation, call.name.text),
    columns: first.returnsColumns ?? relation?.columns,
  };
}

/** Whether the arguments are some of the function's, with all that have no default. */
function fits(it: SqlFunction, args: Row): boolean {
  const names = new Set(it.args.map((arg) => arg.name));
  const required = it.args.filter((arg) => !arg.hasDefault);
  return [...args.values.keys()].every((name) => names.has(name)) &&
    (args.open || required.every((arg) => args.values.has(arg.name)));
}

/** A single unnamed argument takes the whole body. */
export function takesWholeBody(it: SqlFunction): boolean {
  const [only, ...others] = it.args;
  return only?.name === "" && others.length === 0 &&
    /^jsonb?$/.test(only.type ?? "");
}

function argumentsOf(
  touching: Touching,
  value: Value | undefined,
  name: Name,
): Row | undefined {
  if (!value) {
    return { span: name.span, values: new Map(), open: false, list: undefined };
  }
  const [row, ...others] = rowsOf(touching, value);
  return others.length === 0 ? row : undefined;
}
