import { assertEquals, assertThrows } from "@std/assert";
import { readEvents } from "../../../supabase/functions/calendar-feed/events.ts";
import { DAY, SESSION } from "./ics_fixtures.ts";

Deno.test("feed rows are read as they are", () => {
  const rows = [
    SESSION,
    {
      ...DAY,
      status: "CANCELLED",
      hosting: true,
      with_name: "Ana Pop",
      context: "Spring cohort",
      description: "Bring\na book",
      location: "Room 1",
      meeting_url: "https://meet.example.com/1",
    },
  ];
  assertEquals(readEvents(JSON.parse(JSON.stringify(rows))), rows);
  assertEquals(readEvents([]), []);
});

Deno.test("feed rows lose what is not part of a session", () => {
  assertEquals(readEvents([{ ...SESSION, client_email: "a@example.com" }]), [
    SESSION,
  ]);
});

Deno.test("feed rows may leave the end open", () => {
  assertEquals(readEvents([{ ...SESSION, ends_at: null }])[0]?.ends_at, null);
});

Deno.test("feed rows take every instant that PostgreSQL writes as JSON", () => {
  for (
    const instant of [
      "2026-03-24T10:00:00+00:00",
      "2026-03-24T10:00:00.1+00:00",
      "2026-03-24T10:00:00.123456+05:30",
      "2026-03-24T10:00:00-03:00",
      "2026-03-24T10:00:00Z",
    ]
  ) {
    assertEquals(
      readEvents([{ ...SESSION, starts_at: instant }])[0]?.starts_at,
      instant,
    );
  }
});

const wrong: Record<keyof typeof SESSION, unknown[]> = {
  uid: [
    "",
    1,
    null,
    "a b@innotruehub",
    "a\r\nb@innotruehub",
    "a;b",
    "x".repeat(256),
  ],
  kind: ["", null, "Coaching", "webinar", 0],
  hosting: [null, "true", 1],
  title: [null, 1, {}],
  status: [null, "CANCELED", "confirmed", "DRAFT"],
  starts_at: [
    null,
    "",
    "tomorrow",
    "foo 1",
    "2026-03-24",
    "2026-03-24T10:00:00",
    "2026-03-24 10:00:00+00",
    "2026-13-24T10:00:00Z",
    "2026-03-24T25:00:00Z",
    "infinity",
    "-infinity",
    "0044-03-15T00:00:00+00:00 BC",
    1_770_000_000_000,
  ],
  ends_at: ["", "later", "infinity", 0],
  all_day: [
    "",
    "2026-02-30",
    "2026-3-1",
    "20260301",
    "2026-03-01T00:00:00Z",
    0,
  ],
  sequence: [null, "1", -1, 0.5, 2 ** 31, NaN],
  modified_at: [null, "", "now"],
  created_at: [null, "", "now"],
  with_name: [1, {}, []],
  context: [1],
  description: [1],
  location: [1],
  meeting_url: [1],
};

for (const [key, values] of Object.entries(wrong)) {
  Deno.test(`feed rows with a wrong ${key} are refused by name, without their value`, () => {
    for (const value of [...values, undefined]) {
      const row = { ...SESSION, [key]: value };
      assertThrows(
        () => readEvents([DAY, row]),
        TypeError,
        `feed event 1: ${key} is ${
          value === undefined ? "missing" : "malformed"
        }`,
      );
    }
  });
}

Deno.test("feed rows are either on a day or at a time", () => {
  const message = (row: unknown) =>
    assertThrows(() => readEvents([row]), TypeError).message;
  assertEquals(
    message({ ...DAY, starts_at: SESSION.starts_at }),
    "feed event 0: starts_at is malformed",
  );
  assertEquals(
    message({ ...DAY, ends_at: SESSION.ends_at }),
    "feed event 0: ends_at is malformed",
  );
  assertEquals(
    message({ ...SESSION, starts_at: null }),
    "feed event 0: starts_at is malformed",
  );
});

Deno.test("feed rows with one UID twice are refused", () => {
  assertThrows(
    () => readEvents([SESSION, DAY, { ...SESSION, hosting: true }]),
    TypeError,
    "feed event 2: uid is not unique",
  );
});

Deno.test("feed rows that are no rows are refused", () => {
  for (const json of [null, undefined, {}, "[]", 1, { data: [] }]) {
    assertThrows(() => readEvents(json), TypeError, "not an array");
  }
  for (const row of [null, undefined, 1, "x", []]) {
    assertThrows(
      () => readEvents([row]),
      TypeError,
      "feed event 0: not an object",
    );
  }
});
