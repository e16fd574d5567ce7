import { createHash } from "node:crypto";
import { assertEquals } from "@std/assert";
import feed from "../../supabase/functions/calendar-feed/index.ts";
import { LOCAL_DEFAULTS } from "../../stack/defaults.ts";
import {
  assertWellFormed,
  parseBoth,
  type ParsedCalendar,
  type ParsedEvent,
} from "./calendar_parsers.ts";
import type { Person } from "./people.ts";
import { must } from "./rows.ts";
import { api, secretClient } from "./stack.ts";

/** The secret of the functions under test: the stack's unless the environment says otherwise. */
export const CALENDAR_SECRET = Deno.env.get("CALENDAR_HMAC_SECRET") ??
  LOCAL_DEFAULTS["CALENDAR_HMAC_SECRET"] ?? "";

/** What generate-calendar-url answers. */
export interface Links {
  url: string;
  webcal_url: string;
  google_url: string;
  outlook_url: string;
}

/** Switches calendar sync on, as the web app does: by the user's own hand. */
export async function switchSync(
  person: Person,
  enabled: boolean,
): Promise<void> {
  const { error } = await person.client.from("profiles")
    .update({ calendar_sync_enabled: enabled }).eq("id", person.id);
  if (error) throw error;
}

/** Asks generate-calendar-url for a person's links, with sync switched on. */
export async function linksOf(
  person: Person,
  body: { rotate?: boolean } = {},
): Promise<Links> {
  await switchSync(person, true);
  const { data, error } = await person.client.functions.invoke<Links>(
    "generate-calendar-url",
    { body },
  );
  if (error) throw error;
  if (data === null) throw new Error("generate-calendar-url answered nothing");
  return data;
}

/** A person's calendar as a subscriber gets it: checked line by line and read by two parsers. */
export async function calendarOf(
  person: Person,
  query = "",
): Promise<ParsedCalendar> {
  return await subscribe((await linksOf(person)).url + query);
}

/** The calendar behind an address. */
export async function subscribe(url: string): Promise<ParsedCalendar> {
  const response = await fetch(url);
  const text = await response.text();
  assertEquals(response.status, 200, text);
  return read(text);
}

/** Checks a calendar's text and reads it. */
export function read(text: string): ParsedCalendar {
  assertWellFormed(text);
  return parseBoth(text);
}

/** The only event of a person's calendar. */
export async function onlyEventOf(
  person: Person,
  query = "",
): Promise<ParsedEvent> {
  const { events } = await calendarOf(person, query);
  const [event] = events;
  assertEquals(events.length, 1);
  if (!event) throw new Error("unreachable");
  return event;
}

/** The former kind of link, signed as generate-calendar-url used to. */
export async function signedLink(
  person: { id: string },
  signedAt: Date,
): Promise<string> {
  const ts = String(signedAt.getTime());
  const key = await crypto.subtle.importKey(
    "raw",
    new TextEncoder().encode(CALENDAR_SECRET),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const mac = await crypto.subtle.sign(
    "HMAC",
    key,
    new TextEncoder().encode(`${person.id}:${ts}`),
  );
  const sig = new Uint8Array(mac).toHex();
  return `${api.url}/functions/v1/calendar-feed?uid=${person.id}&ts=${ts}&sig=${sig}`;
}

/** A link of the oldest kind, as one that was handed out before: only its hash is known here. */
export async function legacyLink(person: Person): Promise<string> {
  const token = crypto.randomUUID();
  const hash = createHash("md5").update(token).digest("hex");
  const calendar_token = hash.replace(
    /^(.{8})(.{4}).(.{3})(.{4})/,
    "$1-$2-3$3-$4-",
  );
  must(
    await secretClient().from("profiles").update({ calendar_token })
      .eq("id", person.id).select().single(),
  );
  return `${api.url}/functions/v1/calendar-feed?token=${token}`;
}

/**
 * The function in this process, at a given time and against a given database: what cannot be had over
 * HTTP, since nobody may tell a server what time it is.
 */
export async function fetchFeedAt(
  url: string,
  { now = new Date(), databaseUrl = api.url, headers = {}, method = "GET" }: {
    now?: Date;
    databaseUrl?: string;
    headers?: Record<string, string>;
    method?: string;
  },
): Promise<Response> {
  const environment = {
    SUPABASE_URL: databaseUrl,
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: api.secretKey }),
    CALENDAR_HMAC_SECRET: CALENDAR_SECRET,
  };
  for (const [name, value] of Object.entries(environment)) {
    Deno.env.set(name, value);
  }
  try {
    // the platform takes the prefix off before a function sees the path
    const request = new Request(url.replace("/functions/v1", ""), {
      method,
      headers,
    });
    return await feed.fetchAt(request, now);
  } finally {
    Deno.env.set("SUPABASE_URL", api.url);
  }
}

/** A call of the database. */
export interface Call {
  /** The SQL function's. */
  readonly name: string;
  /** The body of what it answered. */
  readonly answer: string;
}

/** A server between the function and the database that counts what passes. */
export interface Counter extends AsyncDisposable {
  readonly url: string;
  readonly calls: Call[];
}

/** Starts one in front of the Supabase under test. */
export function countingDatabase(): Counter {
  const calls: Call[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      const { pathname, search } = new URL(request.url);
      const response = await fetch(api.url + pathname + search, {
        method: request.method,
        headers: request.headers,
        body: await request.arrayBuffer(),
      });
      const answer = await response.text();
      calls.push({ name: pathname.split("/").pop() ?? "", answer });
      return new Response(answer, {
        status: response.status,
        headers: {
          "Content-Type": response.headers.get("Content-Type") ?? "",
        },
      });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    calls,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

const MINUTE = 60_000;

/** The instant so many days (and hours) from now, on a full minute. */
export function inDays(days: number, hours = 0): Date {
  const minutes = Math.floor(Date.now() / MINUTE) + (days * 24 + hours) * 60;
  return new Date(minutes * MINUTE);
}

/** YYYY-MM-DD of an instant, in UTC. */
export function dateOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}
