import { resultColumn } from "./assemble_columns.ts";
import type {
  Column,
  ComputedRelation,
  Relation,
  Role,
  SqlFunction,
} from "./catalog.ts";
import type { CatalogRows } from "./rows.ts";

type FunctionRow = CatalogRows["functions"][number];
type RelationRow = CatalogRows["relations"][number];

const SINGLE_UNNAMED = ["json", "jsonb", "text", "bytea", "xml"];

/** Functions that PostgREST can call, by schema and name. */
export function assembleFunctions(
  rows: CatalogRows,
  columns: ReadonlyMap<number, ReadonlyMap<string, Column>>,
): ReadonlyMap<string, ReadonlyMap<string, readonly SqlFunction[]>> {
  const byId = new Map(rows.relations.map((row) => [row.id, row]));
  const exposed = new Set(rows.schemas);
  const found = new Map<string, Map<string, SqlFunction[]>>();
  for (const row of rows.functions.filter(isCallable)) {
    const relation = byId.get(row.returns_relation ?? -1);
    const served = relation && !relation.is_composite &&
      exposed.has(relation.schema);
    const schema = found.get(row.schema) ?? new Map<string, SqlFunction[]>();
    found.set(row.schema, schema);
    schema.set(row.name, [...schema.get(row.name) ?? [], {
      schema: row.schema,
      name: row.name,
      args: row.args.map((arg) => ({
        name: arg.name,
        type: arg.type,
        hasDefault: arg.has_default,
        values: arg.labels ?? undefined,
      })),
      returnsRelation: served ? relation.name : null,
      returnsSet: row.returns_set,
      returnsColumns: relation ? columns.get(relation.id) : outputs(row),
      grants: new Set(row.grants.filter(isRole)),
    }]);
  }
  return found;
}

/** What the functions over one relation's row give it (docs.postgrest.org, "Computed Fields"). */
export function computedOf(
  rows: CatalogRows,
  relation: RelationRow,
  byId: ReadonlyMap<number, RelationRow>,
): Pick<Relation, "computed" | "computedRelations"> {
  const computed = new Map<string, Column>();
  const computedRelations = new Map<string, ComputedRelation>();
  for (const row of rows.functions) {
    if (row.args.length !== 1 || row.args[0]?.relation !== relation.id) {
      continue;
    }
    const target = byId.get(row.returns_relation ?? -1);
    if (target && !target.is_composite) {
      computedRelations.set(row.name, {
        schema: target.schema,
        relation: target.name,
        toOne: row.one_row,
      });
    } else if (!row.returns_set) {
      const column = resultColumn(
        row.name,
        row.returns_type,
        row.returns_labels,
      );
      computed.set(row.name, column);
    }
  }
  return { computed, computedRelations };
}

/** PostgREST leaves out functions with unnamed arguments, but for a single one of these types. */
function isCallable(row: FunctionRow): boolean {
  const unnamed = row.args.filter((arg) => arg.name === "");
  const [first] = unnamed;
  if (!first) return true;
  return unnamed.length === 1 && SINGLE_UNNAMED.includes(first.type);
}

/** `returns table (…)` and out arguments. */
function outputs(row: FunctionRow): ReadonlyMap<string, Column> | undefined {
  if (row.outputs.length === 0) return undefined;
  return new Map(
    row.outputs.map((
      it,
    ) => [it.name, resultColumn(it.name, it.type, it.labels)]),
  );
}

const isRole = (text: string): text is Role =>
  text === "anon" || text === "authenticated" || text === "service_role";
