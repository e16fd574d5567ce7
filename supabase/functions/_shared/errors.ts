/**
 * Every error a function can answer: `{ "error": "<sentence>", "code": "<code>" }` with this status.
 * The README's table of codes is checked against this one.
 */
export const ERRORS = {
  invalid_json: [400, "The request body is not valid JSON."],
  invalid_request: [400, "The request is not valid."],
  invalid_signature: [
    400,
    "The signature is missing, wrong, or not of these minutes.",
  ],
  thin_event: [400, "Thin events are not taken; send snapshot events."],
  calendar_sync_disabled: [400, "Calendar sync is not enabled"],
  invalid_token: [400, "Invalid or expired verification token"],
  own_account: [400, "You cannot do this to your own account."],
  unauthorized: [401, "Unauthorized"],
  seats_full: [
    402,
    "This organisation has no free seat. Its administrator can add some.",
  ],
  forbidden: [403, "This is not for you to do."],
  account_disabled: [403, "This account is disabled."],
  email_unverified: [
    403,
    "Confirm your email address first, then open the link again.",
  ],
  role_not_allowed: [403, "Only an administrator can invite to this role."],
  wrong_address: [
    403,
    "This invitation was sent to a different email address. Sign in with that one.",
  ],
  reauthentication_required: [
    403,
    "Please give your password or sign in again.",
  ],
  wrong_password: [403, "The password is wrong."],
  invite_not_found: [
    404,
    "This invitation does not exist. Check the link, or ask for a new one.",
  ],
  not_found: [404, "There is nothing here."],
  method_not_allowed: [405, "This method is not allowed here."],
  already_member: [409, "This person is a member of the organisation already."],
  already_running: [409, "Another run is under way."],
  invitee_unavailable: [
    409,
    "This person cannot join the organisation at present.",
  ],
  organization_inactive: [409, "This organisation is not active."],
  other_organization: [
    409,
    "You belong to another organisation. Ask its administrator to remove you, then open the link again.",
  ],
  address_changed: [
    409,
    "The account's email address has changed since. Please request a new email change.",
  ],
  already_verified: [409, "This email change has already been verified"],
  deletion_blocked: [
    409,
    "Something still refers to this user. Nothing was deleted.",
  ],
  email_in_use: [
    409,
    "This email address is already in use by another account.",
  ],
  verification_under_way: [409, "This email change is just being verified."],
  invite_declined: [410, "This invitation has been declined."],
  invite_expired: [410, "This invitation has expired. Ask for a new one."],
  invite_used: [410, "This invitation has already been accepted."],
  invite_withdrawn: [410, "This invitation has been withdrawn."],
  token_expired: [
    410,
    "Verification token has expired. Please request a new email change.",
  ],
  payload_too_large: [413, "The request body is too large."],
  same_email: [422, "This is the account's email address already."],
  weak_password: [422, "This password is too weak."],
  unsupported_payload: [422, "This is not an event that is known here."],
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
  setting_missing: [503, "A setting is missing."],
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

/**
 * The refusal that the database answered as an outcome.
 *
 * @param outcome its code and, where it says how long to wait, the seconds
 * @param sentence what a person is told; without it the code's own sentence
 * @throws {TypeError} for a code that is not in the table
 */
export function refusalOf(
  { code, retry_after }: {
    readonly code: string | null;
    readonly retry_after?: number | null;
  },
  sentence?: string,
): Refusal {
  if (code === null || !isErrorCode(code)) {
    throw new TypeError("the database answered an unknown code");
  }
  const headers: Record<string, string> = typeof retry_after === "number"
    ? { "Retry-After": String(retry_after) }
    : {};
  return new Refusal(code, sentence, headers);
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}

/** Thrown when a call of another service fails. Holds no message of that service: it may quote data. */
export class CallError extends Error {
  override name = "CallError";

  /**
   * @param call what was called
   * @param code the service's own code; empty when there was no answer
   * @param status HTTP status of the answer; 0 when there was none
   */
  constructor(
    readonly call: string,
    readonly code: string,
    readonly status: number,
  ) {
    // What is no word is none of the documented codes, and may be anything.
    super(
      `${call} failed: ${
        /^\w{1,40}$/.test(code) ? code : "no code"
      } (${status})`,
    );
  }

  /** Whether trying again later may help: nobody answered, or the service is not there. */
  get isAway(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 ||
      this.status === 504;
  }
}

/** A setting is missing or malformed: the operator has to act. Carries the name, never a value. */
export class ConfigurationError extends Error {
  override name = "ConfigurationError";

  /**
   * @param sentence what the caller of the function is told; without it the code's own
   * @param code `setting_missing` (503) where the caller comes again by itself
   */
  constructor(
    readonly variable: string,
    readonly sentence?: string,
    readonly code: "not_configured" | "setting_missing" = "not_configured",
  ) {
    super(`The environment variable ${variable} is missing or malformed.`);
  }
}
