/** What an edge function takes, as far as its code shows it. */
export interface Contract {
  /** Undefined where the code does not name them. */
  readonly methods: ReadonlySet<string> | undefined;
  /** Undefined where the code does not show what it reads. */
  readonly body: Body | undefined;
}

/** The fields of a JSON body. */
export interface Body {
  readonly fields: ReadonlyMap<string, Field>;
  /** Whether a field that is not among them is refused. */
  readonly strict: boolean;
}

/** One field. */
export interface Field {
  readonly required: boolean;
  /** The types of a literal that it takes; undefined where it may take any. */
  readonly types: ReadonlySet<LiteralType> | undefined;
  /** The strings that it takes; undefined where it may take any. */
  readonly values: ReadonlySet<string> | undefined;
}

export type LiteralType = "string" | "number" | "boolean" | "null" | "array";

/** The functions of a project by name. */
export type Contracts = ReadonlyMap<string, Contract>;
