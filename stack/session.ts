import type { PGlite } from "@supabase/lite/pglite";
import type postgres from "postgres";
import { script } from "./pglite_query.ts";
import { SETTINGS } from "./platform.ts";

/** One row, by column name. */
export type Row = Record<string, unknown>;

/** One database session: what a migration, the seed and the Auth admin API need. */
export interface Session {
  /** Runs one statement. Parameters are `$1`, `$2`, … */
  query(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** Runs any number of statements, without parameters. */
  script(sql: string): Promise<void>;
  /** Undoes what scripts `set`. */
  reset(): Promise<void>;
}

/** A server applies the settings at connection, where RESET returns to; PGlite knows no such thing. */
const RESET = `reset all;
  set search_path = ${SETTINGS.search_path};
  set timezone = '${SETTINGS.TimeZone}'`;

/** A session on PGlite, which has exactly one. */
export function pgliteSession(driver: PGlite): Session {
  return {
    query: async (sql, parameters = []) =>
      (await driver.query<Row>(sql, parameters)).rows,
    script: (sql) => script(driver, sql),
    reset: () => script(driver, RESET),
  };
}

/** A session on a real server: a reserved connection or a transaction. */
export function postgresSession(sql: postgres.ISql): Session {
  return {
    query: async (
      text,
      parameters = [],
    ) => [
      ...await sql.unsafe<Row[]>(
        text,
        parameters as postgres.ParameterOrJSON<never>[],
      ),
    ],
    script: async (text) => void await sql.unsafe(text).simple(),
    reset: async () => void await sql.unsafe("reset all"),
  };
}
