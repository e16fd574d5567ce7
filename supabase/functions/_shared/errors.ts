/**
 * Every error a function can answer: `{ "error": "<sentence>", "code": "<code>" }` with this status.
 * The README's table of codes is checked against this one.
 */
export const ERRORS = {
  invalid_json: [400, "The request body is not valid JSON."],
  invalid_request: [400, "The request is not valid."],
  calendar_sync_disabled: [400, "Calendar sync is not enabled"],
  unauthorized: [401, "Unauthorized"],
  forbidden: [403, "This is not for you to do."],
  account_disabled: [403, "This account is disabled."],
  not_found: [404, "There is nothing here."],
  method_not_allowed: [405, "This method is not allowed here."],
  already_running: [409, "Another run is under way."],
  payload_too_large: [413, "The request body is too large."],
  rate_limited: [429, "Too many requests. Please try again later."],
  maintenance_failed: [
    500,
    "Maintenance failed and was undone. See maintenance_runs.",
  ],
  internal_error: [500, "Internal server error"],
  not_configured: [500, "This function is not configured."],
  mail_provider_refused: [
    503,
    "The mail provider refuses this project. See email_queue.error_message.",
  ],
  unavailable: [
    503,
    "The database cannot be reached. Please try again in a moment.",
  ],
} as const satisfies Record<
  string,
  readonly [status: number, sentence: string]
>;

/** One of the documented error codes. */
export type ErrorCode = keyof typeof ERRORS;

/** A refusal that a caller can expect: a value that a handler returns, never an exception. */
export class Refusal {
  /**
   * @param code what went wrong, for a program
   * @param sentence what went wrong, for a person; without it the code's own sentence
   * @param headers such as `Allow` with 405 or `Retry-After` with 503
   */
  constructor(
    readonly code: ErrorCode,
    readonly sentence: string = ERRORS[code][1],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  /** The HTTP status of the code. */
  get status(): number {
    return ERRORS[this.code][0];
  }

  /** The refusal as an HTTP response. */
  toResponse(): Response {
    return Response.json({ error: this.sentence, code: this.code }, {
      status: this.status,
      headers: { ...this.headers, "Cache-Control": "no-store" },
    });
  }
}

/** A setting is missing or malformed: the operator has to act. Carries the name, never a value. */
export class ConfigurationError extends Error {
  override name = "ConfigurationError";

  constructor(readonly variable: string, readonly sentence?: string) {
    super(`The environment variable ${variable} is missing or malformed.`);
  }
}
