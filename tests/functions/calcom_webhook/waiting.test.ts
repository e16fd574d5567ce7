import { assertEquals } from "@std/assert";
import { onlyEventOf } from "../../support/calendar.ts";
import {
  type Booked,
  deliver,
  givenBookable,
  sessionsOf,
} from "../../support/calcom.ts";
import { only, unique } from "../../support/rows.ts";

const STARTS_AT = new Date(Date.now() + 5 * 86_400_000);
STARTS_AT.setUTCMilliseconds(0);
const LATER = new Date(STARTS_AT.getTime() + 86_400_000);

Deno.test("a booking that the host has to confirm is tentative until then, and gone when it is rejected", async () => {
  const { client, enrolment, common } = await givenBookable();
  const uid = unique("uid");
  const request = { ...common, uid, startsAt: STARTS_AT };
  const status = async (event: Booked) => (await deliver(event)).status;
  assertEquals(
    await status({ ...request, trigger: "BOOKING_REQUESTED" }),
    "requested",
  );
  assertEquals((await onlyEventOf(client)).status, "TENTATIVE");
  assertEquals(await status(request), "booked");
  assertEquals((await onlyEventOf(client)).status, "CONFIRMED");
  const other = { ...request, uid: unique("uid"), startsAt: LATER };
  await status({ ...other, trigger: "BOOKING_REQUESTED" });
  assertEquals(
    await status({ ...other, trigger: "BOOKING_REJECTED" }),
    "cancelled",
  );
  assertEquals(
    (await sessionsOf(enrolment)).map(({ status }) => status).sort(),
    ["cancelled", "scheduled"],
  );
});

Deno.test("a cancellation that asks for a new time leaves the session waiting for it, on the same row", async () => {
  const { client, enrolment, common } = await givenBookable();
  const uid = unique("uid");
  await deliver({ ...common, uid, startsAt: STARTS_AT });
  const before = await onlyEventOf(client);
  assertEquals(
    (await deliver({
      ...common,
      trigger: "BOOKING_CANCELLED",
      uid,
      startsAt: STARTS_AT,
      more: { requestReschedule: true },
    })).status,
    "waiting",
  );
  assertEquals(only(await sessionsOf(enrolment)).status, "requested");
  assertEquals((await onlyEventOf(client)).status, "TENTATIVE");
  await deliver({
    ...common,
    trigger: "BOOKING_RESCHEDULED",
    startsAt: LATER,
    more: { rescheduleUid: uid },
  });
  const after = await onlyEventOf(client);
  assertEquals(
    [after.uid, after.status, after.start],
    [before.uid, "CONFIRMED", LATER.toISOString()],
  );
});
