/**
 * The links to a calendar feed. A link is a bearer secret: whoever has it reads the calendar. None of
 * it is stored: it is derived from CALENDAR_HMAC_SECRET, the user and the user's link version, so
 * that it is the same at every call and dies when the version is raised.
 *
 *     token = base64url( user uuid, 16 bytes | version, 4 bytes big-endian | mac, 16 bytes )
 *     mac   = first half of HMAC-SHA256(secret, "calendar-feed/v2|<user>|<version>")
 *
 * The MAC is cut to half its length, which RFC 2104 §5 allows (128 bits for SHA-256). The label at
 * its front keeps it apart from the older links, which signed `<uid>:<ts>` with the same secret.
 */

import { fromBase64, toBase64 } from "./base64.ts";
import { fromHex, HMAC, hmacKey, verifyHex } from "./hmac.ts";

/** What a link stands for: a user, and which of the user's links it is. */
export interface CalendarLink {
  /** Lower-case uuid. */
  userId: string;
  /** 0 … 4,294,967,295; raised by one when the user asks for a new link. */
  version: number;
}

/** The ways in which calendar programs take a subscription. */
export interface SubscriptionUrls {
  url: string;
  webcal_url: string;
  google_url: string;
  outlook_url: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
// 36 bytes are twelve groups of three, so there is neither padding nor a spare bit: each of these
// texts stands for one sequence of bytes and no other text does.
const TOKEN = /^[A-Za-z0-9_-]{48}$/;
const MILLISECONDS = /^[0-9]{1,15}$/; // 15 digits are always within the range of Date

const USER_BYTES = 16;
const MAC_START = 20;
const MAC_BYTES = 16;
const TOKEN_BYTES = MAC_START + MAC_BYTES;
const MAX_VERSION = 0xffff_ffff;

const encoder = new TextEncoder();

/**
 * The token of a user's link; the same for the same arguments.
 *
 * @throws {TypeError} when `userId` is not a lower-case uuid
 * @throws {RangeError} when `version` does not fit 4 bytes
 */
export async function signLink(
  secret: string,
  { userId, version }: CalendarLink,
): Promise<string> {
  if (!UUID.test(userId)) throw new TypeError("userId is not a uuid");
  if (!Number.isInteger(version) || version < 0 || version > MAX_VERSION) {
    throw new RangeError("version does not fit 4 bytes");
  }
  const bytes = new Uint8Array(TOKEN_BYTES);
  bytes.set(fromHex(userId.replaceAll("-", "")));
  new DataView(bytes.buffer).setUint32(USER_BYTES, version);
  bytes.set(
    await linkMac(await hmacKey(secret), { userId, version }),
    MAC_START,
  );
  return toBase64Url(bytes);
}

/** Reads a token; null for one that this secret did not sign. Never throws on what a caller sends. */
export async function readLink(
  secret: string,
  token: string,
): Promise<CalendarLink | null> {
  if (!TOKEN.test(token)) return null;
  const bytes = fromBase64Url(token);
  const link = {
    userId: toUuid(bytes.subarray(0, USER_BYTES)),
    version: new DataView(bytes.buffer).getUint32(USER_BYTES),
  };
  const key = await hmacKey(secret);
  const genuine = await equal(
    key,
    bytes.slice(MAC_START),
    await linkMac(key, link),
  );
  return genuine ? link : null;
}

/**
 * Reads the older link, `?uid&ts&sig`, where sig = lower-case hex of HMAC-SHA256(secret, "<uid>:<ts>")
 * and ts is in milliseconds; null for one that this secret did not sign. How old it may be is for the
 * database to judge. Never throws on what a caller sends.
 */
export async function readSignedQuery(
  secret: string,
  { uid, ts, sig }: { uid: string; ts: string; sig: string },
): Promise<{ userId: string; signedAt: Date } | null> {
  if (!UUID.test(uid) || !MILLISECONDS.test(ts)) return null;
  const message = encoder.encode(`${uid}:${ts}`);
  const genuine = await verifyHex(secret, sig, message);
  return genuine ? { userId: uid, signedAt: new Date(Number(ts)) } : null;
}

/**
 * The addresses under which the calendar programs subscribe. `base` is the public address of the
 * project, `https://<ref>.supabase.co`.
 *
 * - webcal: a registered URI scheme that opens the calendar program of the device
 *   (https://www.iana.org/assignments/uri-schemes/prov/webcal). Outlook.com wants a path that ends
 *   in .ics.
 * - Google: `render?cid=` is widely used and undocumented
 *   (https://til.simonwillison.net/ics/google-calendar-ics-subscribe-link); users of it report that
 *   an https address is refused there and webcal is taken. Google documents "From URL", by hand
 *   (https://support.google.com/calendar/answer/37100).
 * - Outlook.com: `addfromweb` opens, filled in, the page "Subscribe from web" of
 *   https://support.microsoft.com/office/cff1429c-5af6-41ec-a5b4-74f2c278e98c.
 */
export function subscriptionUrls(
  base: string,
  token: string,
): SubscriptionUrls {
  const url = `${
    base.replace(/\/+$/, "")
  }/functions/v1/calendar-feed/${token}.ics`;
  const webcal = url.replace(/^https?:/, "webcal:");
  return {
    url,
    webcal_url: webcal,
    google_url: `https://calendar.google.com/calendar/render?cid=${
      encodeURIComponent(webcal)
    }`,
    outlook_url: `https://outlook.live.com/calendar/0/addfromweb?url=${
      encodeURIComponent(url)
    }&name=${encodeURIComponent("InnoTrue Hub")}`,
  };
}

async function linkMac(key: CryptoKey, { userId, version }: CalendarLink) {
  const message = encoder.encode(`calendar-feed/v2|${userId}|${version}`);
  return new Uint8Array(await crypto.subtle.sign(HMAC, key, message)).slice(
    0,
    MAC_BYTES,
  );
}

/**
 * Compares in constant time with the one comparison of WebCrypto that is: `verify`, which takes no
 * shortened MAC. So it is given the MACs of both sides.
 */
async function equal(
  key: CryptoKey,
  a: Uint8Array<ArrayBuffer>,
  b: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  return await crypto.subtle.verify(
    HMAC,
    key,
    await crypto.subtle.sign(HMAC, key, a),
    b,
  );
}

function toUuid(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
}
