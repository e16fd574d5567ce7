/**
 * Reads calendars the way clients do, with two parsers that share no code with each other or with the
 * generator, and checks them line by line without any parser.
 */
import ICAL from "ical.js";
import nodeIcal from "node-ical";
import { assert, assertEquals } from "@std/assert";

/** A VEVENT as both parsers read it. */
export interface ParsedEvent {
  uid: string;
  /** ISO 8601 in UTC, or YYYY-MM-DD. */
  start: string;
  end: string;
  allDay: boolean;
  summary: string;
  description: string | null;
  location: string | null;
  url: string | null;
  status: string | null;
  transparency: string | null;
  categories: string[];
  sequence: number;
  stamp: string;
  created: string | null;
  modified: string | null;
  /** The TRIGGER of each VALARM. */
  alarms: string[];
}

/** A VCALENDAR as both parsers read it. */
export interface ParsedCalendar {
  name: string | null;
  events: ParsedEvent[];
}

/** Parses with ical.js and node-ical and asserts that the two read the same. */
export function parseBoth(ics: string): ParsedCalendar {
  const calendar = parseWithIcalJs(ics);
  assertEquals(parseWithNodeIcal(ics), {
    name: asNodeIcalReads(calendar.name),
    events: calendar.events.map((event) => ({
      ...event,
      summary: asNodeIcalReads(event.summary),
      description: asNodeIcalReads(event.description),
      location: asNodeIcalReads(event.location),
    })),
  });
  return calendar;
}

/** Parses with ical.js, the parser of Thunderbird. */
export function parseWithIcalJs(ics: string): ParsedCalendar {
  const calendar = new ICAL.Component(ICAL.parse(ics));
  assertEquals(calendar.name, "vcalendar");
  return {
    name: unescaped(textOf(calendar, "x-wr-calname")),
    events: calendar.getAllSubcomponents("vevent").map((event) => ({
      uid: textOf(event, "uid") ?? "",
      start: timeOf(event, "dtstart") ?? "",
      end: timeOf(event, "dtend") ?? "",
      allDay: event.getFirstProperty("dtstart")?.type === "date",
      summary: textOf(event, "summary") ?? "",
      description: textOf(event, "description"),
      location: textOf(event, "location"),
      url: textOf(event, "url"),
      status: textOf(event, "status"),
      transparency: textOf(event, "transp"),
      categories: (event.getFirstProperty("categories")?.getValues() ?? []).map(
        String,
      ),
      sequence: Number(event.getFirstPropertyValue("sequence")),
      stamp: timeOf(event, "dtstamp") ?? "",
      created: timeOf(event, "created"),
      modified: timeOf(event, "last-modified"),
      alarms: event.getAllSubcomponents("valarm").map((alarm) =>
        textOf(alarm, "trigger") ?? ""
      ),
    })),
  };
}

/** Parses with node-ical. */
export function parseWithNodeIcal(ics: string): ParsedCalendar {
  const calendar: Record<string, unknown> = nodeIcal.sync.parseICS(ics);
  const components = Object.values(calendar).filter(isRecord);
  return {
    name: stringOf(
      components.find(({ type }) => type === "VCALENDAR")?.["WR-CALNAME"],
    ),
    events: components.filter(({ type }) => type === "VEVENT").map((event) => ({
      uid: stringOf(event.uid) ?? "",
      start: dateOf(event.start) ?? "",
      end: dateOf(event.end) ?? "",
      allDay: event.datetype === "date",
      summary: stringOf(event.summary) ?? "",
      description: stringOf(event.description),
      location: stringOf(event.location),
      url: stringOf(event.url),
      status: stringOf(event.status),
      transparency: stringOf(event.transparency),
      categories: Array.isArray(event.categories)
        ? event.categories.map(String)
        : [],
      sequence: Number(event.sequence),
      stamp: dateOf(event.dtstamp) ?? "",
      created: dateOf(event.created),
      modified: dateOf(event.lastmodified),
      alarms: Array.isArray(event.alarms)
        ? event.alarms.map(({ trigger }) => String(trigger))
        : [],
    })),
  };
}

/** Every property of every component, in order: `VEVENT.SUMMARY`. */
export function propertyPaths(ics: string): string[] {
  const open: string[] = [];
  const paths: string[] = [];
  for (const line of unfolded(ics)) {
    const [, name = "", value = ""] = /^([A-Za-z0-9-]+)[;:](.*)$/s.exec(line) ??
      [];
    if (name === "BEGIN") open.push(value);
    else if (name === "END") assertEquals(open.pop(), value);
    else paths.push(`${open.at(-1)}.${name}`);
  }
  assertEquals(open, []);
  return paths;
}

/**
 * Checks what RFC 5545 asks of the text itself: CRLF and nothing else, at most 75 octets a line, no
 * character split by a fold, properties before alarms, all that is required and nothing twice, unique
 * UIDs, an end after the start, and no METHOD.
 */
export function assertWellFormed(ics: string): void {
  assert(ics.endsWith("END:VCALENDAR\r\n"), "does not end in CRLF");
  const lines = ics.slice(0, -2).split("\r\n");
  for (const line of lines) {
    const octets = new TextEncoder().encode(line).length;
    assert(octets <= 75, `a line of ${octets} octets: ${line}`);
    assert(!/(?!\t)\p{Cc}/u.test(line), `a control character in ${line}`);
    assert(line.isWellFormed(), `a character split by a fold: ${line}`);
    assert(line !== "", "an empty line");
  }
  const uids: string[] = [];
  const open: string[] = [];
  let seen = new Map<string, string>();
  for (const line of unfolded(ics)) {
    const [, name = "", parameters = "", value = ""] =
      /^([A-Z][A-Z0-9-]*)((?:;[A-Z-]+=[^;:,"]+)*):(.*)$/s.exec(line) ?? [];
    assert(name !== "", `not a content line: ${line}`);
    if (name === "BEGIN") {
      if (value === "VEVENT") seen = new Map();
      open.push(value);
    } else if (name === "END") {
      assertEquals(open.pop(), value);
      if (value === "VEVENT") uids.push(assertEvent(seen));
      if (value === "VALARM") seen.set("VALARM", "");
    } else {
      assert(name !== "METHOD", "METHOD would make ORGANIZER required");
      if (open.at(-1) === "VEVENT") {
        assert(!seen.has(name), `${name} twice in one event`);
        assert(!seen.has("VALARM"), `${name} after a VALARM`);
        seen.set(name, `${parameters}:${value}`);
      }
    }
  }
  assertEquals(open, []);
  assertEquals(new Set(uids).size, uids.length, "a UID is not unique");
  const [begin, ...header] = unfolded(ics);
  assertEquals(begin, "BEGIN:VCALENDAR");
  assert(header.includes("VERSION:2.0"), "no VERSION");
  assert(header.some((line) => line.startsWith("PRODID:")), "no PRODID");
}

function assertEvent(properties: Map<string, string>): string {
  for (const name of ["UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"]) {
    assert(properties.has(name), `an event without ${name}`);
  }
  const value = (name: string) => properties.get(name) ?? "";
  for (const name of ["DTSTAMP", "CREATED", "LAST-MODIFIED"]) {
    if (properties.has(name)) assert(/^:\d{8}T\d{6}Z$/.test(value(name)), name);
  }
  const form = /^;VALUE=DATE:\d{8}$/.test(value("DTSTART"))
    ? /^;VALUE=DATE:\d{8}$/
    : /^:\d{8}T\d{6}Z$/;
  assert(form.test(value("DTSTART")), `DTSTART${value("DTSTART")}`);
  assert(form.test(value("DTEND")), `DTEND${value("DTEND")}`);
  assert(value("DTEND") > value("DTSTART"), "DTEND is not after DTSTART");
  return value("UID");
}

function unfolded(ics: string): string[] {
  return ics.replaceAll(/\r\n[ \t]/g, "").split("\r\n").slice(0, -1);
}

/**
 * node-ical 0.26 undoes the escapes one kind after the other, so that an escaped backslash before an n
 * becomes a line break, and takes the quotes off a text that is all within quotes.
 */
function asNodeIcalReads<T extends string | null>(text: T): T | string {
  return text === null ? text : text
    .replace(/[\\;,]/g, "\\$&").replaceAll("\n", "\\n")
    .replaceAll("\\,", ",").replaceAll("\\;", ";").replaceAll(/\\[nN]/g, "\n")
    .replaceAll("\\\\", "\\").replace(/^"(.*)"$/, "$1");
}

/** ical.js leaves the value of a property that it does not know as it is. */
function unescaped(text: string | null): string | null {
  return text === null
    ? null
    : text.replace(/\\([\\;,nN])/g, (_, c) => /n/i.test(c) ? "\n" : c);
}

function textOf(component: ICAL.Component, name: string): string | null {
  const value = component.getFirstPropertyValue(name);
  return value === null ? null : String(value);
}

function timeOf(component: ICAL.Component, name: string): string | null {
  const value = component.getFirstPropertyValue(name);
  if (!(value instanceof ICAL.Time)) return null;
  return value.isDate ? value.toString() : value.toJSDate().toISOString();
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** node-ical gives `{ params, val }` where there are parameters. */
function stringOf(value: unknown): string | null {
  const text = isRecord(value) ? value.val : value;
  return typeof text === "string" ? text : null;
}

/** node-ical has a date without time at midnight of this computer's zone. */
function dateOf(value: unknown): string | null {
  if (!(value instanceof Date)) return null;
  if (!("dateOnly" in value)) return value.toISOString();
  return [value.getFullYear(), value.getMonth() + 1, value.getDate()]
    .map((part) => String(part).padStart(2, "0")).join("-");
}
