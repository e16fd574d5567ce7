/**
 * What Cal.com sends (webhook version 2021-10-20), as far as it is used: everything else in a body is
 * left unread. A custom payload template can be of any other shape.
 */
import * as z from "zod/mini";

const instant = z.iso.datetime({ offset: true });
const person = z.object({
  email: z.nullish(z.string()),
  timeZone: z.nullish(z.string()),
});

/** Around every event. */
export const envelopeSchema = z.object({
  triggerEvent: z.string().check(z.minLength(1), z.maxLength(100)),
  /** When it happened at Cal.com. */
  createdAt: instant,
  payload: z.record(z.string(), z.unknown()),
});

// printable ASCII: what every kind of uid that Cal.com has had is made of
const uid = z.string().check(z.regex(/^[\x21-\x7e]{1,255}$/));

/** The payload of BOOKING_NO_SHOW_UPDATED, which names its booking in another way. */
export const noShowSchema = z.object({ bookingUid: uid });

/** The payload of an event about a booking that need not say more than which. */
export const bookingSchema = z.object({
  uid,
  bookingId: z.nullish(z.union([z.number(), z.string()])),
  eventTypeId: z.nullish(z.int().check(z.minimum(0), z.maximum(2_147_483_647))),
  /** The event type's slug. */
  type: z.nullish(z.string()),
  startTime: z.nullish(instant),
  endTime: z.nullish(instant),
  status: z.nullish(z.string()),
  organizer: z.nullish(person),
  attendees: z.nullish(z.array(person)),
  location: z.nullish(z.unknown()),
  videoCallData: z.nullish(z.object({ url: z.nullish(z.unknown()) })),
  metadata: z.nullish(z.record(z.string(), z.unknown())),
  /** Each an object with `value`. */
  responses: z.nullish(z.record(z.string(), z.unknown())),
  rescheduleUid: z.nullish(uid),
  requestReschedule: z.nullish(z.boolean()),
});

/** The payload of an event that sets a booking's time. */
export const datedBookingSchema = z.extend(bookingSchema, {
  startTime: instant,
  endTime: instant,
}).check(z.refine(
  ({ startTime, endTime }) => Date.parse(endTime) > Date.parse(startTime),
  { path: ["endTime"], error: "Expected a time after startTime" },
));

/** A booking as Cal.com describes it. */
export type Booking = z.infer<typeof bookingSchema>;

/** A body that is not of this endpoint's shape. */
export interface Refused {
  readonly refused: {
    readonly issues: readonly {
      readonly message: string;
      readonly path: readonly PropertyKey[];
    }[];
  };
}
