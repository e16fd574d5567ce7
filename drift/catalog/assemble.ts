import { assembleColumns } from "./assemble_columns.ts";
import { assembleFunctions, computedOf } from "./assemble_functions.ts";
import type {
  Catalog,
  Column,
  ForeignKey,
  Operation,
  Relation,
  Role,
  Schema,
} from "./catalog.ts";
import type { CatalogRows } from "./rows.ts";
import { type Link, links, shownColumns, viewPrimaryKey } from "./view_keys.ts";

type RelationRow = CatalogRows["relations"][number];

/** Puts together what the queries answered. */
export function assemble(rows: CatalogRows): Catalog {
  const byId = new Map(rows.relations.map((row) => [row.id, row]));
  const columns = assembleColumns(rows);
  const functions = assembleFunctions(rows, columns);
  const build = builder(rows, byId, columns);
  const schema = (name: string): Schema => ({
    name,
    relations: new Map(
      rows.relations
        .filter((row) => row.schema === name && !row.is_composite)
        .map((row) => [row.name, build(row)]),
    ),
    functions: functions.get(name) ?? new Map(),
    enums: new Map(
      rows.enums.filter((row) => row.schema === name)
        .map((row) => [row.name, row.labels]),
    ),
  });
  return {
    complete: true,
    schemas: new Map(rows.schemas.map((name) => [name, schema(name)])),
  };
}

function builder(
  rows: CatalogRows,
  byId: ReadonlyMap<number, RelationRow>,
  columns: ReadonlyMap<number, ReadonlyMap<string, Column>>,
): (row: RelationRow) => Relation {
  const foreign = Map.groupBy(links(rows), (link) => link.relation);
  const keys = Map.groupBy(rows.keys, (key) => key.relation);
  const granted = grants(rows);
  const shown = shownColumns(rows);
  return (row) => {
    const own = keys.get(row.id) ?? [];
    return {
      schema: row.schema,
      name: row.name,
      kind: row.is_view ? "view" : "table",
      columns: columns.get(row.id) ?? new Map(),
      ...computedOf(rows, row, byId),
      primaryKey: row.is_view
        ? viewPrimaryKey(rows, shown, row.id)
        : own.find((key) => key.primary)?.columns ?? [],
      uniqueKeys: own.map((key) => key.columns),
      foreignKeys: (foreign.get(row.id) ?? [])
        .flatMap((link) => foreignKey(link, byId)),
      writable: writable(row),
      grants: granted.get(row.id) ?? NOTHING,
    };
  };
}

function foreignKey(
  link: Link,
  byId: ReadonlyMap<number, RelationRow>,
): ForeignKey[] {
  const target = byId.get(link.referenced);
  if (!target) return [];
  return [{
    name: link.name,
    columns: link.columns,
    referencedSchema: target.schema,
    referencedRelation: target.name,
    referencedColumns: link.referenced_columns,
    oneToOne: link.oneToOne,
  }];
}

function writable(row: RelationRow): Relation["writable"] {
  const bits = { update: 4, insert: 8, delete: 16 } as const;
  const set = new Set<Exclude<Operation, "select">>();
  for (const operation of ["insert", "update", "delete"] as const) {
    if (row.updatable & bits[operation]) set.add(operation);
  }
  return set;
}

type Granted = Map<Role, Map<Operation, Set<string>>>;
const NOTHING: Granted = new Map();

/** The columns each role may use; a role that may delete has the table's name under `delete`. */
function grants(rows: CatalogRows): ReadonlyMap<number, Granted> {
  const found = new Map<number, Granted>();
  const add = (
    relation: number,
    role: Role,
    operation: Operation,
    column: string,
  ) => {
    const roles: Granted = found.get(relation) ?? new Map();
    const operations = roles.get(role) ?? new Map<Operation, Set<string>>();
    const granted = operations.get(operation) ?? new Set<string>();
    found.set(relation, roles.set(role, operations.set(operation, granted)));
    granted.add(column);
  };
  for (const column of rows.columns) {
    for (const grant of column.grants ?? []) {
      const [role, operation] = grant.split(":");
      if (isRole(role) && isOperation(operation)) {
        add(column.relation, role, operation, column.name);
      }
    }
  }
  for (const row of rows.deletes) add(row.relation, row.role, "delete", "*");
  return found;
}

const isRole = (text: string | undefined): text is Role =>
  text === "anon" || text === "authenticated" || text === "service_role";

const isOperation = (text: string | undefined): text is Operation =>
  text === "select" || text === "insert" || text === "update" ||
  text === "delete";
