import type { Operation, Relation, Role } from "../catalog/catalog.ts";
import type { ColumnUse, Touched } from "../touch/touched.ts";
import { named, type Rule, type Violation } from "./rule.ts";

/** Every role the client may have here lacks the grant: Postgres refuses with 42501. */
export const notGranted: Rule = {
  code: "not-granted",
  level: "drift",
  *check(touched) {
    const { roles } = touched.chain.client;
    if (roles.length === 0) return;
    yield* onFunction(touched, roles);
    yield* onTable(touched, roles);
    for (const use of touched.columns) yield* onColumn(touched, use, roles);
  },
};

function* onFunction(
  { call }: Touched,
  roles: readonly Role[],
): Generator<Violation> {
  const [first, ...others] = call?.matching ?? [];
  if (!call || !first?.grants || others.length > 0) return;
  const { grants } = first;
  if (roles.some((role) => grants.has(role))) return;
  yield {
    ...named(call.name, call.name.text),
    message: `${roles.join(" and ")} may not execute ${call.name.text}()`,
  };
}

/** Nothing of the table is granted for the operation: said once. */
function* onTable(
  touched: Touched,
  roles: readonly Role[],
): Generator<Violation> {
  const { relation, name } = touched.start;
  if (!relation?.grants) return;
  for (const operation of touched.operations) {
    if (roles.some((role) => granted(relation, role, operation).size > 0)) {
      continue;
    }
    yield {
      ...named(name, relation.name),
      message: `${roles.join(" and ")} may not ${operation} ${relation.name}`,
    };
  }
}

function* onColumn(
  touched: Touched,
  use: ColumnUse,
  roles: readonly Role[],
): Generator<Violation> {
  const { relation } = use.scope;
  if (!relation?.grants || isResult(touched, use)) return;
  const isStar = use.name.text === "*";
  if (!isStar && !relation.columns.has(use.name.text)) return;
  const wanted = isStar ? [...relation.columns.keys()] : [use.name.text];
  for (const operation of operationsOf(touched, use)) {
    const sets = roles.map((role) => granted(relation, role, operation));
    const isRoot = relation === touched.start.relation;
    if (isRoot && sets.every((set) => set.size === 0)) continue;
    if (sets.some((set) => wanted.every((column) => set.has(column)))) continue;
    const what = isStar
      ? missing(relation, wanted, sets)
      : `${relation.name}.${use.name.text}`;
    yield {
      ...named(use.name, relation.name),
      message: `${roles.join(" and ")} may not ${operation} ${what}`,
    };
  }
}

/** A function's result is checked with the function. */
function isResult({ start, root }: Touched, { scope }: ColumnUse): boolean {
  return start.kind === "function" && scope.label === root.label;
}

function operationsOf(touched: Touched, { role }: ColumnUse): Operation[] {
  if (role !== "write") return ["select"];
  const writes = ["insert", "update"] as const;
  return writes.filter((operation) => touched.operations.has(operation));
}

function granted(
  relation: Relation,
  role: Role,
  operation: Operation,
): ReadonlySet<string> {
  return relation.grants?.get(role)?.get(operation) ?? new Set();
}

function missing(
  relation: Relation,
  wanted: readonly string[],
  sets: readonly ReadonlySet<string>[],
): string {
  if (sets.every((set) => set.size === 0)) return relation.name;
  const without = wanted.filter((column) =>
    !sets.some((set) => set.has(column))
  );
  return `all of ${relation.name}: not ${
    without.join(", ") || "with one role"
  }`;
}
