import type {
  Access,
  FunctionName,
} from "../../supabase/functions/_shared/access.ts";
import {
  type ErrorCode,
  ERRORS,
} from "../../supabase/functions/_shared/errors.ts";

/** A call that a function refuses before it does anything, and how. */
export interface Probe {
  readonly what: string;
  readonly method: "GET" | "POST";
  /** After the function's name. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly code: ErrorCode;
}

const post = (
  what: string,
  code: ErrorCode,
  headers: Record<string, string> = {},
  body = "{}",
): Probe => ({ what, method: "POST", headers, body, code });

const NOBODY = [
  post("no credential", "unauthorized"),
  post("a made-up token", "unauthorized", { Authorization: "Bearer made-up" }),
];

/** Every mode's refusals. What is signed or in the body is wrong; no right one is sent. */
const BY_ACCESS: Record<Access, (key: string) => Probe[]> = {
  user: (key) => [
    ...NOBODY,
    post("the secret key in a user's place", "unauthorized", { apikey: key }),
  ],
  admin: (key) => [
    ...NOBODY,
    post("the secret key in a user's place", "unauthorized", { apikey: key }),
  ],
  secret: () => [
    ...NOBODY,
    post("a made-up key", "unauthorized", { apikey: "sb_secret_made-up" }),
  ],
  link: () => [
    { what: "no link", method: "GET", code: "invalid_request" },
    {
      what: "a made-up link",
      method: "GET",
      path: "/made-up.ics",
      code: "not_found",
    },
  ],
  token: () => [
    post("no token", "invalid_request"),
    post(
      "a made-up token",
      "invalid_token",
      {},
      JSON.stringify({ token: "made-up".repeat(6) }),
    ),
  ],
  stripe_signature: () => [
    post("no signature", "invalid_signature"),
    post("a made-up signature", "invalid_signature", {
      "Stripe-Signature": `t=${Math.floor(Date.now() / 1000)},v1=${
        "0".repeat(64)
      }`,
    }),
  ],
  calcom_signature: () => [
    post("no signature", "unauthorized"),
    post("a made-up signature", "unauthorized", {
      "X-Cal-Signature-256": "0".repeat(64),
    }),
  ],
};

/** What the right key opens and the function then refuses to do. Where there is no such call, none is made. */
const ADMITTED: Partial<Record<FunctionName, (key: string) => Probe>> = {
  "credit-maintenance": (key) =>
    post(
      "the secret key and an action that there is not",
      "invalid_request",
      { apikey: key },
      JSON.stringify({ action: "none" }),
    ),
};

/** The calls that show that a function knows its callers. */
export function probesOf(
  name: FunctionName,
  access: Access,
  key: string,
): Probe[] {
  const admitted = ADMITTED[name];
  return [...BY_ACCESS[access](key), ...(admitted ? [admitted(key)] : [])];
}

/** The status that goes with a probe's code. */
export function statusOf({ code }: Probe): number {
  return ERRORS[code][0];
}
