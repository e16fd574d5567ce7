import { LOCAL_DEFAULTS } from "../../stack/defaults.ts";
import created from "../fixtures/calcom/booking_created.json" with {
  type: "json",
};
import { createPerson, type Person } from "./people.ts";
import {
  type Enrolment,
  givenEnrolment,
  givenModule,
  givenProgram,
  type Insert,
  type Module,
  must,
  type Someone,
  unique,
} from "./rows.ts";
import { api, secretClient } from "./stack.ts";

/** The secret of the webhook under test: the stack's unless the environment says otherwise. */
export const CALCOM_SECRET = Deno.env.get("CALCOM_WEBHOOK_SECRET") ??
  LOCAL_DEFAULTS["CALCOM_WEBHOOK_SECRET"] ?? "";

/** What calcom-webhook answers to an event. */
export interface Answered {
  success: boolean;
  processed: boolean;
  event: string;
  booking_uid: string | null;
  session_id: string | null;
  status: string;
  missing?: string[];
}

/** An event about a booking, in short. */
export interface Booked {
  trigger?: string;
  uid?: string;
  /** createdAt. */
  at?: Date;
  startsAt?: Date;
  minutes?: number;
  eventTypeId?: number;
  slug?: string;
  attendee?: { email: string };
  organizer?: { email: string };
  metadata?: Record<string, unknown>;
  /** Anything else of the payload, such as rescheduleUid. */
  more?: Record<string, unknown>;
}

const db = secretClient();
const encoder = new TextEncoder();

/** Lower-case hex of HMAC-SHA256, by WebCrypto alone: not by the code under test. */
export async function sign(
  body: string,
  secret = CALCOM_SECRET,
): Promise<string> {
  const key = await crypto.subtle.importKey(
    "raw",
    encoder.encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  return new Uint8Array(
    await crypto.subtle.sign("HMAC", key, encoder.encode(body)),
  ).toHex();
}

/** Posts a body as Cal.com does, signed. */
export async function post(
  body: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  return await fetch(`${api.url}/functions/v1/calcom-webhook`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-Cal-Signature-256": await sign(body),
      ...headers,
    },
    body,
  });
}

/** Delivers an event, which has to be answered with 200. */
export async function deliver(event: Booked): Promise<Answered> {
  const response = await post(JSON.stringify(bodyOf(event)));
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status} ${text}`);
  return JSON.parse(text);
}

/** The body of an event, in the shape of the fixtures. */
export function bodyOf(
  {
    trigger = "BOOKING_CREATED",
    uid = unique("uid"),
    at = new Date(),
    startsAt = new Date("2031-03-04T14:00:00Z"),
    minutes = 60,
    eventTypeId,
    slug = "coaching",
    attendee,
    organizer,
    metadata = {},
    more = {},
  }: Booked,
) {
  const { payload } = created;
  return {
    triggerEvent: trigger,
    createdAt: at.toISOString(),
    payload: {
      ...payload,
      uid,
      type: slug,
      eventTypeId: eventTypeId ?? null,
      startTime: startsAt.toISOString(),
      endTime: new Date(startsAt.getTime() + minutes * 60_000).toISOString(),
      organizer: withAddress(payload.organizer, organizer),
      attendees: payload.attendees.map((it) => withAddress(it, attendee)),
      status: trigger === "BOOKING_REQUESTED" ? "PENDING" : "ACCEPTED",
      metadata,
      ...more,
    },
  };
}

function withAddress<Party extends { email: string }>(
  party: Party,
  person: { email: string } = party,
): Party {
  return { ...party, email: person.email };
}

/** An event type, mapped to what it books here. */
export async function givenEventType(
  values: Partial<Insert<"calcom_event_type_mappings">> = {},
): Promise<Someone & { eventTypeId: number }> {
  const eventTypeId = Math.floor(Math.random() * 2 ** 31);
  const { id } = must(
    await db.from("calcom_event_type_mappings").insert({
      calcom_event_type_id: eventTypeId,
      session_target: "module_session",
      ...values,
    }).select("id").single(),
  );
  return { id, eventTypeId };
}

/** A client enrolled with a coach who can be booked. */
export interface Bookable {
  client: Person;
  coach: Person;
  module: Module;
  enrolment: Enrolment;
  mapping: Someone;
  /** What every event about a booking of theirs has in common. */
  common: Required<Pick<Booked, "eventTypeId" | "attendee" | "organizer">>;
}

/** A client with an active enrolment, a coach, and an event type of a module. */
export async function givenBookable(): Promise<Bookable> {
  const [client, coach, program] = await Promise.all([
    createPerson({ role: "client", name: "Clara Client" }),
    createPerson({ role: "coach", name: "Carol Coach" }),
    givenProgram(),
  ]);
  const module = await givenModule({ program, module_type: "coaching" });
  const { id, eventTypeId } = await givenEventType({
    default_program_id: program.id,
    default_module_id: module.id,
  });
  return {
    client,
    coach,
    module,
    enrolment: await givenEnrolment({ client, program }),
    mapping: { id },
    common: { eventTypeId, attendee: client, organizer: coach },
  };
}

/** Another client of the same programme, module, coach and event type. */
export async function givenPeerOf(other: Bookable): Promise<Bookable> {
  const client = await createPerson({ role: "client", name: "Pedro Peer" });
  return {
    ...other,
    client,
    enrolment: await givenEnrolment({
      client,
      program: { id: other.module.programId },
    }),
    common: { ...other.common, attendee: client },
  };
}

/** The sessions of an enrolment. */
export async function sessionsOf({ id }: Someone) {
  return must(
    await db.from("module_sessions").select().eq("enrollment_id", id).order(
      "created_at",
    ),
  );
}
