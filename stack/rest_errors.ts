import { type Connection, RelationNotFoundError } from "@supabase/lite";

/** The statuses of PostgREST's error table; the longest prefix of the SQLSTATE decides. */
const STATUS: Record<string, number> = {
  "08": 503,
  "09": 500,
  "0L": 403,
  "0P": 403,
  "23": 400,
  "23503": 409,
  "23505": 409,
  "25": 500,
  "25006": 405,
  "28": 403,
  "2D": 500,
  "38": 500,
  "39": 500,
  "3B": 500,
  "40": 500,
  "42P01": 404,
  "42P17": 500,
  "42883": 404,
  "53": 503,
  "53400": 500,
  "54": 500,
  "55": 500,
  "57": 500,
  "58": 500,
  "F0": 500,
  "HV": 500,
  "P0": 500,
  "P0001": 400,
  "XX": 500,
};

/** What lite maps as PostgREST does, with the request's role or table at hand. */
const LEFT_TO_LITE = /^(42501|42703|42883|25006|PGRST|PT)/;

/** A database error in the shape lite answers; also the mark by which its logging is told apart. */
class DatabaseError extends Error {
  override name = "DatabaseError";

  constructor(
    readonly code: string,
    message: string,
    readonly detail: string | undefined,
    readonly hint: string | undefined,
    readonly status: number,
  ) {
    super(message);
  }
}

/** The status PostgREST answers an SQLSTATE with (docs.postgrest.org, "Errors"). */
export function statusOf(sqlState: string): number {
  const [, chosen] = /^PT(\d{3})$/.exec(sqlState) ?? [];
  if (chosen) return Number(chosen);
  return STATUS[sqlState] ?? STATUS[sqlState.slice(0, 2)] ?? 400;
}

/**
 * Makes lite answer every SQLSTATE as PostgREST does. lite knows some and turns the rest into a 500
 * `SUP`; but it honours `raise sqlstate 'PGRST'`, so the rest is given to it in that form.
 */
export function postgrestErrors(connection: Connection): void {
  connection.normalizeDbError = (error: unknown): unknown => {
    const { code, message, detail, hint } = fields(error);
    if (code === undefined || error instanceof RelationNotFoundError) {
      return error;
    }
    if (/^(ECONN|ENOTFOUND|CONNECT)/.test(code)) {
      return refusal(
        503,
        "PGRST001",
        "Database client error. Retrying the connection.",
        message,
      );
    }
    if (LEFT_TO_LITE.test(code)) {
      return new DatabaseError(code, message, detail, hint, 400);
    }
    if (!/^[0-9A-Z]{5}$/.test(code)) return error;
    return refusal(statusOf(code), code, message, detail, hint);
  };
}

function refusal(
  status: number,
  code: string,
  message: string,
  details?: string,
  hint?: string,
): DatabaseError {
  return new DatabaseError(
    "PGRST",
    JSON.stringify({
      code,
      message,
      details: details ?? null,
      hint: hint ?? null,
    }),
    JSON.stringify({ status, headers: {} }),
    undefined,
    status,
  );
}

/**
 * lite prints every error of a query. Refusals a caller expects are dropped here; what is the
 * server's fault stays.
 */
export function quietRefusals(): void {
  const print = console.error;
  console.error = (...values: unknown[]) => {
    const [first] = values;
    if (first instanceof RelationNotFoundError) return;
    if (first instanceof DatabaseError) {
      if (first.status >= 500) print(first.message);
      return;
    }
    print(...values);
  };
}

function fields(error: unknown) {
  const read = (name: string): string | undefined => {
    const value: unknown = error instanceof Error
      ? Reflect.get(error, name)
      : undefined;
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  return {
    code: read("code"),
    message: read("message") ?? "",
    detail: read("detail"),
    hint: read("hint"),
  };
}
