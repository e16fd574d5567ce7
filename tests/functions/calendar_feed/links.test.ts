import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  calendarOf,
  countingDatabase,
  dateOf,
  fetchFeedAt,
  inDays,
  legacyLink,
  linksOf,
  read,
  signedLink,
  subscribe,
  switchSync,
} from "../../support/calendar.ts";
import { createPerson, disable, updateUser } from "../../support/people.ts";
import { givenCoachingSession, must } from "../../support/rows.ts";
import { api, secretClient } from "../../support/stack.ts";

const NOT_FOUND = { error: "There is nothing here.", code: "not_found" };
const DAY = 86_400_000;

Deno.test("generate-calendar-url gives the same links at every call", async () => {
  const person = await createPerson();
  const links = await linksOf(person);
  assertEquals(await linksOf(person), links);
  assertEquals((await fetch(links.url)).status, 200);
  assert(/\/calendar-feed\/[\w-]{48}\.ics$/.test(links.url));
  assertEquals(links.webcal_url, links.url.replace(/^https?/, "webcal"));
});

Deno.test("rotating the link kills every former link at once, the old kinds too", async () => {
  const person = await createPerson();
  const { url } = await linksOf(person);
  const former = [
    url,
    await signedLink(person, new Date(Date.now() - DAY)),
    await legacyLink(person),
  ];
  for (const link of former) await subscribe(link);

  const rotated = await linksOf(person, { rotate: true });

  assertNotEquals(rotated.url, url);
  for (const link of former) await assertNotFound(link);
  await subscribe(rotated.url);
  assertEquals((await linksOf(person)).url, rotated.url);
  assertNotEquals((await linksOf(person, { rotate: true })).url, rotated.url);
});

Deno.test("a first rotation, before any link was made, kills the old kinds", async () => {
  const person = await createPerson();
  await switchSync(person, true);
  const former = [
    await signedLink(person, new Date(Date.now() - DAY)),
    await legacyLink(person),
  ];
  const { url } = await linksOf(person, { rotate: true });
  for (const link of former) await assertNotFound(link);
  await subscribe(url);
});

Deno.test("a forged link is refused without a call of the database", async () => {
  const person = await createPerson();
  const { url } = await linksOf(person);
  const signed = await signedLink(person, new Date());
  await using database = countingDatabase();
  for (
    const forged of [
      url.replace(/.(?=\.ics$)/, (last) => last === "A" ? "B" : "A"),
      signed.replace(/.$/, (last) => last === "0" ? "1" : "0"),
      signed.replace(/ts=\d/, "ts=2"),
      `${api.url}/functions/v1/calendar-feed/${"A".repeat(48)}.ics`,
      `${api.url}/functions/v1/calendar-feed/x.ics`,
      `${api.url}/functions/v1/calendar-feed?token=not-a-uuid`,
    ]
  ) {
    const response = await fetchFeedAt(forged, { databaseUrl: database.url });
    assertEquals(response.status, 404, forged);
    assertEquals(await response.json(), NOT_FOUND);
    await assertNotFound(forged);
  }
  assertEquals(database.calls, []);
  assertEquals(
    (await fetchFeedAt(url, { databaseUrl: database.url })).status,
    200,
  );
  assertEquals(database.calls[0]?.name, "calendar_feed");
});

Deno.test("unknown, switched off and disabled answer the same 404 as a forged link", async () => {
  const [switchedOff, disabled, deleted] = await Promise.all([
    createPerson(),
    createPerson(),
    createPerson(),
  ]);
  const links = await Promise.all(
    [switchedOff, disabled, deleted].map((person) => linksOf(person)),
  );
  await switchSync(switchedOff, false);
  await disable(disabled);
  const { error } = await secretClient().auth.admin.deleteUser(deleted.id);
  if (error) throw error;
  for (const { url } of links) await assertNotFound(url);
  await assertNotFound(
    `${api.url}/functions/v1/calendar-feed?token=${crypto.randomUUID()}`,
  );
  await assertNotFound(await signedLink(disabled, new Date()));
  await assertNotFound(await signedLink(disabled, inDays(-60)));

  await updateUser(disabled.id, { ban_duration: "none" });
  await subscribe((await linksOf(disabled)).url);
});

Deno.test("a link signed the former way works for 30 days, and never from the future", async () => {
  const person = await createPerson();
  await givenCoachingSession({ client: person, startsAt: inDays(1) });
  await switchSync(person, true);
  const { events } = await subscribe(
    await signedLink(person, new Date(Date.now() - 29 * DAY)),
  );
  assertEquals(events.length, 1);
  await assertNotFound(
    await signedLink(person, new Date(Date.now() + DAY)),
  );
});

Deno.test("a signed link past its days says so with one all-day event, today, and nothing else", async () => {
  const person = await createPerson({ name: "Nobody Should See" });
  await givenCoachingSession({
    client: person,
    startsAt: inDays(1),
    title: "Nor This",
  });
  await switchSync(person, true);
  const url = await signedLink(person, new Date("2026-01-01T00:00:00Z"));

  const response = await fetchFeedAt(url, {
    now: new Date("2026-03-05T23:30:00Z"),
  });
  const text = await response.text();
  assertEquals(response.status, 200);
  const { events } = read(text);
  assertEquals(events.length, 1);
  assertEquals(events[0]?.allDay, true);
  assertEquals(events[0]?.start, "2026-03-05");
  assert(/expired/i.test(events[0]?.summary ?? ""));
  assertEquals(text.includes("Nobody"), false);
  assertEquals(text.includes("Nor This"), false);

  const overHttp = await subscribe(url);
  assertEquals(overHttp.events.map(({ start }) => start), [
    dateOf(new Date()),
  ]);
});

Deno.test("the legacy token works until the link is rotated", async () => {
  const person = await createPerson();
  await switchSync(person, true);
  const url = await legacyLink(person);
  await subscribe(url);
  await linksOf(person, { rotate: true });
  await assertNotFound(url);
});

Deno.test("what a profile shows of a legacy token opens no calendar", async () => {
  const person = await createPerson();
  await switchSync(person, true);
  await subscribe(await legacyLink(person));
  const { calendar_token } = must(
    await person.client.from("profiles").select("calendar_token")
      .eq("id", person.id).single(),
  );
  await assertNotFound(
    `${api.url}/functions/v1/calendar-feed?token=${calendar_token}`,
  );
});

Deno.test("a link opens its own user's calendar only", async () => {
  const [one, other] = await Promise.all([createPerson(), createPerson()]);
  await givenCoachingSession({ client: one, startsAt: inDays(1) });
  assertEquals((await calendarOf(one)).events.length, 1);
  assertEquals((await calendarOf(other)).events.length, 0);
});

async function assertNotFound(url: string): Promise<void> {
  const response = await fetch(url);
  assertEquals(response.status, 404, url);
  assertEquals(await response.json(), NOT_FOUND);
}
