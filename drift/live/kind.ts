/** One kind of object: how a database tells of it. */
export interface Kind {
  /** In the singular, as the report says it. */
  readonly name: string;
  /**
   * A query of `key` (the object's name), `owner` (the table it is of, or null) and `definition`, run with an
   * empty search path so that every name in it has its schema.
   */
  readonly query: string;
  /** Makes definitions alike that mean the same. */
  readonly normalise?: (definition: string) => string;
}

/** A table's name with its schema; `c` is of pg_class, `n` of pg_namespace. */
export const TABLE = `format('%I.%I', n.nspname, c.relname)`;

/** How much white space there is, and which, is not told apart. */
export function alike(definition: string): string {
  return definition.replaceAll(/\s+/g, " ").trim();
}
