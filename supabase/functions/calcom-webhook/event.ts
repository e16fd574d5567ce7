import {
  type Booking,
  bookingSchema,
  datedBookingSchema,
  type envelopeSchema,
  noShowSchema,
  type Refused,
} from "./payload.ts";
import { type Hints, hintsOf } from "./hints.ts";
import { meetingUrlOf, placeOf } from "./place.ts";
import type * as z from "zod/mini";

/** What an event says of its booking, whatever Cal.com calls the event. */
export type EventKind =
  | "requested"
  | "accepted"
  | "rejected"
  | "cancelled"
  | "no_show"
  | "other";

/** An event in the form that the SQL function apply_calcom_event takes. */
export type CalcomEvent = {
  /** Cal.com's triggerEvent. */
  trigger: string;
  kind: EventKind;
  created_at: string;
  uid: string;
  /** The booking that this one replaces. */
  reschedule_uid?: string;
  booking_id?: string;
  event_type_id?: number;
  event_type_slug?: string;
  starts_at?: string;
  ends_at?: string;
  /** A cancellation that asks for a new time rather than none. */
  request_reschedule?: boolean;
  attendee_email?: string;
  attendee_timezone?: string;
  organizer_email?: string;
  organizer_timezone?: string;
  meeting_url?: string;
  location?: string;
  hints?: Hints;
};

const KINDS = new Map<string, EventKind>([
  ["BOOKING_REQUESTED", "requested"],
  ["BOOKING_CREATED", "accepted"],
  ["BOOKING_RESCHEDULED", "accepted"],
  ["BOOKING_REJECTED", "rejected"],
  ["BOOKING_CANCELLED", "cancelled"],
]);

/** Reads a booking's event. An unknown trigger about a booking is an event of kind `other`. */
export function readEvent(
  { triggerEvent, createdAt, payload }: z.infer<typeof envelopeSchema>,
): CalcomEvent | Refused {
  const base = { trigger: triggerEvent, created_at: createdAt };
  if (triggerEvent === "BOOKING_NO_SHOW_UPDATED") {
    const { success, data, error } = noShowSchema.safeParse(payload);
    return success
      ? { ...base, kind: "no_show", uid: data.bookingUid }
      : { refused: error };
  }
  const kind = KINDS.get(triggerEvent) ?? "other";
  const sets = kind === "requested" || kind === "accepted";
  const { success, data, error } = (sets ? datedBookingSchema : bookingSchema)
    .safeParse(payload);
  if (!success) return { refused: error };
  return {
    ...base,
    // a reschedule that the host has yet to confirm
    kind: kind === "accepted" && data.status === "PENDING" ? "requested" : kind,
    ...detailsOf(data),
  };
}

function detailsOf(
  booking: Booking,
): Omit<CalcomEvent, "trigger" | "kind" | "created_at"> {
  const [attendee] = booking.attendees ?? [];
  return {
    uid: booking.uid,
    reschedule_uid: booking.rescheduleUid ?? undefined,
    booking_id: booking.bookingId?.toString(),
    event_type_id: booking.eventTypeId ?? undefined,
    event_type_slug: clean(booking.type),
    starts_at: booking.startTime ?? undefined,
    ends_at: booking.endTime ?? undefined,
    request_reschedule: booking.requestReschedule ?? undefined,
    attendee_email: clean(attendee?.email),
    attendee_timezone: clean(attendee?.timeZone),
    organizer_email: clean(booking.organizer?.email),
    organizer_timezone: clean(booking.organizer?.timeZone),
    meeting_url: meetingUrlOf(booking),
    location: clean(placeOf(booking)),
    hints: hintsOf(booking),
  };
}

/** Without control characters, of which PostgreSQL cannot store all, and not endless. */
function clean(text: string | null | undefined): string | undefined {
  return text?.replaceAll(/\p{Cc}/gu, " ").trim().slice(0, 500) || undefined;
}
