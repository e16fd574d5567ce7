import { assertEquals } from "@std/assert";
import {
  calendarOf,
  inDays,
  linksOf,
  onlyEventOf,
} from "../../support/calendar.ts";
import { createPerson } from "../../support/people.ts";
import { givenCoachingSession, must } from "../../support/rows.ts";
import { api } from "../../support/stack.ts";

const INJECTION =
  "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil\r\nSUMMARY:evil\nATTACH:file:///etc/passwd";

Deno.test("nothing a person can type injects a line into the calendar", async () => {
  const client = await createPerson({ name: `Clara${INJECTION}` });
  const coach = await createPerson({ name: `Carol${INJECTION}` });
  must(
    await client.client.from("profiles").update({ name: `Cl${INJECTION}` })
      .eq("id", client.id).select("id"),
  );
  await givenCoachingSession({
    client,
    coach,
    startsAt: inDays(1),
    title: `T${INJECTION}`,
    description: `D${INJECTION}`,
    location: `L${INJECTION}`,
    meeting_url: `javascript:alert(1)${INJECTION}`,
  });
  const event = await onlyEventOf(client);
  assertEquals(event.url, null);
  assertEquals(event.uid.startsWith("module-session-"), true);
  const { name } = await calendarOf(client);
  assertEquals(/[\r\n]/.test(name ?? ""), false);
});

Deno.test("calendar-feed refuses options that it does not know", async () => {
  const { url } = await linksOf(await createPerson());
  for (
    const query of [
      "?alarm=soon",
      "?alarm=-5",
      "?alarm=1e3",
      "?alarm=99999999",
      "?only=everything",
      "?only=",
    ]
  ) {
    const response = await fetch(url + query);
    assertEquals(response.status, 400, query);
    const { error, code } = await response.json();
    assertEquals(code, "invalid_request");
    assertEquals(/alarm|only/.test(error), true, error);
  }
});

Deno.test("calendar-feed asks for a link when there is none", async () => {
  for (const path of ["", "/", "?uid=1&ts=2", "?sig=abc"]) {
    const response = await fetch(
      `${api.url}/functions/v1/calendar-feed${path}`,
    );
    assertEquals(response.status, 400, path);
    assertEquals(await response.json(), {
      error: "Missing authentication parameters",
      code: "invalid_request",
    });
  }
});
