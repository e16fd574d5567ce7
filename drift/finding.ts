import type { Span } from "./code/chain.ts";
import { positionOf } from "./code/position.ts";

/** A place in a file. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One place where the code and the database disagree; the element of `--format json`. */
export interface Finding {
  /** Relative to where the gate was started, with forward slashes. */
  readonly file: string;
  /** From 1, in the query: where the wrong name stands, or what brings it there. */
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
  /** Where the wrong name is written, when that is not in the query. */
  readonly from?: Place;
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

/** Where a stretch of text starts. */
export function placeOf({ source, start }: Span): Place {
  return { file: source.file, ...positionOf(source, start) };
}

/** A finding where `span` starts. */
export function findingAt(
  span: Span,
  statement: Omit<Judged, "file" | "line" | "column">,
): Judged {
  return { ...placeOf(span), ...statement };
}

/** By file and place, then by where what is wrong is written. */
export function compareFindings(one: Finding, other: Finding): number {
  return comparePlaces(one, other) ||
    (one.rule === other.rule ? 0 : one.rule < other.rule ? -1 : 1) ||
    (one.from && other.from ? comparePlaces(one.from, other.from) : 0);
}

function comparePlaces(one: Place, other: Place): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return one.line - other.line || one.column - other.column;
}
