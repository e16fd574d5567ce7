import { siteUrl } from "../_shared/env.ts";
import { Refusal } from "../_shared/errors.ts";
import { type CalendarBody, rendered } from "./body.ts";
import { readEvents } from "./events.ts";
import type { Feed } from "./feed.ts";
import { acceptsGzip, etag, matches, variantKey } from "./http.ts";
import { renderCalendar, renderExpiredNotice } from "./ics.ts";
import type { FeedOptions } from "./options.ts";

/** What is asked for, and when. */
export interface Asked {
  readonly request: Request;
  readonly options: FeedOptions;
  readonly now: Date;
  /** Takes a calendar that is worth keeping: its reader knows no ETag and will ask for all of it again. */
  readonly keep: (
    userId: string,
    fingerprint: string,
    body: CalendarBody,
  ) => void;
}

/**
 * The database's answer as an HTTP response: 200 with the calendar, 304 when the client has it already,
 * a calendar that says so for a link past its days, or a refusal with 404.
 *
 * @throws {TypeError} when the answer is not what the SQL function promises
 */
export async function respond(
  feed: Feed,
  asked: Asked,
): Promise<Response | Refusal> {
  const { now } = asked;
  switch (feed.outcome) {
    case "ok":
      return await calendar(
        asked,
        headersFor(asked, feed),
        () => bodyOf(feed, asked),
      );
    case "not_modified":
      return notModified(headersFor(asked, feed));
    case "expired": {
      const today = {
        fingerprint: `expired-${now.toISOString().slice(0, 10)}`,
        modified_at: null,
      };
      return await calendar(
        asked,
        headersFor(asked, today),
        () => rendered(renderExpiredNotice({ today: now, siteUrl: siteUrl() })),
      );
    }
    case "not_found":
      return new Refusal("not_found");
    default:
      throw new TypeError("calendar_feed answered an unknown outcome");
  }
}

/** The calendar that was kept, or one rendered from the sessions. */
function bodyOf(feed: Feed, { request, options, keep }: Asked): CalendarBody {
  if (feed.kept) return feed.kept;
  const body = rendered(renderCalendar({
    name: feed.name,
    events: readEvents(feed.events),
    alarmMinutes: options.alarmMinutes,
  }));
  if (
    !request.headers.has("If-None-Match") && feed.user_id !== null &&
    feed.fingerprint !== null
  ) {
    keep(feed.user_id, feed.fingerprint, body);
  }
  return body;
}

async function calendar(
  { request }: Asked,
  headers: Headers,
  make: () => CalendarBody,
): Promise<Response> {
  const ifNoneMatch = request.headers.get("If-None-Match");
  if (matches(ifNoneMatch, headers.get("ETag") ?? "")) {
    return notModified(headers);
  }

  headers.set("Content-Type", "text/calendar; charset=utf-8");
  headers.set("Content-Disposition", 'inline; filename="innotruehub.ics"');
  const body = make();
  const compressed = wantsGzip(request);
  if (compressed) headers.set("Content-Encoding", "gzip");
  const bytes = await (compressed ? body.packed() : body.plain());
  // said, because the runtime would say 0 of what a HEAD leaves out
  headers.set("Content-Length", String(bytes.length));
  return new Response(request.method === "HEAD" ? null : bytes, { headers });
}

/** With the headers that a 200 would carry (RFC 9110 §15.4.5). */
function notModified(headers: Headers): Response {
  return new Response(null, { status: 304, headers });
}

function headersFor(
  { request, options }: Asked,
  { fingerprint, modified_at }: Pick<Feed, "fingerprint" | "modified_at">,
): Headers {
  if (fingerprint === null) {
    throw new TypeError("calendar_feed answered without a fingerprint");
  }
  const headers = new Headers({
    ETag: etag(
      fingerprint,
      variantKey(options),
      wantsGzip(request) ? "gzip" : undefined,
    ),
    "Cache-Control": "private, max-age=300",
    Vary: "Accept-Encoding",
  });
  if (modified_at !== null) {
    headers.set("Last-Modified", new Date(modified_at).toUTCString());
  }
  return headers;
}

function wantsGzip(request: Request): boolean {
  return acceptsGzip(request.headers.get("Accept-Encoding"));
}
