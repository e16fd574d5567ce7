import { assertEquals } from "@std/assert";
import type { FeedEvent } from "../../../supabase/functions/calendar-feed/events.ts";
import {
  FEED_REVISION,
  renderCalendar,
  renderExpiredNotice,
} from "../../../supabase/functions/calendar-feed/ics.ts";
import { assertWellFormed, parseBoth } from "../../support/calendar_parsers.ts";
import recorded from "../../golden/revision.json" with { type: "json" };
import { DAY, SESSION } from "./ics_fixtures.ts";

const FOLDER = new URL("../../golden/", import.meta.url);
const UPDATE = Deno.env.get("UPDATE_GOLDEN") === "1";

const COACHING = {
  ...SESSION,
  with_name: "Maria Ionescu",
  context: "Leadership essentials",
  description: "Chapter 3: delegation.\nPlease read it before.",
  meeting_url: "https://meet.example.com/room/1?pwd=a,b",
} satisfies FeedEvent;

const GROUP = {
  ...SESSION,
  uid: "group-session-33333333-3333-4333-8333-333333333333@innotruehub",
  kind: "group",
  title: "Peer session",
  starts_at: "2026-03-29T07:00:00+00:00",
  ends_at: "2026-03-29T08:30:00+00:00",
  context: "Alpha peers",
  location: "Str. Lungă 1, Brașov; room 4",
  sequence: 2,
} satisfies FeedEvent;

const COHORT = {
  ...SESSION,
  uid: DAY.uid,
  kind: "cohort",
  title: "Kick-off",
  starts_at: "2026-03-28T08:00:00+00:00",
  ends_at: "2026-03-28T09:30:00+00:00",
  context: "Spring cohort 2026",
  with_name: "Dan Pop",
} satisfies FeedEvent;

const HOSTED = {
  ...COACHING,
  uid: "module-session-44444444-4444-4444-8444-444444444444@innotruehub",
  hosting: true,
  status: "TENTATIVE",
  title: "Intake",
  with_name: "Ștefan O'Brien",
  starts_at: "2026-11-01T05:30:00+00:00",
  ends_at: "2026-11-01T06:30:00+00:00",
  description: null,
} satisfies FeedEvent;

const HOSTILE_TEXT =
  'a;b,c\\d\\n"e"\r\nBEGIN:VEVENT\rUID:x\u2028METHOD:PUBLISH\u0085\0\u001b[31m' +
  "\ud83d 😀👩‍👩‍👧‍👦 שלום \u202eabc ^n %0D%0A " + "漢字".repeat(40);

const HOSTILE = {
  ...SESSION,
  title: HOSTILE_TEXT,
  with_name: HOSTILE_TEXT,
  context: HOSTILE_TEXT,
  description: HOSTILE_TEXT,
  location: HOSTILE_TEXT,
  meeting_url: "https://e.example/a,b;c\\d\r\nATTENDEE:x?q=\"'",
} satisfies FeedEvent;

const GOLDEN: Record<string, () => string> = {
  "empty.ics": () => renderCalendar({ name: "Ana Pop", events: [] }),
  "kinds.ics": () =>
    renderCalendar({
      name: "Ana Pop",
      events: [COACHING, GROUP, COHORT, HOSTED],
    }),
  "cancelled_all_day_alarm.ics": () =>
    renderCalendar({
      name: "Ana Pop",
      events: [{ ...COACHING, status: "CANCELLED", sequence: 1 }, GROUP, DAY],
      alarmMinutes: 30,
    }),
  "hostile.ics": () =>
    renderCalendar({ name: HOSTILE_TEXT, events: [HOSTILE] }),
  "expired_link.ics": () =>
    renderExpiredNotice({
      today: new Date("2026-03-24T10:00:00Z"),
      siteUrl: "https://app.innotrue.com",
    }),
};

for (const [file, render] of Object.entries(GOLDEN)) {
  Deno.test(`golden calendar ${file} is rendered byte for byte`, async () => {
    const ics = render();
    assertWellFormed(ics);
    parseBoth(ics);
    const path = new URL(file, FOLDER);
    if (UPDATE) await Deno.writeTextFile(path, ics);
    assertEquals(
      ics,
      await Deno.readTextFile(path),
      `${file} differs. If that is meant, run this test once with UPDATE_GOLDEN=1.`,
    );
  });
}

Deno.test("golden calendars do not change without a new FEED_REVISION", async () => {
  const known: Record<string, string> = recorded.sha256;
  const present: Record<string, string> = {};
  for (const file of Object.keys(GOLDEN).sort()) {
    const bytes = await Deno.readFile(new URL(file, FOLDER));
    present[file] = await sha256(bytes);
  }
  const changed = Object.keys(present).filter((file) =>
    file in known && known[file] !== present[file]
  );
  if (recorded.revision === FEED_REVISION) {
    assertEquals(
      changed,
      [],
      "These calendars are rendered differently, and clients would keep the old ones: their ETag " +
        "holds the old revision. Raise FEED_REVISION in supabase/functions/calendar-feed/ics.ts, " +
        "then run this test once with UPDATE_GOLDEN=1.",
    );
  }
  const current = { revision: FEED_REVISION, sha256: present };
  if (UPDATE) {
    await Deno.writeTextFile(
      new URL("revision.json", FOLDER),
      `${JSON.stringify(current, null, 2)}\n`,
    );
    return;
  }
  assertEquals(
    recorded,
    current,
    "tests/golden/revision.json is behind: run this test once with UPDATE_GOLDEN=1.",
  );
});

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(
    new Uint8Array(digest),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");
}
