/** What is renamed or dropped, one at a time. */
export const KINDS = [
  "table",
  "column",
  "function",
  "argument",
  "enum value",
  "foreign key",
] as const;
export type Kind = typeof KINDS[number];

export interface Mutant {
  readonly kind: Kind;
  readonly schema: string;
  /** The table, function or enum. */
  readonly object: string;
  /** The column, argument, value or key; the object's own name for tables and functions. */
  readonly name: string;
}

/** What became of a mutant. */
export interface Outcome extends Mutant {
  readonly where: "code" | "SQL";
  /** `gate`: a finding; `types`: `deno check`; `server`: PostgreSQL refuses to drop it; `none`: nobody noticed. */
  readonly by: "gate" | "types" | "server" | "none";
}

/** The same for the same mutant; also how it is printed. */
export function labelOf({ kind, schema, object, name }: Mutant): string {
  const path = kind === "table" || kind === "function"
    ? `${schema}.${object}`
    : `${schema}.${object}.${name}`;
  return `${kind} ${path}`;
}

/** What a mutant is renamed to. */
export function renamed(name: string): string {
  return `${name}_mutant`;
}
