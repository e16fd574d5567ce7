import type { Cast } from "../access/cast.ts";
import { RIGHT, WRONG } from "../access/wrong.ts";
import { SAMPLES } from "../access/samples.ts";
import {
  type FunctionName,
  FUNCTIONS,
} from "../../supabase/functions/_shared/access.ts";

/** In everything that must not be logged. */
export const MARK = "zq7marked";

/** What else a caller's program says of itself and of a person. */
const AROUND = {
  "X-Forwarded-For": `203.0.113.77, ${MARK}`,
  "X-Real-IP": "203.0.113.77",
  "User-Agent": `${MARK} agent`,
  Referer: `https://app.innotrue.com/${MARK}`,
  Origin: `https://${MARK}.example.com`,
  Cookie: `session=${MARK}`,
};

/** Fields of every function's body, each holding what is marked. */
const MARKED_FIELDS = {
  ...Object.fromEntries(
    [
      "action",
      "currentPassword",
      "email",
      "exportType",
      "id",
      "invite_token",
      "newEmail",
      "newPassword",
      "organization_id",
      "periodType",
      "role",
      "targetUserId",
      "token",
      "triggerEvent",
      "userId",
    ].map((name) => [name, `${MARK}@example.com`]),
  ),
  payload: { attendees: [{ name: MARK, email: `${MARK}@example.com` }] },
  data: { object: { customer_email: `${MARK}@example.com` } },
};

/** A request to a function, and what it is about. */
export interface Attempt {
  what: string;
  method: string;
  /** After the function's name. */
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** How this function may be called, rightly and wrongly, with a mark wherever there is room for one. */
export async function attempts(
  name: FunctionName,
  cast: Cast,
): Promise<{ right: Attempt; wrong: Attempt[] }> {
  const sample = SAMPLES[name];
  const right: Attempt = {
    what: "the right call",
    method: sample.method,
    path: await sample.path?.(cast) ?? "",
    headers: {
      ...AROUND,
      ...await (sample.headers ?? RIGHT[FUNCTIONS[name]])?.(cast),
    },
    ...(sample.body === undefined ? {} : { body: JSON.stringify(sample.body) }),
  };
  const wrong: Attempt[] = [
    {
      ...right,
      what: "marked credentials",
      path: `/${MARK}.ics?token=${MARK}&uid=${MARK}&ts=1&sig=${MARK}`,
      headers: {
        ...AROUND,
        apikey: `sb_secret_${MARK}`,
        Authorization: `Bearer ${MARK}`,
        "X-Cal-Signature-256": MARK,
        "Stripe-Signature": `t=1,v1=${MARK}`,
      },
    },
    { ...right, what: "another method", method: "DELETE" },
    { ...right, what: "a preflight", method: "OPTIONS" },
    { ...right, what: "marked options", path: `${right.path}?only=${MARK}` },
    ...requestIds(right),
  ];
  for (const { what, headers, path } of WRONG[FUNCTIONS[name]].slice(0, 6)) {
    wrong.push({
      ...right,
      what,
      path: await path?.(cast) ?? right.path,
      headers: { ...AROUND, ...await headers?.(cast) },
    });
  }
  if (sample.method === "POST") {
    wrong.push(
      { ...right, what: "no JSON", body: `{"email":"${MARK}@example.com` },
      {
        ...right,
        what: "marked fields",
        body: JSON.stringify(MARKED_FIELDS),
      },
      { ...right, what: "a large body", body: MARK.repeat(100_000) },
    );
  }
  return { right, wrong };
}

/** Request ids that must not come into a line, nor break one. */
function requestIds(right: Attempt): Attempt[] {
  return [
    `${MARK}@example.com`,
    `${MARK}`.repeat(1_000),
    `${MARK} {"function":"forged"}`,
    `","function":"${MARK}`,
    `/calendar-feed/${MARK}.ics`,
    `${MARK}\t${MARK}`,
  ].map((id) => ({
    ...right,
    what: `the request id ${id.slice(0, 40)}`,
    headers: { ...right.headers, "X-Request-Id": id },
  }));
}
