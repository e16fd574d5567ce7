import type { Contracts } from "../contract/contract.ts";
import type { Renames } from "../renames.ts";

/** What the rules know of a database, from wherever it was read. `undefined` means: this source cannot tell. */
export interface Catalog {
  /** Schemas the Data API exposes, by name. */
  readonly schemas: ReadonlyMap<string, Schema>;
  /** Whether every exposed schema is in `schemas`: a types file may hold only some. */
  readonly complete: boolean;
  /** Former names that the project's file of renames gives. */
  readonly renames?: Renames;
  /** Names of which nothing is known: what would have made them failed. */
  readonly unknown?: ReadonlySet<string>;
  /** What the edge functions take, where the project has any. */
  readonly contracts?: Contracts;
}

export interface Schema {
  readonly name: string;
  readonly relations: ReadonlyMap<string, Relation>;
  /** Overloads under one name. */
  readonly functions: ReadonlyMap<string, readonly SqlFunction[]>;
  /** Labels of each enum, in order. */
  readonly enums: ReadonlyMap<string, readonly string[]>;
}

export type Role = "anon" | "authenticated" | "service_role";
export type Operation = "select" | "insert" | "update" | "delete";

/** A table, partitioned table, foreign table, view or materialised view. */
export interface Relation {
  readonly schema: string;
  readonly name: string;
  readonly kind: "table" | "view";
  readonly columns: ReadonlyMap<string, Column>;
  /** Functions that PostgREST serves as computed columns of this relation, by name. */
  readonly computed: ReadonlyMap<string, Column>;
  /** Functions that PostgREST serves as embeds of this relation, by name. */
  readonly computedRelations: ReadonlyMap<string, ComputedRelation>;
  /** Empty when it has none; a view's is that of the table below it. */
  readonly primaryKey: readonly string[] | undefined;
  /** Column sets of primary keys, unique constraints and full unique indexes. */
  readonly uniqueKeys: readonly (readonly string[])[] | undefined;
  /** Outgoing, those of a view derived from its base tables as PostgREST does. */
  readonly foreignKeys: readonly ForeignKey[];
  /** What a view lets through; everything for a table. */
  readonly writable: ReadonlySet<Exclude<Operation, "select">> | undefined;
  /** Granted columns by role and operation (delete: any non-empty set means granted). */
  readonly grants:
    | ReadonlyMap<Role, ReadonlyMap<Operation, ReadonlySet<string>>>
    | undefined;
}

export interface ComputedRelation {
  readonly schema: string;
  readonly relation: string;
  /** One row: the function returns no set, or says `rows 1`. */
  readonly toOne: boolean;
}

export interface Column {
  readonly name: string;
  /** As `format_type` prints it, e.g. `timestamp with time zone`, `text[]`, `public.app_role`; a domain's base type. */
  readonly type: string | undefined;
  readonly notNull: boolean;
  /** Whether an insert may leave it out: it has a default, or a trigger before insert sets it. */
  readonly hasDefault: boolean;
  /** Whether a trigger before the write sets it, so that null may be given. */
  readonly setByTrigger: boolean;
  /** Written by the database alone: generated, or identity always. */
  readonly generated: boolean;
  /** Whether the view it is of passes writes to it on; true in a table. */
  readonly writable: boolean;
  /** The only values it takes, or its elements do: an enum's labels, or those of a check such as `status in (…)`. */
  readonly values: readonly string[] | undefined;
  /** Which of the two it is. */
  readonly valuesFrom: "enum" | "check" | undefined;
}

export interface ForeignKey {
  /** The constraint's name, usable as `!hint`. */
  readonly name: string;
  readonly columns: readonly string[];
  /** Unexposed schemas too: a key to auth.users embeds nothing. Undefined when the source does not say. */
  readonly referencedSchema: string | undefined;
  readonly referencedRelation: string;
  readonly referencedColumns: readonly string[];
  /** Whether `columns` are unique as well, so that the reverse embed is one row. */
  readonly oneToOne: boolean;
}

export interface SqlFunction {
  readonly schema: string;
  readonly name: string;
  readonly args: readonly Argument[];
  /** The exposed relation whose rows it returns; null for scalars, records and composite types. */
  readonly returnsRelation: string | null | undefined;
  readonly returnsSet: boolean;
  /** Columns of the result where it has any. */
  readonly returnsColumns: ReadonlyMap<string, Column> | undefined;
  /** Roles that may execute it. */
  readonly grants: ReadonlySet<Role> | undefined;
}

export interface Argument {
  /** Empty when it has none. */
  readonly name: string;
  readonly type: string | undefined;
  readonly hasDefault: boolean;
  /** Labels of its enum. */
  readonly values: readonly string[] | undefined;
}
