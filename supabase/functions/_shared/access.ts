import type { Refusal } from "./errors.ts";
import type { Meter } from "./meter.ts";

/** Every way of proving who calls, with the words config.toml and the README use for it. */
export const ACCESS = {
  user: "signed-in user",
  admin: "signed-in platform admin",
  secret: "the secret key, as apikey",
  link: "the link",
  token: "a single-use token in the body",
  stripe_signature: "Stripe's signature",
  calcom_signature: "Cal.com's signature",
} as const;

/** A way of proving who calls. */
export type Access = keyof typeof ACCESS;

/**
 * Every function and who may call it. The folders, config.toml and the README are tested against this
 * table, `endpoint` compiles only with an authenticator of this mode, and a generated test sends each
 * function what does not prove it (tests/access/credentials.test.ts).
 */
export const FUNCTIONS = {
  "accept-org-invite": "user",
  "calcom-webhook": "calcom_signature",
  "calendar-feed": "link",
  "check-org-seat-limits": "secret",
  "credit-maintenance": "secret",
  "delete-user": "admin",
  "export-feature-config": "admin",
  "generate-calendar-url": "user",
  "generate-reflection-prompt": "user",
  "process-email-queue": "secret",
  "request-email-change": "user",
  "send-org-invite": "user",
  "stripe-webhook": "stripe_signature",
  "update-user-email": "user",
  "verify-email-change": "token",
} as const satisfies Record<string, Access>;

/** A function's name. */
export type FunctionName = keyof typeof FUNCTIONS;

/** How this function is called. */
export type AccessOf<Name extends FunctionName> = (typeof FUNCTIONS)[Name];

/** Finds out by a request's headers who calls, or refuses; carries its mode, so that it cannot be mixed up. */
export interface Authenticator<Mode extends Access, Caller> {
  (request: Request, meter: Meter): Promise<Caller | Refusal>;
  readonly mode: Mode;
}

/**
 * What `endpoint` needs of a function: an authenticator where the proof is in the headers. A link, a
 * signature over the body or a token in it is for the handler to check.
 */
export type Authenticated<Name extends FunctionName> = AccessOf<Name> extends
  "user" | "admin" | "secret" ? { readonly authenticate: unknown } : unknown;

/** An authenticator of a mode. */
export function authenticator<Mode extends Access, Caller>(
  mode: Mode,
  check: (request: Request, meter: Meter) => Promise<Caller | Refusal>,
): Authenticator<Mode, Caller> {
  return Object.assign(check, { mode });
}
