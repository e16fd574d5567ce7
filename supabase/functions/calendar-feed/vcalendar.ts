/**
 * VCALENDAR, VEVENT and VALARM as content lines (RFC 5545 §3.4, §3.6). Escaping, folding and dates are
 * ical-generator's; its classes, which know every property there is, would be half of the feed's bundle.
 */
import { escape, foldLines, formatDate } from "ical-generator";

/** A VEVENT. */
export interface CalendarEntry {
  /** Written as it is: nothing that TEXT would have to escape may be in it. */
  uid: string;
  sequence: number;
  /** DTSTAMP. */
  stamp: Date;
  start: Date;
  /** Exclusive, and later than `start` (RFC 5545 §3.8.2.2). */
  end: Date;
  /** Days, by their date in UTC, instead of instants. */
  allDay: boolean;
  summary: string;
  transparency: "OPAQUE" | "TRANSPARENT";
  /** Empty for none, as `description` is. */
  location?: string;
  description?: string;
  categories?: readonly string[];
  /** A URI, written as it is. */
  url: string | null;
  status: "TENTATIVE" | "CONFIRMED" | "CANCELLED";
  created: Date;
  modified: Date;
  /** Whole minutes before the start at which a client shows a reminder. */
  alarmMinutes?: number;
}

const PRODUCT_ID = "-//InnoTrue Hub//Calendar Feed//EN";
/** How often a client should come back: an hour. */
const REFRESH = "PT1H";
const HOUR = 60; // minutes
const DAY = 24 * HOUR;

/** A calendar as text. Its lines end in CRLF, the last one too. */
export function toText(
  name: string,
  entries: readonly CalendarEntry[],
): string {
  const head = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    `PRODID:${PRODUCT_ID}`,
    "CALSCALE:GREGORIAN",
    // RFC 7986 §5.1 and §5.7, each with the name it had before
    `NAME:${text(name)}`,
    `X-WR-CALNAME:${text(name)}`,
    `REFRESH-INTERVAL;VALUE=DURATION:${REFRESH}`,
    `X-PUBLISHED-TTL:${REFRESH}`,
  ];
  return [
    folded(head),
    // one after the other: all lines of a long calendar at once cost twice the time, for the collector
    ...entries.map((entry) => folded(entryLines(entry))),
    "END:VCALENDAR",
    "",
  ].join("\r\n");
}

/** Content lines as they are written (RFC 5545 §3.1). */
function folded(lines: string[]): string {
  return foldLines(lines.join("\r\n"));
}

function entryLines(entry: CalendarEntry): string[] {
  const { uid, sequence, location, description, categories, url } = entry;
  return [
    "BEGIN:VEVENT",
    `UID:${uid}`,
    `SEQUENCE:${sequence}`,
    `DTSTAMP:${instant(entry.stamp)}`,
    ...timeLines(entry),
    `SUMMARY:${text(entry.summary)}`,
    `TRANSP:${entry.transparency}`,
    ...location ? [`LOCATION:${text(location)}`] : [],
    ...description ? [`DESCRIPTION:${text(description)}`] : [],
    ...categories ? [`CATEGORIES:${categories.map(text).join(",")}`] : [],
    ...url === null ? [] : [`URL;VALUE=URI:${url}`],
    `STATUS:${entry.status}`,
    `CREATED:${instant(entry.created)}`,
    `LAST-MODIFIED:${instant(entry.modified)}`,
    // behind all properties (RFC 5545 §3.6.1)
    ...alarmLines(entry),
    "END:VEVENT",
  ];
}

function timeLines({ allDay, start, end }: CalendarEntry): string[] {
  return allDay
    ? [
      `DTSTART;VALUE=DATE:${day(start)}`,
      `DTEND;VALUE=DATE:${day(end)}`,
      "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
      "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT:TRUE",
    ]
    : [`DTSTART:${instant(start)}`, `DTEND:${instant(end)}`];
}

function alarmLines({ alarmMinutes, summary }: CalendarEntry): string[] {
  return alarmMinutes === undefined ? [] : [
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    `TRIGGER:${before(alarmMinutes)}`,
    `DESCRIPTION:${text(summary)}`,
    "END:VALARM",
  ];
}

/** DURATION of RFC 5545 §3.3.6, back from the start, in the largest units that fit. */
function before(minutes: number): string {
  if (minutes === 0) return "PT0S";
  const unit = (count: number, letter: string) =>
    count >= 1 ? `${Math.floor(count)}${letter}` : "";
  const time = unit(minutes % DAY / HOUR, "H") + unit(minutes % HOUR, "M");
  return `-P${unit(minutes / DAY, "D")}${time && `T${time}`}`;
}

/** TEXT of RFC 5545 §3.3.11. */
function text(value: string): string {
  return escape(value, false);
}

/** DATE-TIME of RFC 5545 §3.3.5, in UTC. */
function instant(date: Date): string {
  return formatDate(null, date);
}

/** DATE of RFC 5545 §3.3.4, the one in UTC. */
function day(date: Date): string {
  return formatDate(null, date, true);
}
