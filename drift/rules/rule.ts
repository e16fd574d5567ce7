import type { Span } from "../code/chain.ts";
import type { Fix, Level } from "../finding.ts";
import type { Name } from "../touch/literal.ts";
import type { Touched } from "../touch/touched.ts";

/** One way in which code and database disagree. */
export interface Rule {
  /** E.g. `unknown-column`; the file is named alike. */
  readonly code: string;
  readonly level: Level;
  /** Looks at what one chain touches. */
  readonly check: (touched: Touched) => Iterable<Violation>;
}

/** What a rule found, and where. */
export interface Violation {
  /** Of the wrong name. */
  readonly span: Span;
  readonly table: string | null;
  readonly name: string;
  /** Without the suggestion. */
  readonly message: string;
  readonly suggestion?: string;
  /** When the suggestion is certain. */
  readonly fix?: Fix;
}

/** A violation, with the rule it is of. */
export interface Found extends Violation {
  readonly rule: string;
  readonly level: Level;
  /** In the query, where what is wrong is written elsewhere. */
  readonly at: Span | undefined;
}

/** The place and name of a violation that is a name in the source. */
export function named(name: Name, table: string | null) {
  return { span: name.span, table, name: name.text };
}
