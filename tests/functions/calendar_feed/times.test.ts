import { assert, assertEquals } from "@std/assert";
import {
  calendarOf,
  dateOf,
  fetchFeedAt,
  inDays,
  linksOf,
  onlyEventOf,
  read,
} from "../../support/calendar.ts";
import { createPerson } from "../../support/people.ts";
import {
  givenCoachingSession,
  givenCohort,
  givenCohortSession,
} from "../../support/rows.ts";

/** 18:00 to 19:30 on both sides of a change of clocks, and what that is in UTC. */
const CHANGES = [
  ["Europe/Bucharest", "2027-03-27", "16:00", "2027-03-28", "15:00"],
  ["Europe/Bucharest", "2026-10-24", "15:00", "2026-10-25", "16:00"],
  ["America/New_York", "2027-03-13", "23:00", "2027-03-14", "22:00"],
  ["America/New_York", "2026-10-31", "22:00", "2026-11-01", "23:00"],
] as const;

Deno.test("cohort sessions keep their time of day across a change of clocks", async () => {
  const lead = await createPerson();
  const cohort = await givenCohort({ lead });
  for (const [timezone, before, , after] of CHANGES) {
    for (const date of [before, after]) {
      await givenCohortSession({
        cohort,
        date,
        from: "18:00",
        to: "19:30",
        timezone,
        title: `${timezone} ${date}`,
      });
    }
  }
  const { url } = await linksOf(lead);
  const response = await fetchFeedAt(url, {
    now: new Date("2026-11-01T00:00:00Z"),
  });
  const { events } = read(await response.text());

  const starts = events.map(({ summary, start }) => [summary, start]);
  const expected = CHANGES.flatMap((
    [timezone, before, beforeTime, after, afterTime],
  ) => [
    [`${timezone} ${before}`, `${before}T${beforeTime}:00.000Z`],
    [`${timezone} ${after}`, `${after}T${afterTime}:00.000Z`],
  ]);
  assertEquals(
    new Map(starts.map(([key, value]) => [key, value])),
    new Map(expected.map(([key, value]) => [key, value])),
  );
  for (const { start, end } of events) {
    assertEquals(Date.parse(end) - Date.parse(start), 90 * 60_000);
  }
});

Deno.test("a time that the clocks skip, or have twice, is still one event", async () => {
  const lead = await createPerson();
  const cohort = await givenCohort({ lead });
  for (const date of ["2027-03-28", "2026-10-25"]) {
    await givenCohortSession({
      cohort,
      date,
      from: "03:30",
      to: "04:30",
      timezone: "Europe/Bucharest",
    });
  }
  const { url } = await linksOf(lead);
  const response = await fetchFeedAt(url, {
    now: new Date("2026-11-01T00:00:00Z"),
  });
  assertEquals(read(await response.text()).events.length, 2);
});

Deno.test("a cohort session without a time of day is an all-day event on its date", async () => {
  const lead = await createPerson();
  const cohort = await givenCohort({ lead });
  const date = dateOf(inDays(4));
  await givenCohortSession({ cohort, date, timezone: "Pacific/Auckland" });
  const event = await onlyEventOf(lead);
  assertEquals([event.allDay, event.start], [true, date]);
});

Deno.test("a timezone that does not exist counts as UTC and takes nothing else down", async () => {
  const lead = await createPerson();
  const cohort = await givenCohort({ lead });
  const date = dateOf(inDays(4));
  for (const timezone of ["Middle/Earth", "Europe/Bucharest"]) {
    await givenCohortSession({
      cohort,
      date,
      from: "10:00",
      timezone,
      title: timezone,
    });
  }
  const { events } = await calendarOf(lead);
  assertEquals(events.length, 2);
  assertEquals(
    events.find(({ summary }) => summary === "Middle/Earth")?.start,
    `${date}T10:00:00.000Z`,
  );
});

Deno.test("a session over midnight ends the next day", async () => {
  const lead = await createPerson();
  const cohort = await givenCohort({ lead });
  const date = dateOf(inDays(4));
  await givenCohortSession({ cohort, date, from: "23:00", to: "00:30" });
  const { start, end } = await onlyEventOf(lead);
  assertEquals(start, `${date}T23:00:00.000Z`);
  assertEquals(Date.parse(end) - Date.parse(start), 90 * 60_000);
});

Deno.test("an end before its start falls back to the usual length", async () => {
  const person = await createPerson();
  const cohort = await givenCohort({ lead: person });
  await givenCohortSession({
    cohort,
    date: dateOf(inDays(1)),
    from: "15:00",
    to: "14:00",
  });
  const { events } = await calendarOf(person);
  const minutes = events.map(({ start, end }) =>
    (Date.parse(end) - Date.parse(start)) / 60_000
  );
  assertEquals(minutes, [90]);
});

Deno.test("a session without a date is not shown, one asked for stands tentatively at the wished date", async () => {
  const client = await createPerson();
  await givenCoachingSession({ client, startsAt: null, status: "scheduled" });
  await givenCoachingSession({ client, startsAt: null, status: "requested" });
  const wished = inDays(6);
  await givenCoachingSession({
    client,
    startsAt: null,
    status: "requested",
    preferred_date: wished.toISOString(),
  });
  const event = await onlyEventOf(client);
  assertEquals([event.start, event.status], [
    wished.toISOString(),
    "TENTATIVE",
  ]);
  assert(event.uid);
});
