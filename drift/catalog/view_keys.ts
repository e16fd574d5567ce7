import type { CatalogRows } from "./rows.ts";
import { type Origin, viewColumns } from "./view_columns.ts";

type ForeignKeyRow = CatalogRows["foreignKeys"][number];

/** A foreign key as the API sees it, of a table or derived for a view; relations by oid. */
export type Link = ForeignKeyRow & { readonly oneToOne: boolean };

/** The columns of each view that show a base column: view oid → base oid → base column → its names. */
type Shown = Map<number, Map<number, Map<string, string[]>>>;

/**
 * Foreign keys with those PostgREST derives for views: from a view that shows all columns of a key, to
 * a view that shows all columns it refers to, and between two such views.
 */
export function links(rows: CatalogRows): Link[] {
  const shown = shownColumns(rows);
  return rows.foreignKeys.flatMap((key) => {
    const oneToOne = isUnique(rows, key.relation, key.columns);
    const sources = [
      { relation: key.relation, columns: key.columns },
      ...views(shown, key.relation, key.columns),
    ];
    const targets = [
      { relation: key.referenced, columns: key.referenced_columns },
      ...views(shown, key.referenced, key.referenced_columns),
    ];
    return sources.flatMap((source) =>
      targets.map((target) => ({
        name: key.name,
        relation: source.relation,
        columns: source.columns,
        referenced: target.relation,
        referenced_columns: target.columns,
        oneToOne,
      }))
    );
  });
}

/** The primary key of a view: the columns that show its base tables' keys, the first where there are several. */
export function viewPrimaryKey(rows: CatalogRows, shown: Shown, view: number) {
  return [...shown.get(view) ?? []].flatMap(([base, columns]) => {
    const key = rows.keys.find((it) => it.relation === base && it.primary);
    const names = key?.columns.map((column) => columns.get(column)?.[0]) ?? [];
    const known = names.filter((name) => name !== undefined);
    return known.length === names.length ? known : [];
  });
}

/** Follows views on views down to tables. */
export function shownColumns(rows: CatalogRows): Shown {
  const names = new Map<string, string>();
  for (const column of rows.columns) {
    names.set(`${column.relation}.${column.position}`, column.name);
  }
  const origins = new Map<number, ReadonlyMap<number, Origin>>();
  for (const { id, rule } of rows.relations) {
    if (rule !== null) origins.set(id, viewColumns(rule));
  }
  const bases = (origin: Origin, seen: number[]): Origin[] => {
    const next = origins.get(origin.relation)?.get(origin.column);
    if (!next || seen.includes(origin.relation)) return [origin];
    return [origin, ...bases(next, [...seen, origin.relation])];
  };
  const shown: Shown = new Map();
  for (const [view, columns] of origins) {
    const byBase: Map<number, Map<string, string[]>> = new Map();
    for (const [position, origin] of columns) {
      const name = names.get(`${view}.${position}`);
      if (name === undefined) continue;
      for (const base of bases(origin, [view])) {
        const baseName = names.get(`${base.relation}.${base.column}`);
        if (baseName === undefined) continue;
        const of = byBase.get(base.relation) ?? new Map<string, string[]>();
        of.set(baseName, [...of.get(baseName) ?? [], name]);
        byBase.set(base.relation, of);
      }
    }
    shown.set(view, byBase);
  }
  return shown;
}

/** Every way a view shows all of `columns`: a column shown twice makes two. */
function views(shown: Shown, base: number, columns: readonly string[]) {
  const found: { relation: number; columns: string[] }[] = [];
  for (const [relation, bases] of shown) {
    const names = bases.get(base);
    if (!names) continue;
    let ways: string[][] = [[]];
    for (const column of columns) {
      const options = names.get(column) ?? [];
      ways = ways.flatMap((way) => options.map((name) => [...way, name]));
    }
    found.push(...ways.map((way) => ({ relation, columns: way })));
  }
  return found;
}

/** PostgREST looks at constraints only, not at unique indexes. */
function isUnique(
  rows: CatalogRows,
  relation: number,
  columns: readonly string[],
): boolean {
  const wanted = [...columns].sort().join();
  return rows.keys.some((key) =>
    key.relation === relation && key.constrained &&
    [...key.columns].sort().join() === wanted
  );
}
