import { assert, assertEquals } from "@std/assert";
import { linksOf, switchSync } from "../support/calendar.ts";
import { createPerson, disable } from "../support/people.ts";
import { api } from "../support/stack.ts";

const URL_OF_FUNCTION = `${api.url}/functions/v1/generate-calendar-url`;

Deno.test("generate-calendar-url answers links for every calendar program", async () => {
  const links = await linksOf(await createPerson());
  assert(
    links.url.startsWith(`${api.url}/functions/v1/calendar-feed/`),
  );
  const google = new URL(links.google_url);
  assertEquals(google.host, "calendar.google.com");
  assertEquals(google.searchParams.get("cid"), links.webcal_url);
  const outlook = new URL(links.outlook_url);
  assertEquals(outlook.searchParams.get("url"), links.url);
});

Deno.test("generate-calendar-url takes the web app's body and an empty one", async () => {
  const person = await createPerson();
  const { url } = await linksOf(person);
  for (const body of ["", "{}", JSON.stringify({ userId: person.id })]) {
    const response = await post(person.token, body);
    assertEquals(response.status, 200);
    assertEquals(response.headers.get("Cache-Control"), "no-store");
    assertEquals((await response.json()).url, url);
  }
});

Deno.test("generate-calendar-url refuses callers who are not signed in", async () => {
  for (const authorization of [undefined, "Bearer", "Bearer nonsense"]) {
    const response = await fetch(URL_OF_FUNCTION, {
      method: "POST",
      headers: {
        apikey: api.publishableKey,
        ...(authorization ? { Authorization: authorization } : {}),
      },
    });
    assertEquals(response.status, 401, authorization);
    assertEquals(await response.json(), {
      error: "Unauthorized",
      code: "unauthorized",
    });
  }
});

Deno.test("generate-calendar-url refuses while calendar sync is off", async () => {
  const person = await createPerson();
  for (const enabled of [undefined, false]) {
    if (enabled !== undefined) await switchSync(person, enabled);
    await assertRefused(await post(person.token, ""), 400, {
      error: "Calendar sync is not enabled",
      code: "calendar_sync_disabled",
    });
  }
});

Deno.test("generate-calendar-url refuses a disabled user whose token still runs", async () => {
  const person = await createPerson();
  await linksOf(person);
  await disable(person);
  await assertRefused(await post(person.token, ""), 403, {
    error: "This account is disabled.",
    code: "account_disabled",
  });
});

Deno.test("generate-calendar-url answers bad input clearly", async () => {
  const { token } = await createPerson();
  const cases: [body: BodyInit, status: number, code: string][] = [
    ["{", 400, "invalid_json"],
    [new Uint8Array([0xff, 0xfe]), 400, "invalid_json"],
    ["[]", 400, "invalid_request"],
    ["null", 400, "invalid_request"],
    ['{"rotate":"yes"}', 400, "invalid_request"],
    [" ".repeat(1_000_000), 413, "payload_too_large"],
  ];
  for (const [body, status, code] of cases) {
    const response = await post(token, body);
    assertEquals(response.status, status);
    const answer = await response.json();
    assertEquals(answer.code, code);
    assertEquals(typeof answer.error, "string");
  }
  const invalid = await (await post(token, '{"rotate":"yes"}')).json();
  assert(invalid.error.startsWith("rotate: "), invalid.error);
});

Deno.test("generate-calendar-url refuses other methods and answers browsers' preflight", async () => {
  const get = await fetch(URL_OF_FUNCTION);
  assertEquals(get.status, 405);
  assertEquals(get.headers.get("Allow"), "POST, OPTIONS");
  await get.body?.cancel();

  const preflight = await fetch(URL_OF_FUNCTION, {
    method: "OPTIONS",
    headers: { Origin: "http://localhost:5173" },
  });
  assertEquals(preflight.status, 200);
  assertEquals(await preflight.text(), "");
  assertEquals(
    preflight.headers.get("Access-Control-Allow-Origin"),
    "http://localhost:5173",
  );
  const foreign = await fetch(URL_OF_FUNCTION, {
    method: "OPTIONS",
    headers: { Origin: "https://innotrue-hub-live.pages.dev.evil.example" },
  });
  assertEquals(
    foreign.headers.get("Access-Control-Allow-Origin"),
    "https://app.innotrue.com",
  );
  assert(foreign.headers.get("Vary")?.includes("Origin"));
});

Deno.test("every answer carries a request id, the caller's where it sent one", async () => {
  const made = await fetch(URL_OF_FUNCTION, { method: "POST" });
  assert(/^[\w-]{8,64}$/.test(made.headers.get("X-Request-Id") ?? ""));
  await made.body?.cancel();
  const given = await fetch(URL_OF_FUNCTION, {
    method: "POST",
    headers: { "X-Request-Id": "trace-12345678" },
  });
  assertEquals(given.headers.get("X-Request-Id"), "trace-12345678");
  await given.body?.cancel();
});

function post(token: string, body: BodyInit): Promise<Response> {
  return fetch(URL_OF_FUNCTION, {
    method: "POST",
    headers: {
      apikey: api.publishableKey,
      Authorization: `Bearer ${token}`,
      "Content-Type": "application/json",
    },
    body,
  });
}

async function assertRefused(
  response: Response,
  status: number,
  body: { error: string; code: string },
): Promise<void> {
  assertEquals(response.status, status);
  assertEquals(await response.json(), body);
}
