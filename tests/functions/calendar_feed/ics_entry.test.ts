import { assertEquals } from "@std/assert";
import type { FeedEvent } from "../../../supabase/functions/calendar-feed/events.ts";
import { entryOf, SESSION, summaryOf } from "./ics_fixtures.ts";

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
