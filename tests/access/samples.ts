import type { FunctionName } from "../../supabase/functions/_shared/access.ts";
import { signLink } from "../../supabase/functions/_shared/calendar_link.ts";
import { CALCOM_SECRET, sign } from "../support/calcom.ts";
import { LOCAL_DEFAULTS } from "../../stack/defaults.ts";
import { signatureOf } from "../support/stripe_gateway.ts";
import { CALENDAR_SECRET, linksOf } from "../support/calendar.ts";
import { api } from "../support/stack.ts";
import type { Cast } from "./cast.ts";
import type { Wrong } from "./wrong.ts";

/** How a function is called when all is well. */
export interface Sample {
  method: "GET" | "POST";
  path?: (cast: Cast) => Promise<string>;
  body?: unknown;
  /** Where the mode has none of its own: a signature. */
  headers?: (cast: Cast) => Promise<Record<string, string>>;
  /** The status; 200 unless told. */
  answers?: number;
  /** What is wrong for this function alone: a link, a signature, a token, somebody else's row. */
  wrong?: Wrong[];
  /** What no refused call may have changed. */
  state?: (cast: Cast) => Promise<unknown>;
}

const linkPath = async (secret: string, { user }: Cast, version = 1) =>
  `/${await signLink(secret, { userId: user.id, version })}.ics`;

/** The id of no row. */
const NOBODY = crypto.randomUUID();

const CALCOM_PING = { triggerEvent: "PING", payload: {} };
const signedByCalcom = async (secret: string) => ({
  "X-Cal-Signature-256": await sign(JSON.stringify(CALCOM_PING), secret),
});

const STRIPE_SECRET = Deno.env.get("STRIPE_WEBHOOK_SECRET") ??
  LOCAL_DEFAULTS["STRIPE_WEBHOOK_SECRET"] ?? "";
const STRIPE_EVENT = {
  id: "evt_of_nothing",
  object: "event",
  api_version: "2026-10-28.endive",
  created: 1_900_000_000,
  type: "balance.available",
  data: { object: { object: "balance" } },
};
const signedByStripe = async (secret: string) => ({
  "Stripe-Signature": await signatureOf(JSON.stringify(STRIPE_EVENT), secret),
});

/** Every function; one without a sample does not compile. */
export const SAMPLES: Record<FunctionName, Sample> = {
  "accept-org-invite": {
    method: "POST",
    body: { invite_token: NOBODY },
    answers: 404,
  },
  "calcom-webhook": {
    method: "POST",
    body: CALCOM_PING,
    headers: () => signedByCalcom(CALCOM_SECRET),
    wrong: [
      { what: "no signature", headers: () => ({}), code: "unauthorized" },
      {
        what: "a sender without a secret",
        headers: () => ({ "X-Cal-Signature-256": "no-secret-provided" }),
        code: "unauthorized",
      },
      {
        what: "a signature by another secret",
        headers: () => signedByCalcom("another secret"),
        code: "unauthorized",
      },
      {
        what: "the secret key",
        headers: () => ({ apikey: api.secretKey }),
        code: "unauthorized",
      },
    ],
  },
  "calendar-feed": {
    method: "GET",
    path: (cast) => linkPath(CALENDAR_SECRET, cast),
    wrong: [
      { what: "no link", path: () => "", code: "invalid_request" },
      { what: "a link that is none", path: () => "/x.ics", code: "not_found" },
      {
        what: "a link signed with another secret",
        path: (cast) => linkPath("another secret of at least 32 bytes", cast),
        code: "not_found",
      },
      {
        what: "a link of a version that was never handed out",
        path: (cast) => linkPath(CALENDAR_SECRET, cast, 2),
        code: "not_found",
      },
      {
        what: "a disabled user's link",
        path: ({ disabledLink }) => disabledLink,
        code: "not_found",
      },
    ],
  },
  "check-org-seat-limits": { method: "POST" },
  "credit-maintenance": { method: "POST", body: { action: "stats" } },
  "delete-user": {
    method: "POST",
    body: { userId: NOBODY, action: "delete" },
    answers: 404,
  },
  "export-feature-config": {
    method: "POST",
    body: { exportType: "credit-config" },
  },
  "generate-calendar-url": {
    method: "POST",
    body: { rotate: true },
    state: ({ user }) => linksOf(user),
  },
  "generate-reflection-prompt": { method: "POST", body: {} },
  "process-email-queue": { method: "POST" },
  "request-email-change": {
    method: "POST",
    body: { newEmail: `new.${NOBODY}@example.com` },
  },
  "send-org-invite": {
    method: "POST",
    body: {
      organization_id: NOBODY,
      email: "a@example.com",
      role: "org_member",
    },
    answers: 403,
  },
  "stripe-webhook": {
    method: "POST",
    body: STRIPE_EVENT,
    headers: () => signedByStripe(STRIPE_SECRET),
    wrong: [
      { what: "no signature", headers: () => ({}), code: "invalid_signature" },
      {
        what: "a signature by another secret",
        headers: () => signedByStripe("whsec_of_somebody_else"),
        code: "invalid_signature",
      },
      {
        what: "the secret key",
        headers: () => ({ apikey: api.secretKey }),
        code: "invalid_signature",
      },
    ],
  },
  "update-user-email": {
    method: "POST",
    body: { targetUserId: NOBODY, newPassword: "Correct horse 9" },
    answers: 403,
  },
  "verify-email-change": {
    method: "POST",
    body: { token: "a".repeat(43) },
    answers: 400,
    wrong: [{ what: "a token nobody was sent", code: "invalid_token" }],
  },
};
