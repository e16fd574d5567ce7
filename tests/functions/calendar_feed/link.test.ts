import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import {
  readLink,
  readSignedQuery,
  signLink,
  subscriptionUrls,
} from "../../../supabase/functions/_shared/calendar_link.ts";

const SECRET = "a secret for tests";
const USER = "0f8fad5b-d9cb-469f-a165-70867728950e";

const uuids = fc.uuid();
const versions = fc.integer({ min: 0, max: 0xffff_ffff });

Deno.test("a calendar link says whose it is and which version", async () => {
  await fc.assert(
    fc.asyncProperty(uuids, versions, async (userId, version) => {
      const token = await signLink(SECRET, { userId, version });
      assert(/^[A-Za-z0-9_-]{48}$/.test(token));
      assertEquals(await readLink(SECRET, token), { userId, version });
    }),
  );
});

Deno.test("a calendar link is the same at every call, in every process", async () => {
  // made with openssl: printf 'calendar-feed/v2|<user>|1' | openssl dgst -sha256 -hmac '<secret>'
  assertEquals(
    await signLink(SECRET, { userId: USER, version: 1 }),
    "D4-tW9nLRp-hZXCGdyiVDgAAAAEcEWxbS-bO5IrliH7lt5lA",
  );
});

Deno.test("a calendar link changes with the version, the user and the secret", async () => {
  const tokens = new Set([
    await signLink(SECRET, { userId: USER, version: 1 }),
    await signLink(SECRET, { userId: USER, version: 2 }),
    await signLink("another secret", { userId: USER, version: 1 }),
    await signLink(SECRET, { userId: crypto.randomUUID(), version: 1 }),
  ]);
  assertEquals(tokens.size, 4);
});

Deno.test("a calendar link signed with another secret is refused", async () => {
  const token = await signLink("another secret", { userId: USER, version: 1 });
  assertEquals(await readLink(SECRET, token), null);
});

Deno.test("a calendar link is refused when any one character is another", async () => {
  const token = await signLink(SECRET, { userId: USER, version: 7 });
  for (let i = 0; i < token.length; i++) {
    const other = token[i] === "A" ? "B" : "A";
    assertEquals(
      await readLink(SECRET, token.slice(0, i) + other + token.slice(i + 1)),
      null,
    );
  }
});

Deno.test("a calendar link has one spelling", async () => {
  const token = await signLink(SECRET, { userId: USER, version: 7 });
  const others = [
    `${token}=`,
    `${token}A`,
    ` ${token}`,
    `${token}\n`,
    token.slice(1),
    token.toUpperCase(),
    token.replaceAll("_", "/").replaceAll("-", "+") + "==",
    `${token.slice(0, 46)}%2D`,
    "",
  ];
  for (const other of others) {
    assertEquals(await readLink(SECRET, other), null, other);
  }
});

Deno.test("no text makes the reader of calendar links throw", async () => {
  const texts = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.stringMatching(/^[A-Za-z0-9_-]{48}$/),
    fc.base64String({ minLength: 48, maxLength: 48 }),
  );
  await fc.assert(fc.asyncProperty(texts, async (text) => {
    assertEquals(await readLink(SECRET, text), null);
  }));
});

Deno.test("a calendar link is only signed for a uuid, a version of 4 bytes and a secret", async () => {
  const sign = (userId: string, version: number, secret = SECRET) => () =>
    signLink(secret, { userId, version });
  await assertRejects(sign("someone", 1), TypeError);
  await assertRejects(sign(USER.toUpperCase(), 1), TypeError);
  await assertRejects(sign(USER, -1), RangeError);
  await assertRejects(sign(USER, 1.5), RangeError);
  await assertRejects(sign(USER, 2 ** 32), RangeError);
  await assertRejects(sign(USER, 1, ""), TypeError);
});

Deno.test("an older signed link says whose it is and when it was signed", async () => {
  // made with openssl: printf '<uid>:1770000000000' | openssl dgst -sha256 -hmac '<secret>'
  const sig =
    "951da3c6a10895d9ee794c4f1c44fe57e4e144ef57d410bae3b55fdee9bd1dca";
  assertEquals(
    await readSignedQuery(SECRET, { uid: USER, ts: "1770000000000", sig }),
    { userId: USER, signedAt: new Date(1_770_000_000_000) },
  );
});

Deno.test("an older signed link is refused when any part of it is another", async () => {
  const ts = "1770000000000";
  const sig = await hmacHex(`${USER}:${ts}`);
  const links = [
    { uid: crypto.randomUUID(), ts, sig },
    { uid: USER.toUpperCase(), ts, sig },
    { uid: USER, ts: "1770000000001", sig },
    { uid: USER, ts: `0${ts}`, sig },
    { uid: USER, ts, sig: sig.toUpperCase() },
    { uid: USER, ts, sig: sig.slice(2) },
    { uid: USER, ts, sig: `${sig}00` },
    { uid: USER, ts, sig: "0".repeat(64) },
    { uid: "", ts: "", sig: "" },
  ];
  for (const link of links) {
    assertEquals(await readSignedQuery(SECRET, link), null);
  }
});

Deno.test("an older signed link is refused when its time is no time, however well it is signed", async () => {
  for (
    const ts of ["-1", "1e12", "1770000000000.5", "9".repeat(16), " 1", "١"]
  ) {
    const sig = await hmacHex(`${USER}:${ts}`);
    assertEquals(await readSignedQuery(SECRET, { uid: USER, ts, sig }), null);
  }
  const ts = "9".repeat(15);
  const last = await readSignedQuery(SECRET, {
    uid: USER,
    ts,
    sig: await hmacHex(`${USER}:${ts}`),
  });
  assertEquals(last?.signedAt.getTime(), 999_999_999_999_999);
});

Deno.test("no older link can be made into a new one", async () => {
  const mac = (await hmacHex(`${USER}:1`)).slice(0, 32);
  const hex = `${USER.replaceAll("-", "")}00000001${mac}`;
  const binary = hex.replace(
    /../g,
    (byte) => String.fromCharCode(parseInt(byte, 16)),
  );
  const token = btoa(binary).replaceAll("+", "-").replaceAll("/", "_");
  assertEquals(await readLink(SECRET, token), null);
});

Deno.test("subscription addresses are what each calendar program takes", async () => {
  const token = await signLink(SECRET, { userId: USER, version: 1 });
  const path = `project.supabase.co/functions/v1/calendar-feed/${token}.ics`;
  const encoded =
    `project.supabase.co%2Ffunctions%2Fv1%2Fcalendar-feed%2F${token}.ics`;
  const expected = {
    url: `https://${path}`,
    webcal_url: `webcal://${path}`,
    google_url:
      `https://calendar.google.com/calendar/render?cid=webcal%3A%2F%2F${encoded}`,
    outlook_url:
      `https://outlook.live.com/calendar/0/addfromweb?url=https%3A%2F%2F${encoded}&name=InnoTrue%20Hub`,
  };
  assertEquals(
    subscriptionUrls("https://project.supabase.co", token),
    expected,
  );
  assertEquals(
    subscriptionUrls("https://project.supabase.co/", token),
    expected,
  );
  assertEquals(
    subscriptionUrls("http://127.0.0.1:54321", token).webcal_url,
    `webcal://127.0.0.1:54321/functions/v1/calendar-feed/${token}.ics`,
  );
});

async function hmacHex(message: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey(
    "raw",
    encoder.encode(SECRET),
    algorithm,
    false,
    ["sign"],
  );
  const mac = await crypto.subtle.sign(algorithm, key, encoder.encode(message));
  return Array.from(
    new Uint8Array(mac),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");
}
