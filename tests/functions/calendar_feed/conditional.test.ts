import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  countingDatabase,
  fetchFeedAt,
  inDays,
  linksOf,
  read,
} from "../../support/calendar.ts";
import { createPerson } from "../../support/people.ts";
import { givenCoachingSession, must } from "../../support/rows.ts";
import { secretClient } from "../../support/stack.ts";

async function givenFeed() {
  const client = await createPerson();
  const session = await givenCoachingSession({ client, startsAt: inDays(2) });
  const { url } = await linksOf(client);
  return { client, session, url };
}

Deno.test("calendar-feed answers with the headers a calendar program needs", async () => {
  const { url } = await givenFeed();
  const response = await fetch(url);
  await response.body?.cancel();
  assertEquals(response.status, 200);
  const { headers } = response;
  assertEquals(headers.get("Content-Type"), "text/calendar; charset=utf-8");
  assertEquals(headers.get("Cache-Control"), "private, max-age=300");
  assertEquals(
    headers.get("Content-Disposition"),
    'inline; filename="innotruehub.ics"',
  );
  assert(/^"[^"]+"$/.test(headers.get("ETag") ?? ""));
  assert(!Number.isNaN(Date.parse(headers.get("Last-Modified") ?? "")));
  assert(headers.get("Vary")?.includes("Accept-Encoding"));
});

Deno.test("calendar-feed is byte-identical while the data is", async () => {
  const { url } = await givenFeed();
  const [first, second] = [await fetch(url), await fetch(url)];
  assertEquals(await first.text(), await second.text());
  assertEquals(first.headers.get("ETag"), second.headers.get("ETag"));
});

Deno.test("calendar-feed answers 304 to its own ETag until something that is shown changes", async () => {
  const { url, session } = await givenFeed();
  const first = await fetch(url);
  await first.body?.cancel();
  const etag = first.headers.get("ETag") ?? "";
  const again = () => fetch(url, { headers: { "If-None-Match": etag } });

  const unchanged = await again();
  assertEquals(unchanged.status, 304);
  assertEquals(await unchanged.text(), "");
  assertEquals(unchanged.headers.get("ETag"), etag);
  assertEquals(
    unchanged.headers.get("Cache-Control"),
    "private, max-age=300",
  );

  must(
    await secretClient().from("module_sessions").update({ title: "New title" })
      .eq("id", session.id).select(),
  );
  const changed = await again();
  await changed.body?.cancel();
  assertEquals(changed.status, 200);
  assertNotEquals(changed.headers.get("ETag"), etag);
});

Deno.test("calendar-feed makes one call of the database, and a 304 brings no session with it", async () => {
  const { url } = await givenFeed();
  await using database = countingDatabase();
  const knowing = (tag: string) =>
    fetchFeedAt(url, {
      databaseUrl: database.url,
      headers: { "If-None-Match": tag },
    });

  const first = await knowing('"of former sessions"');
  assertEquals(first.status, 200);
  const second = await knowing(first.headers.get("ETag") ?? "");
  assertEquals(second.status, 304);
  assertEquals(
    database.calls.map(({ answer }) => answer.includes("module-session-")),
    [true, false],
  );
});

Deno.test("the options are part of the ETag", async () => {
  const { url } = await givenFeed();
  const etagOf = async (query: string) => {
    const response = await fetch(url + query);
    await response.body?.cancel();
    return response.headers.get("ETag");
  };
  const etags = await Promise.all(
    ["", "?alarm=10", "?only=coaching"].map(etagOf),
  );
  assertEquals(new Set(etags).size, 3);
});

Deno.test("If-None-Match understands lists, weak tags and the asterisk", async () => {
  const { url } = await givenFeed();
  const first = await fetch(url);
  await first.body?.cancel();
  const etag = first.headers.get("ETag") ?? "";
  for (
    const [header, status] of [
      [`"other", ${etag}`, 304],
      [`W/${etag}`, 304],
      ["*", 304],
      ['"other"', 200],
      ["nonsense", 200],
    ] as const
  ) {
    const response = await fetch(url, {
      headers: { "If-None-Match": header },
    });
    await response.body?.cancel();
    assertEquals(response.status, status, header);
  }
});

Deno.test("calendar-feed compresses for those who take gzip, under an ETag of its own", async () => {
  const { url } = await givenFeed();
  const plain = await fetchFeedAt(url, {});
  const packed = await fetchFeedAt(url, {
    headers: { "Accept-Encoding": "gzip" },
  });
  assertEquals(packed.headers.get("Content-Encoding"), "gzip");
  assertEquals(plain.headers.get("Content-Encoding"), null);
  assertNotEquals(packed.headers.get("ETag"), plain.headers.get("ETag"));
  const unpacked = packed.body?.pipeThrough(new DecompressionStream("gzip"));
  assertEquals(await new Response(unpacked).text(), await plain.text());

  // fetch unpacks by itself what the gateway has passed on
  const overHttp = await fetch(url, {
    headers: { "Accept-Encoding": "gzip" },
  });
  read(await overHttp.text());
  assertEquals(overHttp.headers.get("ETag"), packed.headers.get("ETag"));
});

Deno.test("HEAD answers like GET, without the body", async () => {
  const { url } = await givenFeed();
  const get = await fetch(url);
  await get.body?.cancel();
  const head = await fetch(url, { method: "HEAD" });
  assertEquals(head.status, 200);
  assertEquals(await head.text(), "");
  for (const name of ["ETag", "Content-Type", "Last-Modified"]) {
    assertEquals(head.headers.get(name), get.headers.get(name), name);
  }
  const known = await fetch(url, {
    method: "HEAD",
    headers: { "If-None-Match": head.headers.get("ETag") ?? "" },
  });
  assertEquals(known.status, 304);
});

Deno.test("calendar-feed refuses other methods with 405 and Allow", async () => {
  const { url } = await givenFeed();
  for (const method of ["POST", "PUT", "DELETE"]) {
    const response = await fetch(url, { method });
    assertEquals(response.status, 405);
    assertEquals(response.headers.get("Allow"), "GET, HEAD, OPTIONS");
    assertEquals((await response.json()).code, "method_not_allowed");
  }
});

Deno.test("a failing database is 503 with Retry-After, never a partial calendar", async () => {
  const { url } = await givenFeed();
  const broken = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () =>
      Response.json({ code: "42703", message: "secret: no column" }, {
        status: 400,
      }),
  );
  const databaseUrl = `http://127.0.0.1:${broken.addr.port}`;
  const refused = await fetchFeedAt(url, { databaseUrl });
  await broken.shutdown();
  const away = await fetchFeedAt(url, { databaseUrl });
  for (const response of [refused, away]) {
    assertEquals(response.status, 503);
    assert(Number(response.headers.get("Retry-After")) > 0);
    const { error, code } = await response.json();
    assertEquals(code, "unavailable");
    assertEquals(error.includes("secret"), false);
  }
});
