import type { Relation } from "../catalog/catalog.ts";
import type { Step } from "../code/chain.ts";
import { propertyOf } from "../touch/literal.ts";
import type { Touched } from "../touch/touched.ts";
import { named, type Rule } from "./rule.ts";

const BOUNDS = new Set(["limit", "range", "single", "maybeSingle", "explain"]);

/** A test knows how many rows it has made. */
const TEST = /(^|\/)(tests?|__tests__|e2e)\/|[._](test|spec)\.[cm]?[jt]sx?$/;

/** A list without limit or range, which PostgREST cuts at its max_rows, 1,000 on Supabase. */
export const unboundedSelect: Rule = {
  code: "unbounded-select",
  level: "advice",
  *check(touched) {
    const { chain, operations, start } = touched;
    const { relation } = start;
    if (!relation || operations.size !== 1 || !operations.has("select")) return;
    if (chain.steps.some(isBound) || selectsUnique(touched, relation)) return;
    if (
      touched.columns.length === 0 || TEST.test(start.name.span.source.file)
    ) {
      return;
    }
    yield {
      ...named(start.name, relation.name),
      message:
        `this list of ${relation.name} has no limit or range: it is cut at 1,000 rows`,
    };
  },
};

/** A bound of the embedded rows is none of the list. */
function isBound(step: Step): boolean {
  if (BOUNDS.has(step.method)) {
    return !step.args.some((arg) =>
      propertyOf(arg, "referencedTable") ?? propertyOf(arg, "foreignTable")
    );
  }
  const head = step.method === "select"
    ? propertyOf(step.args[1], "head")
    : undefined;
  return head !== undefined && !(head.kind === "boolean" && !head.value);
}

/** Equality with a whole unique key gives as many rows as there are values. */
function selectsUnique(
  { columns, root }: Touched,
  relation: Relation,
): boolean {
  const equal = columns.filter(({ scope, comparison, json }) =>
    scope === root && !json &&
    (comparison?.operator === "eq" || comparison?.operator === "in")
  ).map((use) => use.name.text);
  const keys = relation.uniqueKeys ?? [["id"]];
  return keys.some((key) => key.every((column) => equal.includes(column)));
}
