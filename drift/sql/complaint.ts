import type { Session } from "../../stack/session.ts";
import type { Level } from "../finding.ts";

/** The rules of `--sql`; each is a file of this folder, `config` is drift/project. */
export const SQL_RULES = [
  "sql-plpgsql",
  "sql-trigger",
  "sql-function",
  "sql-view",
  "sql-policy",
  "sql-default",
  "sql-check",
  "cron-command",
  "function-url",
  "config",
] as const;
export type SqlRule = typeof SQL_RULES[number];

/** An object of the database, as a migration names it. */
export interface SqlObject {
  readonly kind: "function" | "view" | "policy" | "table" | "job";
  /** Null for what has none: a job. */
  readonly schema: string | null;
  readonly name: string;
  /** The table that a policy is for, without its schema. */
  readonly table?: string;
}

/** What is wrong with an object. */
export interface Complaint {
  readonly rule: SqlRule;
  readonly object: SqlObject;
  /** What the finding gives as its table. */
  readonly table: string;
  /** The name that is wrong: the object's, or one in it. */
  readonly name: string;
  readonly message: string;
  readonly level?: Level;
  /** Line in the function's body, from 1, where the server tells. */
  readonly bodyLine?: number;
}

/** Reads a database through a session whose transaction is undone afterwards. */
export type Check = (session: Session) => Promise<Complaint[]>;
