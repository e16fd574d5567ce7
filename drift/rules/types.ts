import type { Literal } from "../touch/literal.ts";

/** What kind of value a type takes. */
export type Family =
  | "integer"
  | "number"
  | "boolean"
  | "uuid"
  | "time"
  | "text"
  | "json"
  | "array"
  | "other";

const FAMILIES: Readonly<Record<string, Family>> = {
  smallint: "integer",
  integer: "integer",
  bigint: "integer",
  numeric: "number",
  real: "number",
  "double precision": "number",
  boolean: "boolean",
  uuid: "uuid",
  date: "time",
  "timestamp without time zone": "time",
  "timestamp with time zone": "time",
  "time without time zone": "time",
  "time with time zone": "time",
  text: "text",
  "character varying": "text",
  character: "text",
  "extensions.citext": "text",
  "public.citext": "text",
  name: "text",
  json: "json",
  jsonb: "json",
};

/** The family of a type as `format_type` prints it; undefined when the type is not known. */
export function familyOf(type: string | undefined): Family | undefined {
  if (type === undefined) return undefined;
  return type.endsWith("[]") ? "array" : FAMILIES[type] ?? "other";
}

const RANGES: Readonly<Record<string, bigint>> = {
  smallint: 2n ** 15n,
  integer: 2n ** 31n,
  bigint: 2n ** 63n,
};

const UUID = /^\{?[0-9a-f]{4}(-?[0-9a-f]{4}){7}\}?$/i;
const NUMBER =
  /^\s*[+-]?(\d[\d_]*\.?\d*|\.\d+)(e[+-]?\d+)?\s*$|^\s*[+-]?(nan|inf(inity)?|0[xob][\da-f]+)\s*$/i;
const BOOLEAN =
  /^\s*(t|tr|tru|true|f|fa|fal|fals|false|y|ye|yes|n|no|on|of|off|1|0)\s*$/i;
/** Words that Postgres reads as a time (its manual, "Special Date/Time Inputs"); all others have digits. */
const TIME =
  /\d|^\s*(now|today|tomorrow|yesterday|epoch|-?infinity|allballs)\s*$/i;

/** The numbers that are dates: 20260131, 260131. */
const DATE = /^(\d{6}|\d{8})$/;

/** Whether Postgres refuses to read a literal as a value of the type. What is not known is not refused. */
export function refuses(type: string | undefined, literal: Literal): boolean {
  const family = familyOf(type);
  if (family === undefined) return false;
  switch (literal.kind) {
    case "unknown":
    case "null":
      return false;
    case "array":
    case "object":
      return refusesStructure(family, literal.kind);
    default:
      return refusesText(family, type, literal);
  }
}

function refusesText(
  family: Family,
  type: string | undefined,
  literal: { readonly text: string; readonly kind: string },
): boolean {
  const { text, kind } = literal;
  switch (family) {
    case "integer":
      return !isInteger(text, RANGES[type ?? ""]);
    case "number":
      return !NUMBER.test(text);
    case "boolean":
      return !BOOLEAN.test(text);
    case "uuid":
      return !UUID.test(text);
    case "time":
      return kind === "string" ? !TIME.test(text) : !DATE.test(text);
    case "array":
      return !/^\s*(\{|\[\d)/.test(text);
    default:
      return false;
  }
}

/** JSON goes into text as it is written. */
function refusesStructure(family: Family, kind: "array" | "object"): boolean {
  if (family === "array") return kind === "object";
  return ["integer", "number", "boolean", "uuid", "time"].includes(family);
}

function isInteger(text: string, limit: bigint | undefined): boolean {
  if (!/^\s*[+-]?\d+(_\d+)*\s*$/.test(text)) {
    return /^\s*0[xob][\da-f]+\s*$/i.test(text);
  }
  const value = BigInt(text.trim().replaceAll(/^\+|_/g, ""));
  return limit === undefined || (value >= -limit && value < limit);
}
