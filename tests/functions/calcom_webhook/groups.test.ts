import { assert, assertEquals } from "@std/assert";
import { onlyEventOf } from "../../support/calendar.ts";
import {
  type Answered,
  deliver,
  givenEventType,
} from "../../support/calcom.ts";
import { givenPeerGroup } from "../../support/calcom_group.ts";
import { givenGroup } from "../../support/group_rows.ts";
import { createPerson, type Person } from "../../support/people.ts";
import {
  givenModule,
  givenProgram,
  must,
  only,
  type Someone,
  unique,
} from "../../support/rows.ts";
import { secretClient } from "../../support/stack.ts";

const db = secretClient();
const STARTS_AT = new Date(Date.now() + 5 * 86_400_000);
STARTS_AT.setUTCMilliseconds(0);
const LATER = new Date(STARTS_AT.getTime() + 86_400_000);

Deno.test("a peer group of 8 is booked, moved and cancelled: each member is asked once, told and shown", async () => {
  const { group, members, host, common } = await givenPeerGroup(8);
  const [booker, ...others] = members;
  const uid = unique("uid");
  const { session_id } = await deliver({
    ...common,
    uid,
    startsAt: STARTS_AT,
    minutes: 90,
    metadata: { videoCallUrl: "https://video.example.com/circle" },
  });
  const session = only(must(
    await db.from("group_sessions").select().eq("group_id", group.id),
  ));
  assertEquals(
    [
      session.id,
      ...[session.session_date, session.start_time, session.end_time]
        .map((time) => Date.parse(time ?? "")),
      session.duration_minutes,
      session.meeting_link,
      session.status,
      session.booked_by,
    ],
    [
      session_id,
      STARTS_AT.getTime(),
      STARTS_AT.getTime(),
      STARTS_AT.getTime() + 90 * 60_000,
      90,
      "https://video.example.com/circle",
      "scheduled",
      booker?.id,
    ],
  );
  assertEquals(
    await answersTo(session_id),
    Object.fromEntries([
      [booker?.id, "accepted"],
      ...others.map(({ id }) => [id, "pending"]),
    ]),
  );
  for (const person of [...members, host]) {
    assertEquals(await toldOf(session_id, person), 1);
  }
  const before = await Promise.all(members.map((it) => onlyEventOf(it)));

  await deliver({
    ...common,
    trigger: "BOOKING_RESCHEDULED",
    uid: `${uid}-moved`,
    startsAt: LATER,
    more: { rescheduleUid: uid },
  });
  const moved = await Promise.all(members.map((it) => onlyEventOf(it)));
  for (const [index, event] of moved.entries()) {
    assertEquals(
      [event.uid, event.start, event.status],
      [before[index]?.uid, LATER.toISOString(), "CONFIRMED"],
    );
    assert(event.sequence > (before[index]?.sequence ?? 0));
  }

  await deliver({
    ...common,
    trigger: "BOOKING_CANCELLED",
    uid: `${uid}-moved`,
    startsAt: LATER,
  });
  for (const [index, member] of members.entries()) {
    const event = await onlyEventOf(member);
    assertEquals([event.uid, event.status], [before[index]?.uid, "CANCELLED"]);
    assert(event.sequence > (moved[index]?.sequence ?? 0));
  }
  for (const person of [...members, host]) {
    assertEquals(await toldOf(session_id, person), 3);
  }
});

Deno.test("a group's module session has its programme, its host and the group's members", async () => {
  const program = await givenProgram();
  const module = await givenModule({ program });
  const { members, host, common } = await givenPeerGroup(3, {
    session_target: "module_session",
    default_module_id: module.id,
  }, program);
  const { session_id } = await deliver({ ...common, startsAt: STARTS_AT });
  const session = only(must(
    await db.from("module_sessions").select().eq("module_id", module.id),
  ));
  assertEquals(
    [
      session.id,
      session.session_type,
      session.program_id,
      session.enrollment_id,
      session.instructor_id,
    ],
    [session_id, "group", program.id, null, host.id],
  );
  const participants = must(
    await db.from("module_session_participants").select().eq(
      "session_id",
      session.id,
    ),
  );
  assertEquals(
    participants.map((it) => [it.user_id, it.response_status]).sort(),
    members.map(({ id }, index) => [id, index === 0 ? "accepted" : "pending"])
      .sort(),
  );
  for (const person of [...members, host]) {
    assertEquals(await toldOf(session_id, person), 1);
    assertEquals((await onlyEventOf(person)).start, STARTS_AT.toISOString());
  }
});

Deno.test("who joins a group later is asked to what is still to come, who leaves is taken off it", async () => {
  const { group, members, common } = await givenPeerGroup(2);
  const past = await deliver({
    ...common,
    startsAt: new Date(Date.now() - 86_400_000),
  });
  const coming = await deliver({ ...common, startsAt: STARTS_AT });
  const cancelled = await deliver({ ...common, uid: unique("uid") });
  await deliver({
    ...common,
    trigger: "BOOKING_CANCELLED",
    uid: cancelled.booking_uid ?? "",
  });
  const late = await createPerson();
  must(
    await db.from("group_memberships").insert({
      group_id: group.id,
      user_id: late.id,
      status: "pending",
    }).select(),
  );
  assertEquals((await answersTo(coming.session_id))[late.id], undefined);
  await setMembership(group, late, "active");
  assertEquals((await answersTo(coming.session_id))[late.id], "pending");
  assertEquals(await toldOf(coming.session_id, late), 1);
  for (const { session_id } of [past, cancelled]) {
    assertEquals((await answersTo(session_id))[late.id], undefined);
  }

  const leaver = only(members.slice(1));
  await setMembership(group, leaver, "left");
  assertEquals((await answersTo(coming.session_id))[leaver.id], undefined);
  assertEquals((await answersTo(past.session_id))[leaver.id], "pending");
});

Deno.test("a group that mappings name by groups.calcom_mapping_id is told from others by its booker, or by the link", async () => {
  const mapping = await givenEventType({ session_target: "group_session" });
  const [both, host, one] = await Promise.all([
    createPerson(),
    createPerson({ role: "coach" }),
    createPerson(),
  ]);
  const named = { calcom_mapping_id: mapping.id };
  const first = await givenGroup({ members: [one, both], ...named });
  const second = await givenGroup({ members: [both], ...named });
  const book = (attendee: Person, metadata = {}) =>
    deliver({
      eventTypeId: mapping.eventTypeId,
      organizer: host,
      attendee,
      metadata,
    });
  assertEquals((await book(one)).status, "booked");
  assertEquals((await book(both)).missing, ["group_unknown"]);
  assertEquals(
    (await book(both, { group_id: second.id })).status,
    "booked",
  );
  const outsider = await book(await createPerson(), { group_id: first.id });
  assertEquals(outsider.missing, ["attendee_not_in_group"]);
});

async function setMembership(
  group: Someone,
  person: Someone,
  status: "active" | "left",
): Promise<void> {
  must(
    await db.from("group_memberships").update({ status })
      .eq("group_id", group.id).eq("user_id", person.id).select(),
  );
}

async function answersTo(
  sessionId: Answered["session_id"],
): Promise<Record<string, string>> {
  const rows = must(
    await db.from("group_session_participants").select(
      "user_id, response_status",
    ).eq("session_id", sessionId ?? ""),
  );
  return Object.fromEntries(
    rows.map((row) => [row.user_id, row.response_status]),
  );
}

/** How often a person was told of a session, in the app and by mail: equally often. */
async function toldOf(
  sessionId: Answered["session_id"],
  { id, email }: Person,
): Promise<number> {
  const about = { session_id: sessionId };
  const shown = must(
    await db.from("notifications").select("id")
      .eq("user_id", id).contains("metadata", about),
  );
  const mailed = must(
    await db.from("email_queue").select("id")
      .eq("recipient_email", email).contains("template_data", about),
  );
  assertEquals(shown.length, mailed.length);
  return shown.length;
}
