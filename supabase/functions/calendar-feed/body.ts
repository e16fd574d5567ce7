/** The calendar as it goes over the wire. */
import { fromBase64, toBase64 } from "../_shared/base64.ts";
import { gunzip, gzip } from "./http.ts";

/** A calendar, from which either encoding can be had. */
export interface CalendarBody {
  /** Packed with gzip. */
  packed(): Promise<Uint8Array<ArrayBuffer>>;
  /** As it is. */
  plain(): BodyInit;
}

/** A calendar that was rendered now. */
export function rendered(text: string): CalendarBody {
  let packed: Promise<Uint8Array<ArrayBuffer>> | undefined;
  return { packed: () => packed ??= gzip(text), plain: () => text };
}

/** A calendar that was kept as `toKeep` made it. @throws {DOMException} when it is no base64 */
export function kept(base64: string): CalendarBody {
  const packed = fromBase64(base64);
  return {
    packed: () => Promise.resolve(packed),
    plain: () => gunzip(packed),
  };
}

/** What `keep_calendar_body` takes. */
export async function toKeep(body: CalendarBody): Promise<string> {
  return toBase64(await body.packed());
}
