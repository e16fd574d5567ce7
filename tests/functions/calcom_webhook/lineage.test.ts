import { assertEquals } from "@std/assert";
import { onlyEventOf } from "../../support/calendar.ts";
import {
  type Bookable,
  type Booked,
  deliver,
  givenBookable,
  sessionsOf,
} from "../../support/calcom.ts";
import { must, only, unique } from "../../support/rows.ts";
import { secretClient } from "../../support/stack.ts";

const db = secretClient();
const DAY = 86_400_000;
const NOW = Math.floor(Date.now() / 60_000) * 60_000;

/** Events on the bookings a → b → c, a day apart, in the order in which they happened. */
function story({ common }: Bookable) {
  const [a, b, c] = [unique("a"), unique("b"), unique("c")];
  const event = (minute: number, values: Booked): Booked => ({
    ...common,
    at: new Date(NOW + minute * 60_000),
    startsAt: new Date(NOW + 2 * DAY),
    ...values,
  });
  const move = (minute: number, uid: string, from: string, days: number) =>
    event(minute, {
      trigger: "BOOKING_RESCHEDULED",
      uid,
      startsAt: new Date(NOW + days * DAY),
      more: { rescheduleUid: from },
    });
  const cancel = (minute: number, uid: string, requestReschedule = false) =>
    event(minute, {
      trigger: "BOOKING_CANCELLED",
      uid,
      more: { requestReschedule },
    });
  return {
    created: event(0, { uid: a }),
    toB: move(1, b, a, 3),
    oldCancelled: cancel(2, a),
    toC: move(3, c, b, 4),
    cancelled: cancel(4, c),
    c,
  };
}

async function session(it: Bookable) {
  const { status, session_date, calcom_booking_uid } = only(
    await sessionsOf(it.enrolment),
  );
  return {
    status,
    days: Math.round((Date.parse(session_date ?? "") - NOW) / DAY),
    uid: calcom_booking_uid,
  };
}

Deno.test("a reschedule before its creation makes the session, and the creation changes nothing", async () => {
  const it = await givenBookable();
  const { created, toB } = story(it);
  assertEquals((await deliver(toB)).status, "booked");
  const before = await session(it);
  assertEquals((await deliver(created)).status, "unchanged");
  assertEquals(await session(it), before);
  assertEquals(before, { status: "scheduled", days: 3, uid: toB.uid ?? "" });
});

Deno.test("a late cancellation of an old booking leaves its successor alone", async () => {
  const it = await givenBookable();
  const { created, toB, oldCancelled } = story(it);
  for (const event of [created, toB]) await deliver(event);
  assertEquals((await deliver(oldCancelled)).status, "unchanged");
  assertEquals((await session(it)).status, "scheduled");
});

Deno.test("a cancellation before the creation leaves nothing standing, and tells nobody", async () => {
  const it = await givenBookable();
  const { created, oldCancelled } = story(it);
  assertEquals((await deliver(oldCancelled)).status, "ignored");
  assertEquals((await deliver(created)).status, "cancelled");
  assertEquals((await session(it)).status, "cancelled");
  const told = must(
    await db.from("notifications").select("id")
      .in("user_id", [it.client.id, it.coach.id]),
  );
  assertEquals(told, []);
});

Deno.test("a middle booking that comes last joins two sessions into one: the older row, one event in the feed", async () => {
  const it = await givenBookable();
  const { created, toB, toC, c } = story(it);
  const first = await deliver(created);
  assertEquals((await deliver(toC)).status, "booked");
  assertEquals((await sessionsOf(it.enrolment)).length, 2);
  const joined = await deliver(toB);
  assertEquals([joined.status, joined.session_id], ["moved", first.session_id]);
  assertEquals(await session(it), { status: "scheduled", days: 4, uid: c });
  assertEquals((await onlyEventOf(it.client)).status, "CONFIRMED");
});

Deno.test("a real cancellation after one that asked for a new time is one", async () => {
  const it = await givenBookable();
  const { created } = story(it);
  await deliver(created);
  const cancel = (minute: number, requestReschedule: boolean): Booked => ({
    ...created,
    trigger: "BOOKING_CANCELLED",
    at: new Date(NOW + minute * 60_000),
    more: { requestReschedule },
  });
  assertEquals((await deliver(cancel(9, false))).status, "cancelled");
  // it happened before the other, and only came later
  assertEquals((await deliver(cancel(5, true))).status, "unchanged");
  assertEquals((await session(it)).status, "cancelled");
});

Deno.test("credits stay as they are while a session waits for a new time", async () => {
  const it = await givenBookable();
  const { created } = story(it);
  must(
    await db.rpc("grant_credit_batch", {
      p_owner_type: "user",
      p_owner_id: it.client.id,
      p_amount: 10,
      p_expires_at: new Date(NOW + 30 * DAY).toISOString(),
      p_source_type: "purchase",
    }),
  );
  const ledger = async () =>
    must(
      await db.from("credit_ledger").select("id, entry_type, amount")
        .eq("owner_id", it.client.id),
    );
  const before = await ledger();
  await deliver(created);
  await deliver({
    ...created,
    trigger: "BOOKING_CANCELLED",
    more: { requestReschedule: true },
  });
  assertEquals(await ledger(), before);
});
