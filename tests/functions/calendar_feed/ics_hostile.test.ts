import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { FeedEvent } from "../../../supabase/functions/calendar-feed/events.ts";
import { renderCalendar } from "../../../supabase/functions/calendar-feed/ics.ts";
import {
  assertWellFormed,
  parseBoth,
  propertyPaths,
} from "../../support/calendar_parsers.ts";
import { only, SESSION } from "./ics_fixtures.ts";

const FRAGMENTS = [
  "BEGIN:VEVENT",
  "END:VEVENT\r\n",
  "\r\nEND:VCALENDAR\r\n",
  "\r\nATTENDEE:mailto:x@example.com\r\n",
  "\nBEGIN:VALARM\nACTION:EMAIL\nEND:VALARM\n",
  "\r\n UID:1",
  "\r",
  "\n",
  "\r\n",
  "\n\n",
  "\u0085",
  "\u2028",
  "\u2029",
  "\v",
  "\f",
  "\t",
  "\0",
  "\u001b[31m",
  "\u007f",
  "\u009b",
  "\\",
  "\\n",
  "\\N",
  "\\\\",
  ";",
  ",",
  ":",
  '"',
  "'",
  "^n",
  "=",
  "%0D%0A",
  " ",
  "\u00a0",
  "\ufeff",
  "\u200d",
  "\u202e",
  "שלום",
  "é",
  "e\u0301",
  "😀",
  "👩‍👩‍👧‍👦",
  "\ud83d",
  "\ude00",
  "$&$1",
  "https://example.com/a,b;c\\d",
  "Ana",
  "word ",
  "x".repeat(90),
  "漢".repeat(40),
];

/** What people should not type, and do. */
const hostile = fc.oneof(
  fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 12 })
    .map((fragments) => fragments.join("")),
  fc.string({ unit: "binary", maxLength: 120 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
    .map((units) => String.fromCharCode(...units)),
);
const maybe = fc.option(hostile, { nil: null });

const sessions: fc.Arbitrary<FeedEvent[]> = fc.array(
  fc.record({
    kind: fc.constantFrom("coaching", "group", "cohort"),
    hosting: fc.boolean(),
    title: hostile,
    status: fc.constantFrom("TENTATIVE", "CONFIRMED", "CANCELLED"),
    with_name: maybe,
    context: maybe,
    description: maybe,
    location: maybe,
    meeting_url: maybe,
  }),
  { maxLength: 4 },
).map((parts) =>
  parts.map((part, index) => ({
    ...SESSION,
    ...part,
    uid: `session-${index}@innotruehub`,
  }))
);

Deno.test("hostile text adds no entry and no property to a calendar", () => {
  fc.assert(
    fc.property(sessions, maybe, (events, name) => {
      const ics = renderCalendar({ name, events, alarmMinutes: 5 });
      assertWellFormed(ics);
      const entries = parseBoth(ics).events;
      assertEquals(
        entries.map(({ uid }) => uid),
        events.map(({ uid }) => uid),
      );
      assertEquals(propertyPaths(ics), [
        "VCALENDAR.VERSION",
        "VCALENDAR.PRODID",
        "VCALENDAR.CALSCALE",
        "VCALENDAR.NAME",
        "VCALENDAR.X-WR-CALNAME",
        "VCALENDAR.REFRESH-INTERVAL",
        "VCALENDAR.X-PUBLISHED-TTL",
        ...events.flatMap((event, index) => [
          "VEVENT.UID",
          "VEVENT.SEQUENCE",
          "VEVENT.DTSTAMP",
          "VEVENT.DTSTART",
          "VEVENT.DTEND",
          "VEVENT.SUMMARY",
          "VEVENT.TRANSP",
          ...clean(event.location) ? ["VEVENT.LOCATION"] : [],
          ...event.description && clean(event.description) ||
              clean(event.context) || clean(event.with_name) ||
              clean(event.meeting_url)
            ? ["VEVENT.DESCRIPTION"]
            : [],
          "VEVENT.CATEGORIES",
          ...entries[index]?.url ? ["VEVENT.URL"] : [],
          "VEVENT.STATUS",
          "VEVENT.CREATED",
          "VEVENT.LAST-MODIFIED",
          ...event.status === "CANCELLED" ? [] : [
            "VALARM.ACTION",
            "VALARM.TRIGGER",
            "VALARM.DESCRIPTION",
          ],
        ]),
      ]);
    }),
    { numRuns: 500 },
  );
});

Deno.test("hostile text comes out of a calendar as it was typed, without what is no text", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const calendar = parseBoth(renderCalendar({
        name: text,
        events: [{
          ...SESSION,
          title: `Title ${text}`,
          description: text,
          location: text,
        }],
      }));
      const event = only(calendar.events);
      const line = flat(clean(text));
      assertEquals(
        calendar.name,
        line ? `${shortened(line, 255)}'s InnoTrue Hub` : "InnoTrue Hub",
      );
      assertEquals(event.summary, shortened(flat(clean(`Title ${text}`)), 255));
      assertEquals(event.description ?? "", clean(text));
      assertEquals(event.location ?? "", shortened(line, 255));
    }),
    { numRuns: 500 },
  );
});

Deno.test("hostile text in every field leaves the facts of the other fields alone", () => {
  fc.assert(fc.property(sessions, (events) => {
    const entries = parseBoth(renderCalendar({ name: null, events })).events;
    for (const [index, event] of events.entries()) {
      const entry = entries[index];
      assertEquals(entry?.start, "2026-03-24T10:00:00.000Z");
      assertEquals(entry?.end, "2026-03-24T11:00:00.000Z");
      assertEquals(entry?.status, event.status);
      assertEquals(entry?.stamp, "2026-03-02T08:30:00.000Z");
      assertEquals(entry?.sequence, event.sequence);
      assertEquals(entry?.categories.includes("Hosting"), event.hosting);
      assert(entry?.summary !== "");
    }
  }));
});

Deno.test("hostile links become an address of the web, or none", () => {
  const links = fc.oneof(
    hostile,
    hostile.map((text) => `https://example.com/${text}`),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
  );
  fc.assert(
    fc.property(links, (meeting_url) => {
      const { url } = only(
        parseBoth(
          renderCalendar({ name: null, events: [{ ...SESSION, meeting_url }] }),
        ).events,
      );
      if (url === null) return;
      assert(/^https?:\/\/[!#-&(-+\--:<-\[\]-~]+$/.test(url), url);
      assert(URL.canParse(url));
      assert(url.length <= 2048);
    }),
    { numRuns: 500 },
  );
});

Deno.test("a link of the web keeps its meaning", () => {
  const links = fc.webUrl({ withQueryParameters: true, withFragments: true });
  fc.assert(fc.property(links, (meeting_url) => {
    const { url } = only(
      parseBoth(
        renderCalendar({ name: null, events: [{ ...SESSION, meeting_url }] }),
      ).events,
    );
    const [before, after] = [new URL(meeting_url), new URL(url ?? "")];
    assertEquals(after.host, before.host);
    assertEquals(decoded(after.pathname), decoded(before.pathname));
    assertEquals([...after.searchParams], [...before.searchParams]);
    assertEquals(decoded(after.hash), decoded(before.hash));
  }));
});

function decoded(text: string): string {
  return text.replace(
    /%(2C|3B|27)/g,
    (code) => decodeURIComponent(code),
  );
}

/** A second, slow way to say which text a calendar can hold: code point by code point. */
function clean(text: string | null): string {
  let result = "";
  let afterReturn = false;
  for (const character of text ?? "") {
    const code = character.codePointAt(0) ?? 0;
    if (code === 0x0a && afterReturn) {
      afterReturn = false;
      continue;
    }
    afterReturn = code === 0x0d;
    if ([0x0a, 0x0d, 0x85, 0x2028, 0x2029].includes(code)) result += "\n";
    else if (code >= 0xd800 && code <= 0xdfff) result += "\ufffd";
    else if (code === 0x09) result += "\t";
    else if (code < 0x20 || (code >= 0x7f && code < 0xa0)) continue;
    else result += character;
  }
  return result.trim();
}

function flat(text: string): string {
  return text.split(/[\n\t]+/).join(" ");
}

function shortened(text: string, max: number): string {
  const points = [...text];
  return points.length <= max ? text : `${points.slice(0, max - 1).join("")}…`;
}
