/** The operators of PostgREST (docs.postgrest.org, "Operators"), by what their value is. */
export const OPERATORS: ReadonlyMap<string, OperatorKind> = new Map([
  ["eq", "comparison"],
  ["neq", "comparison"],
  ["gt", "comparison"],
  ["gte", "comparison"],
  ["lt", "comparison"],
  ["lte", "comparison"],
  ["isdistinct", "comparison"],
  ["like", "pattern"],
  ["ilike", "pattern"],
  ["match", "pattern"],
  ["imatch", "pattern"],
  ["in", "list"],
  ["is", "is"],
  ["fts", "search"],
  ["plfts", "search"],
  ["phfts", "search"],
  ["wfts", "search"],
  ["cs", "container"],
  ["cd", "container"],
  ["ov", "container"],
  ["sl", "range"],
  ["sr", "range"],
  ["nxr", "range"],
  ["nxl", "range"],
  ["adj", "range"],
]);

export type OperatorKind =
  | "comparison"
  | "pattern"
  | "list"
  | "is"
  | "search"
  | "container"
  | "range";

/** `eq`, `like(any)`, `fts(english)`, without what stands in brackets; undefined when there is none. */
export function operatorKind(operator: string): OperatorKind | undefined {
  return OPERATORS.get(operator.replace(/\([^()]*\)$/, ""));
}
