import {
  type FeedEvent,
  readEvents,
} from "../../../supabase/functions/calendar-feed/events.ts";
import { renderCalendar } from "../../../supabase/functions/calendar-feed/ics.ts";
import {
  assertWellFormed,
  parseBoth,
  type ParsedCalendar,
  type ParsedEvent,
} from "../../support/calendar_parsers.ts";

/** A one-to-one session of an hour, for what a test does not care about. */
export const SESSION = {
  uid: "module-session-11111111-1111-4111-8111-111111111111@innotruehub",
  kind: "coaching",
  hosting: false,
  title: "Leading a team",
  status: "CONFIRMED",
  starts_at: "2026-03-24T10:00:00+00:00",
  ends_at: "2026-03-24T11:00:00+00:00",
  all_day: null,
  sequence: 0,
  modified_at: "2026-03-02T08:30:00.123456+00:00",
  created_at: "2026-03-01T08:00:00+00:00",
  with_name: null,
  context: null,
  description: null,
  location: null,
  meeting_url: null,
} satisfies FeedEvent;

/** The same without a time of day. */
export const DAY = {
  ...SESSION,
  uid: "cohort-session-22222222-2222-4222-8222-222222222222@innotruehub",
  kind: "cohort",
  starts_at: null,
  ends_at: null,
  all_day: "2026-03-29",
} satisfies FeedEvent;

/** The one item of a list. */
export function only<T>(items: readonly T[]): T {
  const [item, ...others] = items;
  if (item === undefined || others.length > 0) {
    throw new Error(`expected one item, got ${items.length}`);
  }
  return item;
}

/** Renders, checks and parses a calendar. */
export function calendarOf(
  events: FeedEvent[],
  options: { name?: string; alarmMinutes?: number } = {},
): ParsedCalendar {
  const ics = renderCalendar({ name: null, ...options, events });
  assertWellFormed(ics);
  return parseBoth(ics);
}

/** The VEVENT of a session. */
export function entryOf(event: FeedEvent, alarmMinutes?: number): ParsedEvent {
  return only(calendarOf([event], { alarmMinutes }).events);
}

/** The SUMMARY of a session that is as given and otherwise like any. */
export function summaryOf(parts: Partial<FeedEvent>): string {
  return entryOf(only(readEvents([{ ...SESSION, ...parts }]))).summary;
}
