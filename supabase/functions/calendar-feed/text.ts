/**
 * What people typed, made fit for a calendar. RFC 5545 §3.1 and §3.3.11 know neither control
 * characters nor any other end of line than CRLF, and ical-generator escapes backslash, semicolon,
 * comma, CR and LF and lets everything else through.
 */

/** The longest address that is given as a URL; browsers and proxies agree on about 2,000. */
export const MAX_ADDRESS = 2048;

const LINE_ENDS = /\r\n|[\r\u0085\u2028\u2029]/g; // also NEL, LS and PS: some parsers split there
const CONTROLS = /(?![\n\t])\p{Cc}/gu; // C0, DEL and C1
const NOT_IN_ADDRESS = /[,;\\'"]/g;

/** Text of several lines, separated by `\n`, of at most `max` code points. */
export function multiLine(text: string, max: number): string {
  return cut(
    text.toWellFormed().replace(LINE_ENDS, "\n").replace(CONTROLS, "").trim(),
    max,
  );
}

/** Text of one line, of at most `max` code points. */
export function oneLine(text: string, max: number): string {
  return cut(multiLine(text, Infinity).replace(/[\n\t]+/g, " "), max);
}

/**
 * The address, if it is one that a calendar may open: http or https. Null for anything else.
 *
 * Comma, semicolon and backslash are percent-encoded, for programs that read a URI as if it were TEXT,
 * and quotes, because node-ical and others take them off.
 */
export function webAddress(text: string): string | null {
  const line = oneLine(text, Infinity); // URL would drop the line ends within
  if (!URL.canParse(line)) return null;
  const { protocol, href } = new URL(line);
  if (protocol !== "https:" && protocol !== "http:") return null;
  const address = href.replace(NOT_IN_ADDRESS, percentEncode);
  return address.length <= MAX_ADDRESS ? address : null;
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function cut(text: string, max: number): string {
  if (text.length <= max) return text; // UTF-16 units: never fewer than code points
  const points = Array.from(text.slice(0, 2 * max + 2));
  return points.length <= max ? text : `${points.slice(0, max - 1).join("")}…`;
}
