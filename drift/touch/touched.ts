import type {
  Catalog,
  Column,
  Operation,
  Relation,
  Schema,
  SqlFunction,
} from "../catalog/catalog.ts";
import type { Chain, Property, Span } from "../code/chain.ts";
import type { JsonPath } from "../postgrest/json_path.ts";
import type { OperatorKind } from "../postgrest/operators.ts";
import type { Literal, Name } from "./literal.ts";
import type { Resolution } from "./relationships.ts";

/** What a chain does to the database, as far as it can be told: all that the rules look at. */
export interface Touched {
  readonly catalog: Catalog;
  readonly chain: Chain;
  /** Undefined when it is not exposed. */
  readonly schema: Schema | undefined;
  readonly schemaName: Name | undefined;
  readonly start: Start;
  readonly operations: ReadonlySet<Operation>;
  /** The level of the select string that filters apply to. */
  readonly root: Scope;
  readonly columns: readonly ColumnUse[];
  readonly embeds: readonly Embed[];
  readonly writes: Writes | undefined;
  readonly conflict: Conflict | undefined;
  readonly call: Call | undefined;
  /** Strings that PostgREST refuses. */
  readonly syntax: readonly SyntaxProblem[];
  /** Paths such as `programs.name` whose `programs` the select string does not embed. */
  readonly strays: readonly { readonly name: Name; readonly scope: Scope }[];
  /** Names of tables in filters, orders and limits that mean an embed which has an alias. */
  readonly byTable: readonly { readonly name: Name; readonly embed: Embed }[];
  /** Orders by an embed: `programs(name)`. */
  readonly embedOrders: readonly {
    readonly name: Name;
    readonly embed: Embed;
  }[];
}

export interface Start {
  readonly kind: "relation" | "function";
  readonly name: Name;
  /** Undefined when there is none of that name. */
  readonly relation: Relation | undefined;
}

/** One level of a select string. */
export interface Scope {
  /** Name of the relation or function. */
  readonly label: string;
  readonly relation: Relation | undefined;
  /** What may be named here; undefined when it is not known. */
  readonly columns: ReadonlyMap<string, Column> | undefined;
  readonly embeds: readonly Embed[];
  /** Whether `embeds` is all there is. */
  readonly closed: boolean;
}

/** `alias:target!hint(…)` in a select string. */
export interface Embed {
  readonly from: Scope;
  readonly target: Name;
  readonly alias: Name | undefined;
  readonly hint: Name | undefined;
  readonly spread: boolean;
  /** Undefined where the level above is not known. */
  readonly resolution: Resolution | undefined;
  readonly scope: Scope;
}

/** A column where the chain names it. */
export interface ColumnUse {
  readonly scope: Scope;
  readonly name: Name;
  readonly role: "select" | "filter" | "order" | "write" | "conflict";
  /** Undefined when there is none of that name, or the scope's columns are not known. */
  readonly column: Column | undefined;
  readonly json: JsonPath;
  readonly comparison: Comparison | undefined;
  /** Whether the result has it by this name: it is selected without an alias, a path or an aggregate. */
  readonly isOutput: boolean;
  /** The property that names it in a row. */
  readonly property: Property | undefined;
}

export interface Comparison {
  /** As PostgREST writes it: `eq`, `in`, `like(any)`. */
  readonly operator: string;
  readonly kind: OperatorKind;
  readonly values: readonly Literal[];
}

export interface Writes {
  readonly method: "insert" | "update" | "upsert";
  readonly rows: readonly Row[];
  /** Whether a column that one row of several leaves out is null, and not its default. */
  readonly missingIsNull: boolean;
}

export interface Row {
  readonly span: Span;
  readonly values: ReadonlyMap<string, Given>;
  /** Whether it may have more than these. */
  readonly open: boolean;
  /** The list it is written in with others, where it surely is. */
  readonly list: Span | undefined;
}

export interface Given {
  readonly name: Name;
  readonly property: Property;
  readonly literals: readonly Literal[];
}

export interface Conflict {
  readonly span: Span;
  readonly columns: readonly Name[];
}

/** A call of a function. */
export interface Call {
  readonly name: Name;
  readonly overloads: readonly SqlFunction[];
  /** Undefined when they are not known. */
  readonly args: Row | undefined;
  /** Those the arguments fit. */
  readonly matching: readonly SqlFunction[];
}

export interface SyntaxProblem {
  readonly what: "select" | "filter";
  readonly span: Span;
  readonly text: string;
  readonly message: string;
}

/** What could not be judged, since it is put together at run time. */
export interface Unjudged {
  readonly span: Span;
  readonly what: string;
}
