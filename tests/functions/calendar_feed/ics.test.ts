import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  type FeedEvent,
  readEvents,
} from "../../../supabase/functions/calendar-feed/events.ts";
import {
  renderCalendar,
  renderExpiredNotice,
} from "../../../supabase/functions/calendar-feed/ics.ts";
import {
  assertWellFormed,
  parseBoth,
  type ParsedCalendar,
  type ParsedEvent,
} from "../../support/calendar_parsers.ts";
import { DAY, only, SESSION } from "./ics_fixtures.ts";

function calendarOf(
  events: FeedEvent[],
  options: { name?: string; alarmMinutes?: number } = {},
): ParsedCalendar {
  const ics = renderCalendar({ name: null, ...options, events });
  assertWellFormed(ics);
  return parseBoth(ics);
}

function entryOf(event: FeedEvent, alarmMinutes?: number): ParsedEvent {
  return only(calendarOf([event], { alarmMinutes }).events);
}

function summaryOf(parts: Partial<FeedEvent>): string {
  return entryOf(only(readEvents([{ ...SESSION, ...parts }]))).summary;
}

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

Deno.test("calendar entry has all that its row has", () => {
  assertEquals(
    entryOf({
      ...SESSION,
      hosting: true,
      sequence: 3,
      with_name: "Ana Pop",
      context: "Leadership; year 1",
      description: "Chapter 3,\nplease read \\ it",
      location: "Str. Lungă 1, Brașov",
      meeting_url: "https://meet.example.com/a?b=c",
    }, 15),
    {
      uid: SESSION.uid,
      start: "2026-03-24T10:00:00.000Z",
      end: "2026-03-24T11:00:00.000Z",
      allDay: false,
      summary: "Leading a team with Ana Pop",
      description:
        "Chapter 3,\nplease read \\ it\n\nProgram: Leadership; year 1\n" +
        "With: Ana Pop\nJoin: https://meet.example.com/a?b=c",
      location: "Str. Lungă 1, Brașov",
      url: "https://meet.example.com/a?b=c",
      status: "CONFIRMED",
      transparency: "OPAQUE",
      categories: ["Coaching", "Hosting"],
      sequence: 3,
      stamp: "2026-03-02T08:30:00.000Z",
      created: "2026-03-01T08:00:00.000Z",
      modified: "2026-03-02T08:30:00.000Z",
      alarms: ["-PT15M"],
    },
  );
});

Deno.test("calendar entry has nothing where its row has nothing", () => {
  const entry = entryOf({ ...SESSION, description: " \n ", location: "\t" });
  assertEquals(entry.description, null);
  assertEquals(entry.location, null);
  assertEquals(entry.url, null);
  assertEquals(entry.alarms, []);
});

Deno.test("calendar entry names program, group or cohort by what it is", () => {
  const context = "Alpha";
  const of = (kind: FeedEvent["kind"]) =>
    entryOf({ ...SESSION, kind, context });
  assertEquals(of("coaching").description, "Program: Alpha");
  assertEquals(of("group").description, "Group: Alpha");
  assertEquals(of("cohort").description, "Cohort: Alpha");
  assertEquals(of("coaching").categories, ["Coaching"]);
  assertEquals(of("group").categories, ["Group"]);
  assertEquals(of("cohort").categories, ["Cohort"]);
});

Deno.test("calendar summary names the other party unless the title does", () => {
  assertEquals(summaryOf({ with_name: "Ana" }), "Leading a team with Ana");
  assertEquals(
    summaryOf({ title: "Coaching with ANA POP", with_name: "Ana Pop" }),
    "Coaching with ANA POP",
  );
  assertEquals(summaryOf({ with_name: " \n" }), "Leading a team");
});

Deno.test("calendar summary names the group where there is no other party", () => {
  const group = { kind: "group", context: "Peers 4" } as const;
  assertEquals(summaryOf(group), "Leading a team (Peers 4)");
  assertEquals(
    summaryOf({ ...group, title: "PEERS 4: retrospective" }),
    "PEERS 4: retrospective",
  );
  assertEquals(
    summaryOf({ ...group, with_name: "Ana" }),
    "Leading a team with Ana",
  );
  assertEquals(summaryOf({ ...group, context: null }), "Leading a team");
  assertEquals(summaryOf({ ...group, kind: "cohort" }), "Leading a team");
});

Deno.test("calendar summary is never empty", () => {
  assertEquals(summaryOf({ title: " \r\n\u0000 " }), "Coaching session");
  assertEquals(summaryOf({ title: "", kind: "cohort" }), "Cohort session");
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

Deno.test("calendar gives a meeting link as URL only if it is one of the web", () => {
  const url = (meeting_url: string) => entryOf({ ...SESSION, meeting_url }).url;
  assertEquals(url(" https://Example.com/a b "), "https://example.com/a%20b");
  assertEquals(url("http://example.com"), "http://example.com/");
  assertEquals(
    url(`https://e.example/a,b;c\\d?q="x",'y';\\#z,"`),
    "https://e.example/a%2Cb%3Bc/d?q=%22x%22%2C%27y%27%3B%5C#z%2C%22",
  );
  assertEquals(
    url("https://țară.example/ș"),
    "https://xn--ar-kla13i.example/%C8%99",
  );
  for (
    const text of [
      "javascript:alert(1)",
      "data:text/html,hi",
      "ftp://example.com/",
      "zoommtg://zoom.us/join",
      "example.com/room",
      "Room 4",
      "https://",
      "//example.com",
      "",
      `https://example.com/${"x".repeat(2048)}`,
    ]
  ) {
    assertEquals(url(text), null, text);
  }
});

Deno.test("calendar keeps a meeting link that is no address as text", () => {
  const entry = entryOf({
    ...SESSION,
    meeting_url: "Room 4,\nask for the key",
  });
  assertEquals(entry.url, null);
  assertEquals(entry.description, "Join: Room 4, ask for the key");
});

Deno.test("calendar cuts long text, never within a character", () => {
  const entry = entryOf({
    ...SESSION,
    title: "😀".repeat(300),
    location: "漢".repeat(256),
    description: "é".repeat(4001),
  });
  assertEquals(entry.summary, `${"😀".repeat(254)}…`);
  assertEquals(entry.location, `${"漢".repeat(254)}…`);
  assertEquals(entry.description, `${"é".repeat(3999)}…`);
});

Deno.test("calendar leaves text of just the longest length whole", () => {
  const entry = entryOf({
    ...SESSION,
    title: "😀".repeat(255),
    location: "a".repeat(255),
    description: "😀".repeat(4000),
  });
  assertEquals(entry.summary, "😀".repeat(255));
  assertEquals(entry.location, "a".repeat(255));
  assertEquals(entry.description, "😀".repeat(4000));
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
