/**
 * What a set of Cal.com events amounts to, said as simply as it can be: a set, so that neither order nor
 * repetition can matter. Shares no code and no idea with the SQL but the rules themselves.
 */

/** What a lineage books. */
export type Kind = "individual" | "group_module" | "peer_group";

/** An event about a booking; times are minutes since 1970. */
export interface ModelEvent {
  trigger:
    | "BOOKING_REQUESTED"
    | "BOOKING_CREATED"
    | "BOOKING_RESCHEDULED"
    | "BOOKING_CANCELLED"
    | "BOOKING_REJECTED"
    | "BOOKING_NO_SHOW_UPDATED";
  uid: string;
  /** createdAt. */
  at: number;
  kind: Kind;
  /** rescheduleUid. */
  from?: string;
  start: number;
  minutes: number;
  room: string;
  /** requestReschedule. */
  newTime?: boolean;
}

/** The one session of a lineage. */
export interface Standing {
  kind: Kind;
  /** The booking that counts. */
  uid: string;
  status: "requested" | "scheduled" | "cancelled";
  start: number;
  minutes: number;
  room: string;
  /** Whether its group was asked to it. */
  invited: boolean;
}

const START = Date.UTC(2041, 0, 20) / 60_000;

/** A booking. */
export const CREATED: ModelEvent = {
  trigger: "BOOKING_CREATED",
  kind: "individual",
  uid: "first",
  at: START,
  start: START + 10_000,
  minutes: 60,
  room: "https://a.example.com/1",
};

const BOOKS = ["BOOKING_REQUESTED", "BOOKING_CREATED", "BOOKING_RESCHEDULED"];

/** The sessions that there have to be after these events. */
export function standingAfter(events: readonly ModelEvent[]): Standing[] {
  return lineagesOf(events).flatMap((lineage) => standingOf(lineage) ?? []);
}

/** The events in heaps: those whose bookings replace one another are in one. */
function lineagesOf(events: readonly ModelEvent[]): ModelEvent[][] {
  let heaps: { uids: Set<string>; events: ModelEvent[] }[] = [];
  for (const event of events) {
    const uids = new Set([event.uid, ...event.from ? [event.from] : []]);
    const met = heaps.filter((heap) => !heap.uids.isDisjointFrom(uids));
    heaps = [
      ...heaps.filter((heap) => !met.includes(heap)),
      {
        uids: met.reduce((all, heap) => all.union(heap.uids), uids),
        events: [...met.flatMap((heap) => heap.events), event],
      },
    ];
  }
  return heaps.map((heap) => heap.events);
}

function standingOf(lineage: ModelEvent[]): Standing | undefined {
  const replaced = new Set(lineage.map(({ from }) => from));
  const bookings = [...new Set(lineage.map(({ uid }) => uid))].map((uid) => {
    const own = lineage.filter((event) => event.uid === uid);
    const newest = (triggers: string[]) =>
      own.filter(({ trigger }) => triggers.includes(trigger)).sort((a, b) =>
        b.at - a.at || BOOKS.indexOf(b.trigger) - BOOKS.indexOf(a.trigger)
      )[0];
    const detail = newest(BOOKS);
    const cancelled = newest(["BOOKING_CANCELLED"]);
    const rejected = newest(["BOOKING_REJECTED"]);
    return {
      uid,
      detail,
      isKnown: Boolean(detail ?? cancelled ?? rejected),
      isReplaced: replaced.has(uid),
      isOff: Boolean(rejected ?? (cancelled && !cancelled.newTime)),
      waits: Boolean(cancelled?.newTime),
      isAccepted: own.some(({ trigger }) =>
        trigger === "BOOKING_CREATED" || trigger === "BOOKING_RESCHEDULED"
      ),
    };
  }).filter(({ isKnown }) => isKnown);

  // what counts most first
  bookings.sort((a, b) =>
    Number(a.isReplaced) - Number(b.isReplaced) ||
    Number(a.isOff) - Number(b.isOff) ||
    (b.detail?.at ?? -1) - (a.detail?.at ?? -1) ||
    (a.uid < b.uid ? 1 : -1)
  );
  const [head] = bookings;
  const detail = bookings.find((booking) => booking.detail)?.detail;
  if (!head || !detail) return undefined;
  return {
    kind: detail.kind,
    uid: head.uid,
    status: head.isOff
      ? "cancelled"
      : head.waits || !head.isAccepted
      ? "requested"
      : "scheduled",
    start: detail.start,
    minutes: detail.minutes,
    room: detail.room,
    invited: detail.kind !== "individual" &&
      bookings.some(({ isAccepted }) => isAccepted),
  };
}
