/** The calendar as it goes over the wire, and as it is kept. */
import { fromBase64, toBase64 } from "../_shared/base64.ts";
import { gunzip, gzip } from "./http.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A calendar, from which either encoding can be had. */
export interface CalendarBody {
  /** Packed with gzip. */
  packed(): Promise<Bytes>;
  /** As it is. */
  plain(): Promise<Bytes>;
}

/** Bytes of a SHA-256. */
const DIGEST = 32;

/** A calendar that was rendered now. */
export function rendered(text: string): CalendarBody {
  let packed: Promise<Bytes> | undefined;
  return {
    packed: () => packed ??= gzip(text),
    plain: () => Promise.resolve(new TextEncoder().encode(text)),
  };
}

/** The text that a calendar is kept as: base64 of the SHA-256 of the packed bytes, and of these. */
export async function seal(body: CalendarBody): Promise<string> {
  const packed = await body.packed();
  const sealed = new Uint8Array(DIGEST + packed.length);
  sealed.set(await digest(packed));
  sealed.set(packed, DIGEST);
  return toBase64(sealed);
}

/** The calendar behind `seal`'s text; null when the text is no longer what it was. */
export async function unseal(text: string): Promise<CalendarBody | null> {
  const sealed = bytesOf(text);
  const packed = sealed.slice(DIGEST);
  const expected = await digest(packed);
  if (!expected.every((byte, at) => byte === sealed[at])) return null;
  return {
    packed: () => Promise.resolve(packed),
    plain: () => gunzip(packed),
  };
}

function bytesOf(text: string): Bytes {
  try {
    return fromBase64(text);
  } catch (error) {
    if (error instanceof DOMException) return new Uint8Array();
    throw error;
  }
}

async function digest(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}
