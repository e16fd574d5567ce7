import type { Span } from "./code/chain.ts";
import { positionOf } from "./code/position.ts";

/** One place where the code and the database disagree; the element of `--format json`. */
export interface Finding {
  /** Relative to where the gate was started, with forward slashes. */
  readonly file: string;
  /** From 1, where the wrong name stands. */
  readonly line: number;
  /** From 1, in UTF-16 code units as editors count. */
  readonly column: number;
  /** Code of the rule, e.g. `unknown-column`. */
  readonly rule: string;
  /** The table, view or function concerned, when there is one. */
  readonly table: string | null;
  /** The name that is wrong. */
  readonly name: string;
  readonly message: string;
  /** What was probably meant. */
  readonly suggestion?: string;
}

/** Drift is wrong as it stands; advice is off unless asked for. */
export type Level = "drift" | "advice";

/** The replacement of a stretch of source text. */
export interface Fix {
  readonly span: Span;
  readonly text: string;
}

/** A finding with what the gate needs to know of it and does not print. */
export interface Judged extends Finding {
  readonly level: Level;
  /** What `--fix` does, where the suggestion is certain. */
  readonly fix?: Fix;
}

/** A finding where `span` starts. */
export function findingAt(
  span: Span,
  statement: Omit<Judged, "file" | "line" | "column">,
): Judged {
  const { file } = span.source;
  return { file, ...positionOf(span.source, span.start), ...statement };
}

/** By file and place. */
export function compareFindings(one: Finding, other: Finding): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return one.line - other.line || one.column - other.column ||
    (one.rule < other.rule ? -1 : 1);
}
