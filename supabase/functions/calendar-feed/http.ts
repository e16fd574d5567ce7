/** The feed's part of HTTP: conditional requests and compression (RFC 9110). */
import { FEED_REVISION } from "./ics.ts";
import type { FeedOptions } from "./options.ts";

const MAX_TAGS = 10;
const FINGERPRINT = /^[\w-]{1,64}$/;
const TAG_LIST = /^[\s,]*(?:(?:W\/)?"[^"]*"\s*(?:,[\s,]*|$))*$/;

/**
 * Names the form in which rows are rendered: the revision and the options. Rows and form together
 * make the body, so fingerprint and variant together make the ETag.
 */
export function variantKey({ alarmMinutes, only }: FeedOptions): string {
  return [
    `r${FEED_REVISION}`,
    ...alarmMinutes === undefined ? [] : [`a${alarmMinutes}`],
    ...only === undefined ? [] : [`o${only.join("+")}`],
  ].join("-");
}

/**
 * The strong entity-tag of a body. The compressed body has one of its own: strong tags differ when
 * the bytes do (RFC 9110 §8.8.3.3).
 *
 * @throws {TypeError} when the fingerprint holds anything but letters, digits, `_` and `-`
 */
export function etag(
  fingerprint: string,
  variant: string,
  encoding?: "gzip",
): string {
  if (!FINGERPRINT.test(fingerprint)) {
    throw new TypeError("malformed fingerprint");
  }
  return `"${fingerprint}.${variant}${encoding === "gzip" ? ".gz" : ""}"`;
}

/** Whether a GET is answered with 304 for this tag (RFC 9110 §13.1.2, weak comparison). */
export function matches(ifNoneMatch: string | null, tag: string): boolean {
  if (ifNoneMatch?.trim() === "*") return true;
  return opaqueTags(ifNoneMatch).some((known) =>
    tag === `"${known}"` || tag === `W/"${known}"`
  );
}

/**
 * The fingerprints in an If-None-Match that stand for a body of this variant, whichever encoding the
 * client has it in. The database compares them with the present one, so that a 304 renders nothing.
 * At most ten; `*` as it is, which any fingerprint matches; none when the header is malformed.
 */
export function fingerprintsOf(
  ifNoneMatch: string | null,
  variant: string,
): string[] {
  if (ifNoneMatch?.trim() === "*") return ["*"];
  const found = new Set<string>();
  for (const tag of opaqueTags(ifNoneMatch)) {
    const [, fingerprint, form] = /^([\w-]{1,64})\.(.+?)(?:\.gz)?$/.exec(tag) ??
      [];
    if (fingerprint !== undefined && form === variant) found.add(fingerprint);
    if (found.size === MAX_TAGS) break;
  }
  return [...found];
}

/**
 * Whether the client takes gzip at least as gladly as an unpacked body (RFC 9110 §12.5.3). Without
 * the header anything would be allowed; a client that does not say so may not unpack.
 */
export function acceptsGzip(acceptEncoding: string | null): boolean {
  const weights = new Map<string, number>();
  for (const member of (acceptEncoding ?? "").toLowerCase().split(",")) {
    const [, coding, weight = "1"] =
      /^\s*([\w*-]+)\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/.exec(
        member,
      ) ?? [];
    if (coding !== undefined) weights.set(coding, Number(weight));
  }
  const gzip = weights.get("gzip") ?? weights.get("x-gzip") ??
    weights.get("*") ?? 0;
  return gzip > 0 && gzip >= (weights.get("identity") ?? 0);
}

/** Compresses a body. The same text gives the same bytes: the header holds neither time nor name. */
export async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([text]).stream().pipeThrough(
    new CompressionStream("gzip"),
  );
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** Unpacks a body. @throws {TypeError} when it is not gzip, or not all of it */
export async function gunzip(
  packed: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const text = new Blob([packed]).stream().pipeThrough(
    new DecompressionStream("gzip"),
  );
  return new Uint8Array(await new Response(text).arrayBuffer());
}

/** The opaque-tags of a list, without quotes and weakness; none when any part is malformed. */
function opaqueTags(header: string | null): string[] {
  if (header === null || !TAG_LIST.test(header)) return [];
  return Array.from(header.matchAll(/"([^"]*)"/g), ([, tag = ""]) => tag);
}
