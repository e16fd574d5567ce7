import type { Catalog, Operation, Schema } from "../catalog/catalog.ts";
import type { Chain, StringValue, Value } from "../code/chain.ts";
import { resultScope, touchCall } from "./call.ts";
import { touchFilter } from "./filters.ts";
import { type Name, optionsOf, propertyOf, stringName } from "./literal.ts";
import { relationScope, touchSelect } from "./select.ts";
import type { Call, Scope, Touched, Unjudged, Writes } from "./touched.ts";
import { Touching } from "./touching.ts";
import { touchConflict, touchWrites } from "./writes.ts";

/** What a chain touches, once for each table it may start from. */
export interface Touches {
  readonly touched: readonly Touched[];
  readonly unjudged: readonly Unjudged[];
}

/** Resolves a chain against the catalog. Nothing is judged here. */
export function touch(chain: Chain, catalog: Catalog): Touches {
  const unjudged: Unjudged[] = [];
  const schema = schemaOf(chain, unjudged);
  const touched: Touched[] = [];
  if (schema === UNKNOWN) return { touched, unjudged };
  for (const option of optionsOf(chain.start.name)) {
    const name = option.kind === "string" ? stringName(option) : undefined;
    if (!name) {
      const what = chain.start.kind === "from" ? "table name" : "function name";
      unjudged.push({ span: option.span, what });
      continue;
    }
    const touching = new Touching(catalog);
    touched.push(resolve(touching, chain, name, schema));
    unjudged.push(...touching.unjudged);
  }
  return { touched, unjudged };
}

const UNKNOWN = Symbol("unknown schema");

function schemaOf(
  chain: Chain,
  unjudged: Unjudged[],
): Name | undefined | typeof UNKNOWN {
  if (!chain.schema) return undefined;
  const name = chain.schema.kind === "string"
    ? stringName(chain.schema)
    : undefined;
  if (name) return name;
  unjudged.push({ span: chain.schema.span, what: "schema name" });
  return UNKNOWN;
}

function resolve(
  touching: Touching,
  chain: Chain,
  name: Name,
  schemaName: Name | undefined,
): Touched {
  const { catalog } = touching;
  const schema = catalog.schemas.get(schemaName?.text ?? "public");
  const isCall = chain.start.kind === "rpc";
  const call = isCall && schema
    ? touchCall(touching, chain, schema, name)
    : undefined;
  const relation = isCall ? undefined : schema?.relations.get(name.text);
  const base = baseScope(schema, call, name);
  const steps = touchSteps(touching, chain, base);
  return {
    catalog,
    chain,
    schema,
    schemaName,
    start: { kind: isCall ? "function" : "relation", name, relation },
    call,
    ...steps,
    columns: touching.columns,
    embeds: touching.embeds,
    syntax: touching.syntax,
    strays: touching.strays,
    byTable: touching.byTable,
    embedOrders: touching.embedOrders,
  };
}

function baseScope(
  schema: Schema | undefined,
  call: Call | undefined,
  name: Name,
): Scope {
  if (schema && call) return resultScope(schema, call);
  return relationScope(schema?.relations.get(name.text), name.text);
}

/** Selects first: they open the scopes that filters name, wherever these stand. */
function touchSteps(
  touching: Touching,
  chain: Chain,
  base: Scope,
): Pick<Touched, "root" | "writes" | "conflict" | "operations"> {
  const operations = new Set<Operation>();
  let root = base;
  for (const step of chain.steps.filter((it) => it.method === "select")) {
    operations.add("select");
    for (const value of selects(touching, step.args[0])) {
      root = value
        ? touchSelect(touching, value, base)
        : { ...base, closed: false };
    }
    if (!step.args[0]) star(touching, chain, base, step.methodSpan);
  }
  let writes: Writes | undefined;
  let conflict: Touched["conflict"];
  for (const step of chain.steps) {
    const { method } = step;
    if (method === "insert" || method === "update" || method === "upsert") {
      writes = touchWrites(touching, step, method, base);
      operations.add(method === "update" ? "update" : "insert");
      if (method === "upsert") {
        conflict = touchConflict(touching, step, base);
        if (!ignoresDuplicates(step.args[1])) operations.add("update");
      }
    }
    if (method === "delete") operations.add("delete");
    touchFilter(touching, step, root);
  }
  return { root, writes, conflict, operations };
}

/** Several forms of one select string leave it open which of their embeds are there. */
function selects(
  touching: Touching,
  value: Value | undefined,
): (StringValue | undefined)[] {
  const options = value ? optionsOf(value) : [];
  const strings = options.map((option) => {
    if (option.kind === "string") return option;
    touching.skip(option.span, "select string");
    return undefined;
  });
  return strings.length > 1 ? [...strings, undefined] : strings;
}

function star(
  touching: Touching,
  chain: Chain,
  base: Scope,
  span: Name["span"],
): void {
  if (chain.start.kind === "rpc") return;
  touching.column(base, { text: "*", span }, {
    role: "select",
    json: undefined,
  });
}

function ignoresDuplicates(options: Value | undefined): boolean {
  const option = propertyOf(options, "ignoreDuplicates");
  return option?.kind === "boolean" && option.value;
}
