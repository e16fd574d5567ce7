import type {
  Catalog,
  ForeignKey,
  Relation,
  Schema,
} from "../catalog/catalog.ts";

/** A way from one relation to another, as PostgREST derives it (docs.postgrest.org, "Resource Embedding"). */
export interface Relationship {
  readonly kind:
    | "many-to-one"
    | "one-to-many"
    | "one-to-one"
    | "many-to-many"
    | "computed";
  /** The constraint's or function's name. */
  readonly name: string;
  /** Of the relation it starts from. */
  readonly columns: readonly string[];
  readonly target: Relation;
  readonly targetColumns: readonly string[];
  readonly junction: string | undefined;
  readonly self: boolean;
  readonly toOne: boolean;
  /** False when the source of the catalog does not tell whether it is one. */
  readonly certain: boolean;
}

export type Resolution =
  | { readonly kind: "one"; readonly relationship: Relationship }
  | { readonly kind: "none" }
  | {
    readonly kind: "ambiguous";
    readonly relationships: readonly Relationship[];
  };

const known = new WeakMap<Relation, readonly Relationship[]>();

/** Every relationship that starts from a relation, within its schema as PostgREST looks them up. */
export function relationshipsOf(
  catalog: Catalog,
  origin: Relation,
): readonly Relationship[] {
  const found = known.get(origin) ?? [
    ...outgoing(catalog, origin),
    ...incoming(catalog, origin),
    ...throughJunctions(catalog, origin),
    ...computed(catalog, origin),
  ];
  known.set(origin, found);
  return found;
}

/** Finds what `target!hint(…)` embeds in `origin`, by PostgREST's rules. */
export function resolveEmbed(
  catalog: Catalog,
  origin: Relation,
  target: string,
  hint: string | undefined,
): Resolution {
  const all = relationshipsOf(catalog, origin);
  const own = all.filter((it) => it.kind === "computed" && it.name === target);
  const found = own.length > 0
    ? own
    : all.filter((it) => isMeant(it, target, hint));
  const certain = found.filter((it) => it.certain);
  if (certain.length > 1) return { kind: "ambiguous", relationships: certain };
  const [first] = certain.length > 0 ? certain : found;
  return first ? { kind: "one", relationship: first } : { kind: "none" };
}

/**
 * Without a hint the target is a relation, a constraint or a single column; with one it is a relation,
 * and the hint a constraint, a single column of either side or the junction. A relation that refers to
 * itself gives the many by its name and the one by the column.
 */
function isMeant(
  it: Relationship,
  target: string,
  hint: string | undefined,
): boolean {
  const isTarget = target === it.target.name;
  if (it.kind === "computed") return false;
  if (it.self) {
    const many = it.kind === "one-to-many" && isTarget;
    if (hint !== undefined) return many && single(it.targetColumns) === hint;
    return many ||
      it.kind === "many-to-one" && single(it.columns) === target;
  }
  const direct = it.kind !== "many-to-many";
  if (hint !== undefined) {
    return isTarget &&
      (direct
        ? [it.name, single(it.columns), single(it.targetColumns)].includes(hint)
        : it.junction === hint);
  }
  return isTarget || direct && it.target.kind === "table" &&
      [it.name, single(it.columns)].includes(target);
}

function outgoing(catalog: Catalog, origin: Relation): Relationship[] {
  return origin.foreignKeys.flatMap((key) => {
    const target = referenced(catalog, origin, key);
    if (!target) return [];
    return [{
      kind: key.oneToOne ? "one-to-one" as const : "many-to-one" as const,
      name: key.name,
      columns: key.columns,
      target,
      targetColumns: key.referencedColumns,
      junction: undefined,
      self: target === origin,
      toOne: true,
      certain: true,
    }];
  });
}

function incoming(catalog: Catalog, origin: Relation): Relationship[] {
  return siblings(catalog, origin).flatMap((other) =>
    other.foreignKeys
      .filter((key) => referenced(catalog, other, key) === origin)
      .map((key) => ({
        kind: key.oneToOne ? "one-to-one" as const : "one-to-many" as const,
        name: key.name,
        columns: key.referencedColumns,
        target: other,
        targetColumns: key.columns,
        junction: undefined,
        self: other === origin,
        toOne: key.oneToOne,
        certain: true,
      }))
  );
}

/** A junction's primary key holds the columns of both its keys. */
function throughJunctions(catalog: Catalog, origin: Relation): Relationship[] {
  const relations = [...catalog.schemas.values()].flatMap(relationsOf);
  return relations.flatMap((junction) => {
    const keys = junction.foreignKeys.filter((key) => !key.oneToOne);
    const ours = keys.filter((key) =>
      referenced(catalog, junction, key) === origin
    );
    return ours.flatMap((here) =>
      keys.flatMap((there) => {
        const target = referenced(catalog, junction, there);
        if (!target || there.name === here.name) return [];
        if (target.schema !== origin.schema) return [];
        const columns = [...here.columns, ...there.columns];
        const key = junction.primaryKey;
        if (key && !columns.every((it) => key.includes(it))) return [];
        return [{
          kind: "many-to-many" as const,
          name: `${here.name}, ${there.name}`,
          columns: here.referencedColumns,
          target,
          targetColumns: there.referencedColumns,
          junction: junction.name,
          self: target === origin,
          toOne: false,
          certain: key !== undefined,
        }];
      })
    );
  });
}

function computed(catalog: Catalog, origin: Relation): Relationship[] {
  return [...origin.computedRelations].flatMap(([name, it]) => {
    const target = catalog.schemas.get(it.schema)?.relations.get(it.relation);
    if (!target) return [];
    return [{
      kind: "computed" as const,
      name,
      columns: [],
      target,
      targetColumns: [],
      junction: undefined,
      self: target === origin,
      toOne: it.toOne,
      certain: true,
    }];
  });
}

function referenced(
  catalog: Catalog,
  from: Relation,
  key: ForeignKey,
): Relation | undefined {
  const schema = key.referencedSchema ?? from.schema;
  if (schema !== from.schema && !catalog.schemas.has(schema)) return undefined;
  return catalog.schemas.get(schema)?.relations.get(key.referencedRelation);
}

function siblings(catalog: Catalog, relation: Relation): Relation[] {
  const schema = catalog.schemas.get(relation.schema);
  return schema ? relationsOf(schema) : [];
}

function relationsOf(schema: Schema): Relation[] {
  return [...schema.relations.values()];
}

function single(columns: readonly string[]): string | undefined {
  return columns.length === 1 ? columns[0] : undefined;
}
