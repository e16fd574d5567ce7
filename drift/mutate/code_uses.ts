import type { Catalog, Relation } from "../catalog/catalog.ts";
import type { ScannedFile } from "../code/chain.ts";
import type { Literal } from "../touch/literal.ts";
import { touch } from "../touch/touch.ts";
import type { Touched } from "../touch/touched.ts";
import { labelOf, type Mutant } from "./mutant.ts";

/**
 * What code uses: what its queries touch, and, so that the gate is not asked what it sees itself, names that
 * stand in a file beside the only table or function in it that has them.
 */
export function usesInCode(
  files: readonly ScannedFile[],
  catalog: Catalog,
): Mutant[] {
  const uses = files.flatMap((file) => [
    ...file.chains.flatMap((chain) => touch(chain, catalog).touched).flatMap((
      it,
    ) => touchedUses(it)),
    ...wordUses(file.text, catalog),
  ]);
  return [...new Map(uses.map((it) => [labelOf(it), it])).values()]
    .toSorted((one, other) => labelOf(one) < labelOf(other) ? -1 : 1);
}

function touchedUses(touched: Touched): Mutant[] {
  const { start, columns, embeds, call, catalog, writes } = touched;
  const uses: Mutant[] = [];
  if (start.relation) uses.push(table(start.relation));
  for (const { scope, name, column, comparison } of columns) {
    if (!scope.relation || !column) continue;
    const { schema, name: object } = scope.relation;
    uses.push({ kind: "column", schema, object, name: name.text });
    uses.push(...labels(catalog, enumOf(column), comparison?.values ?? []));
  }
  for (const { values } of writes?.rows ?? []) {
    for (const [name, { literals }] of values) {
      const column = start.relation?.columns.get(name);
      uses.push(...labels(catalog, enumOf(column), literals));
    }
  }
  for (const { from, resolution } of embeds) {
    if (resolution?.kind !== "one" || !from.relation) continue;
    const { target, name, kind, columns } = resolution.relationship;
    uses.push(table(target));
    if (kind === "computed" || columns.length === 0) continue;
    for (const owner of [from.relation, target]) {
      if (!owner.foreignKeys.some((key) => key.name === name)) continue;
      uses.push({
        kind: "foreign key",
        schema: owner.schema,
        object: owner.name,
        name,
      });
    }
  }
  for (const fn of call?.matching ?? []) {
    uses.push({
      kind: "function",
      schema: fn.schema,
      object: fn.name,
      name: fn.name,
    });
    for (const [name, given] of call?.args?.values ?? []) {
      const arg = fn.args.find((it) => it.name === name);
      if (!arg) continue;
      uses.push({ kind: "argument", schema: fn.schema, object: fn.name, name });
      uses.push(...labels(catalog, enumOf(arg), given.literals));
    }
  }
  return uses;
}

const table = ({ schema, name }: Relation): Mutant => ({
  kind: "table",
  schema,
  object: name,
  name,
});

/** The enum that a column or argument is of, without its schema. */
function enumOf(
  it:
    | { type: string | undefined; values: readonly string[] | undefined }
    | undefined,
): string | undefined {
  if (!it?.values) return undefined;
  return it.type?.split(".").at(-1)?.replaceAll(/["[\]]/g, "");
}

function labels(
  { schemas }: Catalog,
  type: string | undefined,
  values: readonly Literal[],
): Mutant[] {
  if (type === undefined) return [];
  return [...schemas.values()].flatMap(({ name: schema, enums }) =>
    values.flatMap((it) => it.kind === "array" ? it.items : [it])
      .flatMap((it) => it.kind === "string" ? [it.text] : [])
      .filter((label) => enums.get(type)?.includes(label))
      .map((name): Mutant => ({
        kind: "enum value",
        schema,
        object: type,
        name,
      }))
  );
}

/** Files that talk of tables and functions by their names, whether or not a query is seen there. */
function wordUses(text: string, { schemas }: Catalog): Mutant[] {
  const words = new Set(text.match(/\w+/g));
  const started = new Set(
    Array.from(
      text.matchAll(/\.(?:from|rpc|call)\(\s*["'`](\w+)["'`]/g),
      ([, name = ""]) => name,
    ),
  );
  const uses: Mutant[] = [];
  for (const { name: schema, relations, functions } of schemas.values()) {
    const here = [...relations.values()].filter(({ name }) =>
      started.has(name)
    );
    for (const relation of here) uses.push(table(relation));
    for (const name of functions.keys()) {
      if (!started.has(name)) continue;
      uses.push({ kind: "function", schema, object: name, name });
      for (
        const { name: arg } of functions.get(name)?.flatMap(({ args }) =>
          args
        ) ?? []
      ) {
        const others = [...functions].filter(([other, list]) =>
          other !== name && started.has(other) &&
          list.some(({ args }) => args.some((it) => it.name === arg))
        );
        if (arg !== "" && words.has(arg) && others.length === 0) {
          uses.push({ kind: "argument", schema, object: name, name: arg });
        }
      }
    }
  }
  return uses;
}
