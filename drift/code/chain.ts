/**
 * What the scanner reads from the source and the rules judge: each chain of calls on a supabase-js or
 * postgrest-js client, with everything known of its arguments. No rule ever sees the syntax tree.
 */

/** The text of a file. */
export interface Source {
  /** As in `Finding.file`. */
  readonly file: string;
  readonly text: string;
}

/**
 * A stretch of source text, as offsets in UTF-16 code units. A chain may have parts in several files:
 * a name that a helper is given stands where the helper is called.
 */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/**
 * What is known of an expression without running it. Constants, template literals without holes,
 * `as any` and parentheses are looked through; a ternary or a variable assigned in several places is
 * `oneOf`.
 */
export type Value =
  | StringValue
  | { readonly kind: "number"; readonly value: number; readonly span: Span }
  | { readonly kind: "boolean"; readonly value: boolean; readonly span: Span }
  | { readonly kind: "null"; readonly span: Span }
  | ArrayValue
  | ObjectValue
  | {
    readonly kind: "oneOf";
    readonly options: readonly Value[];
    readonly span: Span;
  }
  | { readonly kind: "unknown"; readonly span: Span };

export interface StringValue {
  readonly kind: "string";
  readonly value: string;
  /** The literal as it stands in the source, quotes included. */
  readonly span: Span;
  /**
   * Where the characters from `start` to `end` of `value` stand; exact across escapes and joined parts.
   * What would span several parts ends with the first.
   */
  readonly slice: (start: number, end: number) => Span;
  /** Where its parts stand, when it is put together of several. */
  readonly parts?: readonly Span[];
}

export interface ArrayValue {
  readonly kind: "array";
  readonly items: readonly Value[];
  /** Whether a spread or an unknown part may add items. */
  readonly open: boolean;
  readonly span: Span;
}

export interface ObjectValue {
  readonly kind: "object";
  readonly properties: readonly Property[];
  /** Whether a spread or a computed key may add properties. */
  readonly open: boolean;
  readonly span: Span;
}

export interface Property {
  readonly key: string;
  /** Of the name, without quotes. */
  readonly keySpan: Span;
  /** `{ name }`: renaming the key must keep the value, so a fix writes `new: name`. */
  readonly shorthand: boolean;
  readonly value: Value;
}

/** One call of a chain after its start: `.eq("id", id)`. */
export interface Step {
  readonly method: string;
  readonly methodSpan: Span;
  readonly args: readonly Value[];
  /** Of the arguments as they are written in the call, wherever their values come from. */
  readonly argSpans: readonly Span[];
}

/** The role the database sees behind a client, where the code shows it. */
export type Role = "anon" | "authenticated" | "service_role";

export interface ClientUse {
  /** Every role this client may have here; empty when the code does not show it. */
  readonly roles: readonly Role[];
  /** Whether the client carries the Database type; undefined where its creation is not in sight. */
  readonly typed: boolean | undefined;
}

/** A chain on one client, from `.from(…)` or `.rpc(…)` to its last call. */
export interface Chain {
  readonly client: ClientUse;
  /** The argument of `.schema(…)`; without one the client's default, `public`. */
  readonly schema: Value | undefined;
  readonly start: {
    readonly kind: "from" | "rpc";
    /** Table, view or function. */
    readonly name: Value;
    /** Of `.rpc(name, args)`. */
    readonly args: Value | undefined;
    /** Of the name and the arguments as they are written in the call. */
    readonly argSpans: readonly Span[];
    /** Of the word `from` or `rpc`. */
    readonly span: Span;
  };
  /** Also those called later on a stored builder: `query = query.eq(…)`, in the order of the source. */
  readonly steps: readonly Step[];
  readonly result: ResultUse;
  /** The same for the forms of one query whose table has several names: only one of them is meant. */
  readonly together?: object;
}

/** What happens to the result of an awaited chain. */
export interface ResultUse {
  /** `read`: error is looked at, thrown or passed on; `ignored`: it cannot be; `unknown`: out of sight. */
  readonly error: "read" | "ignored" | "unknown";
  /** Property paths read from `data` (of a row when it is an array), e.g. `programs.name`. */
  readonly reads: readonly Read[];
}

export interface Read {
  readonly path: readonly ReadStep[];
}

export interface ReadStep {
  readonly name: string;
  readonly span: Span;
  /** `property`: `.name`; `element`: `[0]`, `.map(x => …)` and the like, which show an array. */
  readonly via: "property" | "element";
}

/** A call of an edge function: `.functions.invoke(name, { body, method })`. */
export interface Invocation {
  readonly name: Value;
  readonly options: Value | undefined;
  /** Of the name and the options as they are written in the call. */
  readonly argSpans: readonly Span[];
  readonly span: Span;
}

/** SQL that code gives to a driver of PostgreSQL, with `$1`, `$2` for the values. */
export interface Statement {
  readonly text: StringValue;
  /** Of the argument or the template. */
  readonly span: Span;
  /** Whether it may be a piece of another statement, whose tables it sees. */
  readonly isFragment: boolean;
}

/** What the scanner found in one file: the calls that start there. */
export interface ScannedFile extends Source {
  readonly chains: readonly Chain[];
  readonly invocations: readonly Invocation[];
  readonly statements: readonly Statement[];
  readonly ignores: readonly Ignore[];
  readonly unread: readonly Unread[];
}

/** A call, or with the start 0 a whole file, that could not be read; everything else was. */
export interface Unread {
  readonly start: number;
  readonly reason: string;
}

/** A comment `// drift-ignore <rule>: <reason>`, or `drift-ignore-file` for the whole file. */
export interface Ignore {
  readonly rule: string;
  /** Empty when it is missing, which is a finding. */
  readonly reason: string;
  /**
   * From 1: the line it silences, its own or, when it stands alone, the next line with code; null for
   * the whole file.
   */
  readonly line: number | null;
  readonly span: Span;
}
