import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  type Counter,
  countingDatabase,
  fetchFeedAt,
  inDays,
  legacyLink,
  linksOf,
  read,
  subscribe,
  switchSync,
} from "../../support/calendar.ts";
import { eventually } from "../../support/eventually.ts";
import { passOn, startOwnGateway } from "../../support/gateway.ts";
import { createPerson } from "../../support/people.ts";
import { givenCoachingSession, must } from "../../support/rows.ts";
import { api, secretClient } from "../../support/stack.ts";

const FEED = { name: "calendar_feed", sessions: true };
const FEED_WITHOUT = { name: "calendar_feed", sessions: false };
const KEEP = { name: "keep_calendar_body", sessions: false };

Deno.test("a client that sends no ETag is sent what was rendered before, in one call without a session", async () => {
  const { url } = await givenFeed();
  await using database = countingDatabase();
  const rendered = await askUntilKept(url, database);
  read(rendered.text);
  for (let time = 0; time < 3; time++) {
    assertEquals(await ask(url, database), rendered);
  }
  assertEquals(callsOf(database), [FEED_WITHOUT, FEED_WITHOUT, FEED_WITHOUT]);
});

Deno.test("what was kept comes packed or unpacked, as the client takes it, byte for byte", async () => {
  const { url } = await givenFeed();
  await using database = countingDatabase();
  const plain = await askUntilKept(url, database);
  const unpacked = await ask(url, database);
  const packed = await fetchFeedAt(url, {
    databaseUrl: database.url,
    headers: { "Accept-Encoding": "gzip" },
  });
  assertEquals(packed.headers.get("Content-Encoding"), "gzip");
  const text = await new Response(
    packed.body?.pipeThrough(new DecompressionStream("gzip")),
  ).text();
  assertEquals([unpacked.text, text], [plain.text, plain.text]);
  assertEquals(unpacked.tag, plain.tag);
  assertNotEquals(packed.headers.get("ETag"), plain.tag);
  assertEquals(callsOf(database), [FEED_WITHOUT, FEED_WITHOUT]);
});

Deno.test("a session that changes is shown at once, and the new calendar is kept", async () => {
  const { url, retitle } = await givenFeed();
  await using database = countingDatabase();
  await askUntilKept(url, database);
  await retitle("Another title");
  const changed = await ask(url, database);
  assert(changed.text.includes("SUMMARY:Another title"));
  assertEquals(await ask(url, database), changed);
  assertEquals(callsOf(database), [FEED, KEEP, FEED_WITHOUT]);
});

Deno.test("each choice of options has a calendar of its own", async () => {
  const { url } = await givenFeed();
  await using database = countingDatabase();
  const texts = new Set([(await askUntilKept(url, database)).text]);
  for (const options of ["?alarm=10", "?only=coaching"]) {
    const first = await ask(url + options, database);
    assertEquals(await ask(url + options, database), first);
    texts.add(first.text);
  }
  assertEquals(texts.size, 2);
  assertEquals(callsOf(database), [
    FEED,
    KEEP,
    FEED_WITHOUT,
    FEED,
    KEEP,
    FEED_WITHOUT,
  ]);
});

Deno.test("every kind of link finds what was kept", async () => {
  const { client, url } = await givenFeed();
  const legacy = await legacyLink(client);
  await using database = countingDatabase();
  const { text } = await askUntilKept(legacy, database);
  assertEquals((await ask(url, database)).text, text);
  assertEquals(callsOf(database), [FEED_WITHOUT]);
});

Deno.test("a link that opens nothing any more does not open what was kept", async () => {
  const { client, url } = await givenFeed();
  await using database = countingDatabase();
  const asked = async () => {
    const response = await fetchFeedAt(url, { databaseUrl: database.url });
    await response.body?.cancel();
    return response.status;
  };
  await askUntilKept(url, database);
  assertEquals(await asked(), 200);
  await switchSync(client, false);
  assertEquals(await asked(), 404);
  await linksOf(client, { rotate: true });
  assertEquals(await asked(), 404);
});

Deno.test("a client that sends an ETag has nothing kept for it", async () => {
  const { url } = await givenFeed();
  await using database = countingDatabase();
  const response = await fetchFeedAt(url, {
    databaseUrl: database.url,
    headers: { "If-None-Match": '"of former sessions"' },
  });
  assertEquals(response.status, 200);
  await response.body?.cancel();
  assertEquals(callsOf(database), [FEED]);
});

Deno.test("GET and HEAD say how long the calendar is, rendered or kept", async () => {
  const { url } = await givenFeed();
  const lengths = new Set<number>();
  for (let time = 0; time < 3; time++) {
    for (const method of ["GET", "HEAD"]) {
      // undecoded: fetch would drop the length of what it unpacks
      const response = await fetch(url, {
        method,
        headers: { "Accept-Encoding": "identity" },
      });
      const { length } = await response.bytes();
      const said = Number(response.headers.get("Content-Length"));
      assertEquals(length, method === "GET" ? said : 0);
      lengths.add(said);
    }
  }
  assertEquals(lengths.size, 1);
});

Deno.test("a kept calendar that was damaged is never sent: it is rendered, and replaced", async () => {
  const { client, url } = await givenFeed();
  let kept = "";
  let damage = (body: string) => body;
  const counted: string[] = [];
  await using gateway = await startOwnGateway({
    env: {},
    rest: async (request) => {
      const name = request.url.split("/").pop() ?? "";
      counted.push(name);
      const answer = await (await passOn(request)).json();
      if (typeof answer.body === "string") {
        kept = answer.body;
        answer.body = damage(kept);
      }
      return Response.json(answer);
    },
  });
  const own = url.replace(api.url, gateway.url);
  const isKept = () => counted.includes("keep_calendar_body");
  const { events } = await subscribe(own);
  await repeatedly(() => subscribe(own), () => kept.length > 100);
  for (
    const damaged of [
      "",
      "no base64 §",
      kept.slice(0, -8),
      kept.slice(8),
      kept.replace(/.{4}$/, "AAAA"),
      kept.replace(/^.{4}/, "AAAA"),
    ]
  ) {
    damage = () => damaged;
    for (const encoding of ["gzip", "identity"]) {
      counted.length = 0;
      const response = await fetch(own, {
        headers: { "Accept-Encoding": encoding },
      });
      assertEquals(response.status, 200);
      assertEquals(read(await response.text()).events, events);
      assert(await eventually(isKept), `${client.id} ${damaged.slice(0, 9)}`);
      assertEquals(counted, [
        "calendar_feed",
        "calendar_feed",
        "keep_calendar_body",
      ]);
    }
  }
});

Deno.test("a calendar that cannot be kept is sent all the same, and the log says why", async () => {
  const { url } = await givenFeed();
  let printed = "";
  await using gateway = await startOwnGateway({
    env: {},
    rest: async (request) =>
      request.url.endsWith("keep_calendar_body")
        ? Response.json({ code: "53100", message: "disk full" }, {
          status: 500,
        })
        : await passOn(request),
    prints: (text) => printed += text,
  });
  const own = url.replace(api.url, gateway.url);
  await repeatedly(() => subscribe(own), () => printed.includes("afterwards"));
  const lines = printed.trimEnd().split("\n").map((line) => JSON.parse(line));
  const failure = lines.find(({ outcome }) => outcome === "failed_afterwards");
  const line = lines.find((it) =>
    it.request_id === failure.request_id && it !== failure
  );
  assertEquals([line.status, line.outcome], [200, "ok"]);
  assertEquals(failure, {
    request_id: line.request_id,
    function: "calendar-feed",
    outcome: "failed_afterwards",
    cause: "keep_calendar_body failed: 53100 (500)",
  });
});

async function givenFeed() {
  const client = await createPerson();
  const { id } = await givenCoachingSession({ client, startsAt: inDays(2) });
  const { url } = await linksOf(client);
  return {
    client,
    url,
    retitle: async (title: string) => {
      must(
        await secretClient().from("module_sessions").update({ title })
          .eq("id", id).select(),
      );
    },
  };
}

/** Fetches without an ETag, and waits for what is kept afterwards. */
async function ask(url: string, { url: databaseUrl }: Counter) {
  const response = await fetchFeedAt(url, { databaseUrl });
  assertEquals(response.status, 200);
  return { tag: response.headers.get("ETag"), text: await response.text() };
}

/** The same, until it is answered from what was kept, and its calls are forgotten. */
async function askUntilKept(url: string, database: Counter) {
  const first = await ask(url, database);
  await repeatedly(
    async () => assertEquals(await ask(url, database), first),
    () =>
      callsOf(database).at(-1)?.sessions === false &&
      database.calls.at(-1)?.name === FEED.name,
  );
  database.calls.length = 0;
  return first;
}

/** Nothing is kept of a feed while somebody else changes any: private.calendars_are_quiet. */
async function repeatedly(
  work: () => Promise<unknown>,
  done: () => boolean,
): Promise<void> {
  for (let time = 0; time < 100; time++) {
    await work();
    if (await eventually(done, 50)) return;
  }
  throw new Error("nothing was kept");
}

function callsOf({ calls }: Counter) {
  return calls.map(({ name, answer }) => ({
    name,
    sessions: answer.includes("module-session-"),
  }));
}
