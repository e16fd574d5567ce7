import type { Person } from "../tests/support/people.ts";
import { api } from "../tests/support/stack.ts";
import type { Send } from "./contest.ts";

/** Sends this request and reads the answer to its end. @throws {Error} on any other status */
export function expecting(
  status: number,
  path: string,
  init: RequestInit = {},
): Send {
  return async (gateway) => {
    const response = await fetch(gateway + path, init);
    const body = await response.text();
    if (response.status === status) return;
    throw new Error(
      `${path.split("?")[0]}: ${response.status} ${body.slice(0, 200)}`,
    );
  };
}

/** Posts JSON to the function of this name. Expects 200. */
export function posting(
  name: string,
  body: object,
  headers: Record<string, string> = {},
): Send {
  return expecting(200, `/functions/v1/${name}`, {
    method: "POST",
    headers: {
      apikey: api.publishableKey,
      "Content-Type": "application/json",
      ...headers,
    },
    body: JSON.stringify(body),
  });
}

/** The same as somebody who is signed in, as the web app does. */
export function postingAs(
  { token }: Person,
  name: string,
  body: object = {},
): Send {
  return posting(name, body, { Authorization: `Bearer ${token}` });
}

/** The same with the secret key, as pg_cron does. */
export function postingAsService(name: string): Send {
  return posting(name, {}, { apikey: api.secretKey });
}
