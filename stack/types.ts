/** How PostgREST writes values, where lite hands on what the driver read. */

/** `2026-11-22 17:05:02.262+00` → `2026-11-22T17:05:02.262+00:00`; `infinity` stays. */
export function isoTimestamp(text: string): string {
  return text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00");
}

/** A JSON number, as PostgREST writes it: `10.00` is 10, where lite gives the string. */
export function jsonNumber(text: string): number | string {
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

const NUMERIC = 1700;
const TIMESTAMP = 1114;
const TIMESTAMPTZ = 1184;

/** For `pgliteOptions.parsers`. */
export const pgliteParsers = {
  [NUMERIC]: jsonNumber,
  [TIMESTAMP]: isoTimestamp,
  [TIMESTAMPTZ]: isoTimestamp,
};

/** lite hands JSON over as text already, which the driver's own serializer would quote once more. */
export function jsonText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

const JSON_OID = 114;
const JSONB = 3802;

const type = (
  oid: number,
  parse: (text: string) => unknown,
  serialize: (value: unknown) => string = String,
) => ({ to: oid, from: [oid], serialize, parse });

/** For `postgresOptions.types`. */
export const postgresTypes = {
  numeric: type(NUMERIC, jsonNumber),
  timestamp: type(TIMESTAMP, isoTimestamp),
  timestamptz: type(TIMESTAMPTZ, isoTimestamp),
  json: type(JSON_OID, JSON.parse, jsonText),
  jsonb: type(JSONB, JSON.parse, jsonText),
};
