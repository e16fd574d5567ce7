import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  type FeedEvent,
  readEvents,
} from "../../../supabase/functions/calendar-feed/events.ts";
import {
  renderCalendar,
  renderExpiredNotice,
} from "../../../supabase/functions/calendar-feed/ics.ts";
import { assertWellFormed, parseBoth } from "../../support/calendar_parsers.ts";
import { calendarOf, DAY, entryOf, only, SESSION } from "./ics_fixtures.ts";

Deno.test("calendar of someone without sessions is a calendar", () => {
  assertEquals(calendarOf([], { name: "Ana Pop" }), {
    name: "Ana Pop's InnoTrue Hub",
    events: [],
  });
});

Deno.test("calendar without an owner's name has the product's", () => {
  assertEquals(calendarOf([]).name, "InnoTrue Hub");
  assertEquals(calendarOf([], { name: " \r\n " }).name, "InnoTrue Hub");
});

Deno.test("calendar head names version, product, scale and refresh interval, and no METHOD", () => {
  const head = renderCalendar({ name: "Ana", events: [] });
  assertEquals(head.split("\r\n"), [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//InnoTrue Hub//Calendar Feed//EN",
    "CALSCALE:GREGORIAN",
    "NAME:Ana's InnoTrue Hub",
    "X-WR-CALNAME:Ana's InnoTrue Hub",
    "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    "X-PUBLISHED-TTL:PT1H",
    "END:VCALENDAR",
    "",
  ]);
});

Deno.test("calendar name is escaped once, and injects no line", () => {
  const name = "Pop; Ana, \\ \\n\r\nMETHOD:PUBLISH";
  const ics = renderCalendar({ name, events: [] });
  assertWellFormed(ics);
  assertStringIncludes(
    ics,
    "X-WR-CALNAME:Pop\\; Ana\\, \\\\ \\\\n METHOD:PUBLISH's InnoTrue Hub\r\n",
  );
  assertEquals(
    parseBoth(ics).name,
    "Pop; Ana, \\ \\n METHOD:PUBLISH's InnoTrue Hub",
  );
});

Deno.test("calendar entry that is requested is tentative and keeps its time busy", () => {
  const entry = entryOf({ ...SESSION, status: "TENTATIVE" });
  assertEquals(entry.status, "TENTATIVE");
  assertEquals(entry.transparency, "OPAQUE");
});

Deno.test("calendar entry that is cancelled frees its time and rings no alarm", () => {
  const entry = entryOf({ ...SESSION, status: "CANCELLED" }, 15);
  assertEquals(entry.status, "CANCELLED");
  assertEquals(entry.transparency, "TRANSPARENT");
  assertEquals(entry.alarms, []);
});

Deno.test("calendar entry of a day without a time takes that day and frees its time", () => {
  const entry = entryOf({ ...DAY, all_day: "2026-12-31" });
  assertEquals(entry.allDay, true);
  assertEquals([entry.start, entry.end], ["2026-12-31", "2027-01-01"]);
  assertEquals(entry.transparency, "TRANSPARENT");
});

Deno.test("calendar alarm rings as many minutes before as asked", () => {
  const alarm = (minutes: number) => entryOf(SESSION, minutes).alarms;
  assertEquals(alarm(0), ["PT0S"]);
  assertEquals(alarm(1), ["-PT1M"]);
  assertEquals(alarm(90), ["-PT1H30M"]);
  assertEquals(alarm(1440), ["-P1D"]);
  assertEquals(alarm(40_320), ["-P28D"]);
});

Deno.test("calendar alarms stand behind all properties and show the summary", () => {
  const ics = renderCalendar({
    name: null,
    events: [SESSION, DAY],
    alarmMinutes: 10,
  });
  assertWellFormed(ics);
  const alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT10M\r\n" +
    "DESCRIPTION:Leading a team\r\nEND:VALARM\r\nEND:VEVENT\r\n";
  assertEquals(ics.split(alarm).length, 3);
});

Deno.test("calendar times are the row's, in UTC, on both sides of a clock change", () => {
  const at = (starts_at: string, ends_at: string) => {
    const { start, end } = entryOf({ ...SESSION, starts_at, ends_at });
    return `${start} ${end}`;
  };
  // 10:00 in Bucharest on the Saturday before and the Sunday of the change
  assertEquals(
    at("2026-03-28T10:00:00+02:00", "2026-03-28T11:00:00+02:00"),
    "2026-03-28T08:00:00.000Z 2026-03-28T09:00:00.000Z",
  );
  assertEquals(
    at("2026-03-29T10:00:00+03:00", "2026-03-29T11:00:00+03:00"),
    "2026-03-29T07:00:00.000Z 2026-03-29T08:00:00.000Z",
  );
  // the hour that New York has twice
  assertEquals(
    at("2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00"),
    "2026-11-01T05:30:00.000Z 2026-11-01T06:30:00.000Z",
  );
});

Deno.test("calendar entry whose end is not after its start lasts an hour from its start", () => {
  for (
    const ends_at of [
      null,
      SESSION.starts_at,
      "2026-03-24T09:00:00+00:00",
      "2026-03-24T10:00:00.9+00:00", // the same second
    ]
  ) {
    const { start, end } = entryOf({ ...SESSION, ends_at });
    assertEquals(start, "2026-03-24T10:00:00.000Z");
    assertEquals(end, "2026-03-24T11:00:00.000Z");
  }
});

Deno.test("calendar is the same bytes whatever the order of rows and keys", () => {
  const events: FeedEvent[] = [
    SESSION,
    DAY,
    { ...SESSION, uid: "a@innotruehub" },
    {
      ...SESSION,
      uid: "b@innotruehub",
      starts_at: "2026-03-24T11:30:00+02:00",
    },
  ];
  const turned = readEvents(
    events.toReversed().map((event) =>
      Object.fromEntries(Object.entries(event).reverse())
    ),
  );
  const ics = renderCalendar({ name: "Ana", events });
  assertEquals(renderCalendar({ name: "Ana", events: turned }), ics);
  assertEquals(
    parseBoth(ics).events.map(({ uid }) => uid),
    ["b@innotruehub", "a@innotruehub", SESSION.uid, DAY.uid],
  );
});

Deno.test("calendar rendering leaves its input alone", () => {
  const events = [DAY, SESSION];
  const before = structuredClone(events);
  renderCalendar({ name: "Ana", events });
  assertEquals(events, before);
});

Deno.test("calendar of 5,000 sessions has all of them", () => {
  const events = Array.from({ length: 5000 }, (_, index) => ({
    ...SESSION,
    uid: `module-session-${index}@innotruehub`,
  }));
  assertEquals(calendarOf(events).events.length, 5000);
});

Deno.test("expired link answers one entry, today, and says where to get another", () => {
  const ics = renderExpiredNotice({
    today: new Date("2026-03-24T23:59:59Z"),
    siteUrl: "https://app.innotrue.com",
  });
  assertWellFormed(ics);
  const { name, events } = parseBoth(ics);
  const notice = only(events);
  assertEquals(name, "InnoTrue Hub");
  assertEquals(notice.start, "2026-03-24");
  assertEquals(notice.end, "2026-03-25");
  assertEquals(notice.transparency, "TRANSPARENT");
  assertEquals(notice.url, "https://app.innotrue.com/");
  assertStringIncludes(notice.summary, "expired");
  assertStringIncludes(notice.description, "https://app.innotrue.com");
});

Deno.test("expired link answers the same bytes all day, and a newer entry the day after", () => {
  const siteUrl = "https://app.innotrue.com";
  const at = (today: string) =>
    renderExpiredNotice({ today: new Date(today), siteUrl });
  assertEquals(at("2026-03-24T00:00:00Z"), at("2026-03-24T23:59:59.999Z"));
  const before = only(parseBoth(at("2026-03-24T12:00:00Z")).events);
  const after = only(parseBoth(at("2026-03-25T00:00:00Z")).events);
  assertEquals(after.uid, before.uid);
  assertEquals(after.sequence, before.sequence + 1);
  assert(after.stamp > before.stamp);
});
