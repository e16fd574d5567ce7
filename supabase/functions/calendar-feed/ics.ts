/**
 * The calendar as text (RFC 5545, RFC 7986). The same rows give the same bytes: nothing here reads a
 * clock or makes an id.
 */
import type { FeedEvent, FeedKind } from "./events.ts";
import { MAX_ADDRESS, multiLine, oneLine, webAddress } from "./text.ts";
import { type CalendarEntry, toText } from "./vcalendar.ts";

/**
 * Part of every ETag. Raise it whenever the same rows come out differently, or the clients keep what
 * they have; the golden files tell when.
 */
export const FEED_REVISION = "1";

/** What a feed is made of. */
export interface FeedCalendar {
  /** The user's name. */
  name: string | null;
  events: readonly FeedEvent[];
  /** Minutes before the start at which a client shows a reminder. */
  alarmMinutes?: number;
}

const PRODUCT = "InnoTrue Hub";
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const DEFAULT_LENGTH = 60 * MINUTE;
const MAX_LINE = 255;
const MAX_DESCRIPTION = 4000;

const LABELS: Record<FeedKind, { category: string; context: string }> = {
  coaching: { category: "Coaching", context: "Program" },
  group: { category: "Group", context: "Group" },
  cohort: { category: "Cohort", context: "Cohort" },
};

/** Renders a feed, ordered by start and UID. Its lines end in CRLF, the last one too. */
export function renderCalendar(
  { name, events, alarmMinutes }: FeedCalendar,
): string {
  const owner = oneLine(name ?? "", MAX_LINE);
  const entries = events
    .map((event) => ({ event, ...span(event) }))
    .sort((a, b) =>
      a.start.getTime() - b.start.getTime() ||
      (a.event.uid < b.event.uid ? -1 : 1)
    )
    .map(({ event, start, end }) => toEntry(event, start, end, alarmMinutes));
  return toText(owner ? `${owner}'s ${PRODUCT}` : PRODUCT, entries);
}

/**
 * What an expired link answers: one entry on `today` (its date in UTC) that says so, and no data of
 * anyone. The entry moves along from day to day, hence a SEQUENCE and a DTSTAMP that follow the date.
 */
export function renderExpiredNotice(
  { today, siteUrl }: { today: Date; siteUrl: string },
): string {
  const day = Math.floor(today.getTime() / DAY);
  const start = new Date(day * DAY);
  return toText(PRODUCT, [{
    uid: "calendar-link-expired@innotruehub",
    sequence: day,
    stamp: start,
    start,
    end: new Date((day + 1) * DAY),
    allDay: true,
    summary: `Your ${PRODUCT} calendar link has expired`,
    description:
      `This calendar no longer shows your sessions. Open ${siteUrl}, copy the new calendar link ` +
      "and subscribe to it, then remove this calendar.",
    url: webAddress(siteUrl),
    status: "CONFIRMED",
    transparency: "TRANSPARENT",
    created: start,
    modified: start,
  }]);
}

function toEntry(
  event: FeedEvent,
  start: Date,
  end: Date,
  alarmMinutes?: number,
): CalendarEntry {
  const cancelled = event.status === "CANCELLED";
  const modified = new Date(event.modified_at);
  return {
    uid: event.uid,
    sequence: event.sequence,
    stamp: modified,
    start,
    end,
    allDay: event.all_day !== null,
    summary: summary(event),
    // what is cancelled, or has no time of day, makes nobody busy
    transparency: cancelled || event.all_day !== null
      ? "TRANSPARENT"
      : "OPAQUE",
    location: oneLine(event.location ?? "", MAX_LINE),
    description: description(event),
    url: webAddress(event.meeting_url ?? ""),
    status: event.status,
    categories: [
      LABELS[event.kind].category,
      ...event.hosting ? ["Hosting"] : [],
    ],
    alarmMinutes: cancelled ? undefined : alarmMinutes,
    created: new Date(event.created_at),
    modified,
  };
}

/**
 * When the session is. iCalendar knows whole seconds only, and a DTEND has to be later than DTSTART
 * (RFC 5545 §3.8.2.2). The database lets no such row in; one that is there all the same gets an hour.
 */
function span(event: FeedEvent): { start: Date; end: Date } {
  if (event.all_day !== null) {
    const start = Date.parse(`${event.all_day}T00:00:00Z`);
    return { start: new Date(start), end: new Date(start + DAY) };
  }
  const start = wholeSeconds(event.starts_at);
  const end = event.ends_at === null ? start : wholeSeconds(event.ends_at);
  return {
    start: new Date(start),
    end: new Date(end > start ? end : start + DEFAULT_LENGTH),
  };
}

function wholeSeconds(instant: string): number {
  return Math.floor(Date.parse(instant) / SECOND) * SECOND;
}

function summary(event: FeedEvent): string {
  const title = oneLine(event.title, MAX_LINE) ||
    `${LABELS[event.kind].category} session`;
  const withName = oneLine(event.with_name ?? "", MAX_LINE);
  if (withName) {
    return mentions(title, withName) ? title : `${title} with ${withName}`;
  }
  const context = oneLine(event.context ?? "", MAX_LINE);
  return event.kind === "group" && !mentions(title, context)
    ? `${title} (${context})`
    : title;
}

function mentions(title: string, name: string): boolean {
  return title.toLowerCase().includes(name.toLowerCase());
}

function description(event: FeedEvent): string {
  const own = multiLine(event.description ?? "", MAX_DESCRIPTION);
  const lines = [
    line(LABELS[event.kind].context, event.context, MAX_LINE),
    line("With", event.with_name, MAX_LINE),
    // as it was typed: "https://… passcode 1234" is more use here than its percent-encoded form
    line("Join", event.meeting_url, MAX_ADDRESS),
  ].filter((text) => text !== "").join("\n");
  return [own, lines].filter((text) => text !== "").join("\n\n");
}

function line(label: string, value: string | null, max: number): string {
  const text = oneLine(value ?? "", max);
  return text ? `${label}: ${text}` : "";
}
