import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type Kind,
  type ModelEvent,
  standingAfter,
} from "../support/calcom_model.ts";
import {
  givenWorld,
  play,
  sightFrom,
  sightOf,
  sorted,
} from "../support/calcom_world.ts";
import { sqlTest } from "../support/sql.ts";
import { sample } from "../support/stack.ts";

const SEQUENCES = sample(30, 120);
const SEED = 20260329;

const START = Date.UTC(2041, 0, 20) / 60_000;
const KINDS: Kind[] = ["individual", "group_module", "peer_group"];

// Few and close together, so that ties and overtaking are frequent.
const at = fc.nat(20).map((minutes) => START + minutes);
const details = fc.record({
  at,
  start: fc.nat(5).map((days) => START + 10_000 + days * 1440),
  minutes: fc.constantFrom(30, 60),
  room: fc.constantFrom("https://a.example.com/1", "https://b.example.com/2"),
});
const often = (weight: number) => fc.nat(weight).map((chance) => chance > 0); // all but one in weight + 1

/** All that is said of one booking. */
const booking = fc.record({
  requested: fc.option(details, { freq: 1 }),
  accepted: fc.option(details, { freq: 6 }),
  again: rarely(details),
  cancelled: fc.option(
    fc.array(fc.record({ at, newTime: fc.boolean() }), {
      minLength: 1,
      maxLength: 2,
    }),
    { freq: 1 },
  ),
  rejected: rarely(at),
  noShow: rarely(at),
});

/** Bookings each of which replaces one before it, mostly the last. */
const lineage = fc.record({
  kind: fc.constantFrom(...KINDS),
  bookings: fc.array(
    fc.record({ booking, replacesLast: often(2), saysSo: often(6) }),
    { minLength: 1, maxLength: 4 },
  ),
});

const events = fc.array(lineage, { minLength: 1, maxLength: 3 })
  .map((lineages) => lineages.flatMap(eventsOf))
  // lost: some are missing; shuffled; repeated: some come again
  .chain((all) =>
    fc.tuple(
      fc.shuffledSubarray(all, { minLength: Math.ceil(all.length * 0.7) }),
      fc.shuffledSubarray(all, { maxLength: Math.min(3, all.length) }),
    )
  )
  .map(([once, again]) => [...once, ...again].slice(0, 24));

sqlTest(
  `${SEQUENCES} shuffled, repeated and thinned sequences of events agree with the model after every event`,
  async (sql) => {
    const world = await givenWorld(sql);
    await fc.assert(
      fc.asyncProperty(events, async (sequence) => {
        await sql.script("savepoint before_sequence");
        try {
          for (const [index, event] of sequence.entries()) {
            const seen = sequence.slice(0, index + 1).filter(isFirst);
            await play(sql, world, event);
            assertEquals(
              sorted(await sightOf(sql, world)),
              sorted(sightFrom(standingAfter(seen), world)),
              `after event ${index + 1}`,
            );
          }
        } finally {
          await sql.script("rollback to savepoint before_sequence");
        }
      }),
      { seed: SEED, numRuns: SEQUENCES },
    );
  },
);

function rarely<T>(arbitrary: fc.Arbitrary<T>) {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary },
  );
}

function eventsOf(
  { kind, bookings }: typeof lineage extends fc.Arbitrary<infer Value> ? Value
    : never,
  index: number,
): ModelEvent[] {
  const uids = bookings.map((_, n) => `${index}${n}-${kind}`);
  return bookings.flatMap(({ booking, replacesLast, saysSo }, n) => {
    const uid = uids[n] ?? "";
    const from = n > 0 && saysSo ? uids[replacesLast ? n - 1 : 0] : undefined;
    const base = { uid, kind, start: START, minutes: 60, room: "" };
    const { requested, accepted, again } = booking;
    const books = n === 0 ? "BOOKING_CREATED" : "BOOKING_RESCHEDULED";
    const said: (ModelEvent | false)[] = [
      requested !== null &&
      { ...base, ...requested, from, trigger: "BOOKING_REQUESTED" },
      accepted !== null && { ...base, ...accepted, from, trigger: books },
      again !== null && { ...base, ...again, from, trigger: books },
      ...(booking.cancelled ?? []).map((it): ModelEvent => ({
        ...base,
        ...it,
        trigger: "BOOKING_CANCELLED",
      })),
      booking.rejected !== null &&
      { ...base, at: booking.rejected, trigger: "BOOKING_REJECTED" },
      booking.noShow !== null &&
      { ...base, at: booking.noShow, trigger: "BOOKING_NO_SHOW_UPDATED" },
    ];
    return said.filter((event) => event !== false);
  });
}

/** Whether no event of the same trigger, booking and time came before: Cal.com has no other identity. */
function isFirst(
  event: ModelEvent,
  index: number,
  sequence: ModelEvent[],
): boolean {
  return sequence.findIndex((other) =>
    other.trigger === event.trigger && other.uid === event.uid &&
    other.at === event.at
  ) === index;
}
