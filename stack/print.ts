import { DEMO_LOGINS, DEMO_PASSWORD } from "./calendar_url.ts";
import { PUBLISHABLE_KEY, SECRET_KEY } from "./keys.ts";
import type { Stack } from "./stack.ts";

/** One line of JSON, with the names `supabase status -o env` uses. */
export function toJson(stack: Stack, calendarUrl: string | undefined): string {
  return JSON.stringify({
    API_URL: stack.url,
    PUBLISHABLE_KEY,
    SECRET_KEY,
    DB_URL: stack.dbUrl,
    CALENDAR_URL: calendarUrl,
  });
}

/** What a person needs to try the stack. */
export function toText(
  stack: Stack,
  calendarUrl: string | undefined,
): string {
  return [
    `API               ${stack.url}`,
    `Publishable key   ${PUBLISHABLE_KEY}`,
    `Secret key        ${SECRET_KEY}`,
    ...(stack.dbUrl ? [`Database          ${stack.dbUrl}`] : []),
    ...stack.functions.map((name, at) =>
      `${
        at === 0 ? "Functions         " : "                  "
      }${stack.url}/functions/v1/${name}`
    ),
    ...(calendarUrl // of a demo login: there are some
      ? [
        `Demo logins       ${
          DEMO_LOGINS.join(", ")
        }; password ${DEMO_PASSWORD}`,
        `Calendar          ${calendarUrl}`,
      ]
      : []),
    "",
    "Ctrl-C stops it.",
  ].join("\n");
}
