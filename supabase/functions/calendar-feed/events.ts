/**
 * The sessions of a feed as the database sends them, and the guard at that border. It is written by
 * hand because the feed has to start fast: zod/mini alone is twice the size of all the feed's own code.
 */

const KINDS = ["coaching", "group", "cohort"] as const;
const STATUSES = ["TENTATIVE", "CONFIRMED", "CANCELLED"] as const;

/** What kind of session it is, whichever part the user has in it. */
export type FeedKind = (typeof KINDS)[number];

/** The STATUS of a VEVENT (RFC 5545 §3.8.1.11). */
export type FeedStatus = (typeof STATUSES)[number];

/** When a session is: from instant to instant (ISO 8601 with an offset), or on a day. */
export type FeedTime =
  | {
    starts_at: string;
    /** Exclusive. */
    ends_at: string | null;
    all_day: null;
  }
  | {
    starts_at: null;
    ends_at: null;
    /** YYYY-MM-DD: the time of day is not known. */
    all_day: string;
  };

/** One session in a user's feed. */
export type FeedEvent = FeedTime & {
  /** The UID of the VEVENT, stable for ever: `module-session-<uuid>@innotruehub`. */
  uid: string;
  kind: FeedKind;
  /** The user gives this session rather than taking part in it. */
  hosting: boolean;
  title: string;
  status: FeedStatus;
  sequence: number;
  modified_at: string;
  created_at: string;
  /** The name of the other party. */
  with_name: string | null;
  /** The name of the program, group or cohort. */
  context: string | null;
  description: string | null;
  location: string | null;
  meeting_url: string | null;
};

// A UID is written as it is, so nothing that TEXT would have to escape may be in it.
const UID = /^[A-Za-z0-9@._-]{1,255}$/;
// Stricter than Date.parse, which also takes "foo 1". PostgREST and jsonb write this form.
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const MAX_SEQUENCE = 2_147_483_647; // INTEGER of RFC 5545 §3.3.8

/**
 * Checks the rows of a feed and copies them, key by key, so that nothing else comes along.
 *
 * @throws {TypeError} naming the row and the key, and never the value, which is personal data
 */
export function readEvents(json: unknown): FeedEvent[] {
  if (!Array.isArray(json)) throw new TypeError("feed events: not an array");
  const uids = new Set<string>();
  return json.map((row: unknown, index) => {
    if (!isRecord(row)) {
      throw new TypeError(`feed event ${index}: not an object`);
    }
    const event = readEvent(new Row(row, index));
    if (uids.has(event.uid)) {
      throw new TypeError(`feed event ${index}: uid is not unique`);
    }
    uids.add(event.uid);
    return event;
  });
}

function readEvent(row: Row): FeedEvent {
  return {
    uid: row.required("uid", isUid),
    kind: row.required("kind", isKind),
    hosting: row.required("hosting", isBoolean),
    title: row.required("title", isText),
    status: row.required("status", isStatus),
    ...readTime(row),
    sequence: row.required("sequence", isSequence),
    modified_at: row.required("modified_at", isInstant),
    created_at: row.required("created_at", isInstant),
    with_name: row.nullable("with_name", isText),
    context: row.nullable("context", isText),
    description: row.nullable("description", isText),
    location: row.nullable("location", isText),
    meeting_url: row.nullable("meeting_url", isText),
  };
}

function readTime(row: Row): FeedTime {
  const day = row.nullable("all_day", isDay);
  return day === null
    ? {
      starts_at: row.required("starts_at", isInstant),
      ends_at: row.nullable("ends_at", isInstant),
      all_day: day,
    }
    : {
      starts_at: row.required("starts_at", isNull),
      ends_at: row.required("ends_at", isNull),
      all_day: day,
    };
}

class Row {
  readonly #row: Record<string, unknown>;
  readonly #index: number;

  constructor(row: Record<string, unknown>, index: number) {
    this.#row = row;
    this.#index = index;
  }

  required<T>(key: keyof FeedEvent, is: (value: unknown) => value is T): T {
    const value = this.#row[key];
    if (is(value)) return value;
    throw new TypeError(
      `feed event ${this.#index}: ${key} is ${
        value === undefined ? "missing" : "malformed"
      }`,
    );
  }

  nullable<T>(
    key: keyof FeedEvent,
    is: (value: unknown) => value is T,
  ): T | null {
    return this.#row[key] === null ? null : this.required(key, is);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNull(value: unknown): value is null {
  return value === null;
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === "boolean";
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isUid(value: unknown): value is string {
  return typeof value === "string" && UID.test(value);
}

function isKind(value: unknown): value is FeedKind {
  return KINDS.some((kind) => kind === value);
}

function isStatus(value: unknown): value is FeedStatus {
  return STATUSES.some((status) => status === value);
}

function isSequence(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 &&
    value <= MAX_SEQUENCE;
}

function isInstant(value: unknown): value is string {
  return typeof value === "string" && INSTANT.test(value) &&
    !Number.isNaN(Date.parse(value));
}

function isDay(value: unknown): value is string {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d$/.test(value)) {
    return false;
  }
  const midnight = new Date(`${value}T00:00:00Z`);
  // Date rolls 30 February over to 2 March
  return !Number.isNaN(midnight.getTime()) &&
    midnight.toISOString().startsWith(value);
}
