import { assert, assertEquals, assertExists } from "@std/assert";
import { calendarOf, onlyEventOf } from "../../support/calendar.ts";
import {
  type Bookable,
  deliver,
  givenBookable,
  sessionsOf,
} from "../../support/calcom.ts";
import type { Person } from "../../support/people.ts";
import {
  givenCoachingSession,
  givenEnrolment,
  must,
  only,
  unique,
} from "../../support/rows.ts";
import { secretClient } from "../../support/stack.ts";

const db = secretClient();
const STARTS_AT = new Date(Date.now() + 5 * 86_400_000);
STARTS_AT.setUTCMinutes(0, 0, 0);
const LATER = new Date(STARTS_AT.getTime() + 86_400_000);

Deno.test("a client books with a coach, moves it and cancels it: session, messages, mails and feeds follow", async () => {
  const { client, coach, enrolment, common } = await givenBookable();
  const uid = unique("uid");
  const booked = await deliver({
    ...common,
    uid,
    startsAt: STARTS_AT,
    minutes: 45,
    metadata: { videoCallUrl: "https://video.example.com/room" },
  });
  const session = only(await sessionsOf(enrolment));
  assertEquals(booked, {
    success: true,
    processed: true,
    event: "BOOKING_CREATED",
    booking_uid: uid,
    session_id: session.id,
    status: "booked",
  });
  assertEquals(
    [
      session.status,
      Date.parse(session.session_date ?? ""),
      session.duration_minutes,
      session.instructor_id,
      session.booked_by,
      session.meeting_url,
      session.location,
      session.booking_source,
      session.calcom_booking_uid,
      session.timezone,
    ],
    [
      "scheduled",
      STARTS_AT.getTime(),
      45,
      coach.id,
      client.id,
      "https://video.example.com/room",
      null,
      "calcom",
      uid,
      "America/New_York",
    ],
  );
  for (const person of [client, coach]) {
    assertEquals(await told(person), ["session_scheduled"]);
    const event = await onlyEventOf(person);
    assertEquals(
      [event.status, event.start, event.uid],
      [
        "CONFIRMED",
        STARTS_AT.toISOString(),
        `module-session-${session.id}@innotruehub`,
      ],
    );
  }
  const before = await onlyEventOf(client);

  const moved = unique("uid");
  assertEquals(
    (await deliver({
      ...common,
      trigger: "BOOKING_RESCHEDULED",
      uid: moved,
      startsAt: LATER,
      more: { rescheduleUid: uid },
    })).status,
    "moved",
  );
  assertEquals(only(await sessionsOf(enrolment)).id, session.id);
  for (const person of [client, coach]) {
    assertEquals(await told(person), [
      "session_rescheduled",
      "session_scheduled",
    ]);
    const event = await onlyEventOf(person);
    assertEquals([event.uid, event.start], [before.uid, LATER.toISOString()]);
    assert(event.sequence > before.sequence);
  }
  const between = await onlyEventOf(client);

  assertEquals(
    (await deliver({
      ...common,
      trigger: "BOOKING_CANCELLED",
      uid: moved,
      startsAt: LATER,
      more: { requestReschedule: false },
    })).status,
    "cancelled",
  );
  for (const person of [client, coach]) {
    assertEquals(await told(person), [
      "session_cancelled",
      "session_rescheduled",
      "session_scheduled",
    ]);
    const event = await onlyEventOf(person);
    assertEquals([event.uid, event.status], [before.uid, "CANCELLED"]);
    assert(event.sequence > between.sequence);
  }
});

Deno.test("the attendee's address is known whatever its case", async () => {
  const { client, enrolment, common } = await givenBookable();
  await deliver({
    ...common,
    attendee: { email: client.email.toUpperCase() },
  });
  assertEquals((await sessionsOf(enrolment)).length, 1);
});

Deno.test("of several enrolments the newest active one is booked on, or the one that the link names", async () => {
  const { client, enrolment, common } = await givenBookable();
  const program = { id: enrolment.programId };
  const newer = await givenEnrolment({ client, program });
  await givenEnrolment({ client, program, status: "paused" });
  await deliver(common);
  assertEquals((await sessionsOf(newer)).length, 1);
  await deliver({ ...common, metadata: { enrollment_id: enrolment.id } });
  assertEquals((await sessionsOf(enrolment)).length, 1);
});

Deno.test("a pending session of the attendee's own is filled", async () => {
  const { client, enrolment, module, common } = await givenBookable();
  const { id } = must(
    await db.from("module_sessions").insert({
      module_id: module.id,
      enrollment_id: enrolment.id,
      title: "Asked for",
      status: "requested",
      requested_by: client.id,
    }).select("id").single(),
  );
  const answer = await deliver({
    ...common,
    startsAt: STARTS_AT,
    metadata: { pending_session_id: id },
  });
  assertEquals([answer.session_id, answer.status], [id, "booked"]);
  const session = only(await sessionsOf(enrolment));
  assertEquals([session.status, session.title], ["scheduled", "Asked for"]);
});

Deno.test("a completed session stays as it is, and the next booking is a second session", async () => {
  const { enrolment, common } = await givenBookable();
  const uid = unique("uid");
  const { session_id } = await deliver({ ...common, uid });
  must(
    await db.from("module_sessions").update({ status: "completed" })
      .eq("id", session_id ?? "").select(),
  );
  await deliver(common);
  await deliver({ ...common, trigger: "BOOKING_CANCELLED", uid });
  await deliver({
    ...common,
    trigger: "BOOKING_RESCHEDULED",
    startsAt: LATER,
    more: { rescheduleUid: uid },
  });
  assertEquals(
    (await sessionsOf(enrolment)).map(({ status }) => status).sort(),
    ["completed", "scheduled", "scheduled"],
  );
});

Deno.test("a change by staff stays until Cal.com has news of the booking", async () => {
  const { enrolment, common } = await givenBookable();
  const uid = unique("uid");
  const { session_id } = await deliver({ ...common, uid });
  must(
    await db.from("module_sessions").update({ location: "Room 5" })
      .eq("id", session_id ?? "").select(),
  );
  await deliver({
    ...common,
    trigger: "BOOKING_NO_SHOW_UPDATED",
    more: { bookingUid: uid },
  });
  assertEquals(only(await sessionsOf(enrolment)).location, "Room 5");
});

Deno.test("who does not want to be told is booked in silence", async () => {
  const { client, common } = await givenBookable();
  const type = must(
    await db.from("notification_types").select("id")
      .eq("key", "session_scheduled").single(),
  );
  must(
    await db.from("user_notification_preferences").insert({
      user_id: client.id,
      notification_type_id: type.id,
      in_app_enabled: false,
      email_enabled: false,
    }).select(),
  );
  await deliver({ ...common, startsAt: STARTS_AT });
  assertEquals(await told(client), []);
});

Deno.test("a session is not made where a coach entered one by hand: the booking is one of its own", async () => {
  const it = await givenBookable();
  await givenCoachingSession({
    client: it.client,
    coach: it.coach,
    startsAt: STARTS_AT,
    enrolment: it.enrolment,
  });
  await deliver({ ...it.common, startsAt: LATER });
  assertEquals((await calendarOf(it.client)).events.length, 2);
  assertExists(await hostedBy(it));
});

async function hostedBy({ coach }: Bookable) {
  return only(
    must(
      await db.from("module_sessions").select("id")
        .eq("instructor_id", coach.id).eq("booking_source", "calcom"),
    ),
  );
}

/** The kinds of what a person was told, in the app and by mail: which are the same. */
async function told({ id, email }: Person): Promise<string[]> {
  const notifications = must(
    await db.from("notifications").select("notification_types(key)")
      .eq("user_id", id),
  ).map((row) => row.notification_types?.key ?? "");
  const mails = must(
    await db.from("email_queue").select("id").eq("recipient_email", email)
      .not("notification_id", "is", null),
  );
  assertEquals(mails.length, notifications.length);
  return notifications.sort();
}
