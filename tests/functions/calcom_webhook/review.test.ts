import { assertEquals } from "@std/assert";
import {
  deliver,
  givenBookable,
  givenEventType,
  sessionsOf,
} from "../../support/calcom.ts";
import { createPerson, createUser, uniqueEmail } from "../../support/people.ts";
import { givenProgram, must, only, unique } from "../../support/rows.ts";
import { secretClient } from "../../support/stack.ts";

const db = secretClient();

Deno.test("an attendee nobody knows is kept for review with the address, and an operator finishes it", async () => {
  const { client, enrolment, common } = await givenBookable();
  const uid = unique("uid");
  const email = uniqueEmail("stranger");
  const kept = await deliver({ ...common, uid, attendee: { email } });
  assertEquals(
    [kept.status, kept.processed, kept.session_id, kept.missing],
    ["review", false, null, ["attendee_unknown"]],
  );
  const review = await reviewOf(uid);
  assertEquals(
    [review.attendee_email, review.organizer_email, review.missing],
    [email, null, ["attendee_unknown"]],
  );

  const admin = await createPerson({ role: "admin" });
  const resolved = must(
    await admin.client.rpc("resolve_calcom_booking", {
      p_id: review.id,
      p_user_id: client.id,
    }),
  );
  assertEquals([resolved.code, resolved.status], [null, "booked"]);
  assertEquals(only(await sessionsOf(enrolment)).id, resolved.session_id);
  const closed = await reviewOf(uid);
  assertEquals(
    [closed.resolution, closed.resolved_by, closed.attendee_email],
    ["settled", admin.id, null],
  );

  // and so is what Cal.com says of it later, under the same unknown address
  const moved = await deliver({
    ...common,
    trigger: "BOOKING_RESCHEDULED",
    attendee: { email },
    more: { rescheduleUid: uid },
    startsAt: new Date("2031-06-01T10:00:00Z"),
  });
  assertEquals([moved.status, moved.session_id], [
    "moved",
    resolved.session_id,
  ]);
});

Deno.test("once a stranger has signed up, the review only has to be tried again", async () => {
  const { common, module } = await givenBookable();
  const uid = unique("uid");
  const [attendee, organizer] = [uniqueEmail(), uniqueEmail()];
  const kept = await deliver({
    ...common,
    uid,
    attendee: { email: attendee },
    organizer: { email: organizer },
  });
  assertEquals(kept.missing, ["attendee_unknown", "organizer_unknown"]);
  const client = await createUser({ email: attendee, email_confirm: true });
  await createUser({ email: organizer, email_confirm: true });
  const { id } = await reviewOf(uid);
  assertEquals((await resolve({ p_id: id })).missing, ["enrollment_missing"]);
  must(
    await db.from("client_enrollments").insert({
      client_user_id: client,
      program_id: module.programId,
    }).select(),
  );
  assertEquals((await resolve({ p_id: id })).status, "booked");
});

Deno.test("an unknown event type, an inactive mapping and a module that nothing names are kept", async () => {
  const { client, coach, mapping, common, enrolment } = await givenBookable();
  const people = { attendee: client, organizer: coach };
  const unknown = await deliver({
    ...people,
    eventTypeId: 2 ** 31 - 1 - Math.floor(Math.random() * 1e6),
    slug: unique("slug"),
  });
  assertEquals(unknown.missing, ["event_type_unknown"]);

  const bare = await givenEventType({
    default_program_id: (await givenProgram()).id,
  });
  const nameless = await deliver({ ...people, eventTypeId: bare.eventTypeId });
  assertEquals(nameless.missing, ["module_unknown"]);

  await setActive(mapping.id, false);
  const uid = unique("uid");
  assertEquals((await deliver({ ...common, uid })).missing, [
    "mapping_inactive",
  ]);
  await setActive(mapping.id, true);
  const { id } = await reviewOf(uid);
  assertEquals((await resolve({ p_id: id })).status, "booked");
  assertEquals((await sessionsOf(enrolment)).length, 1);
});

Deno.test("the mapping is found by the instructor's own event type, of several rows too, and by slug", async () => {
  const it = await givenBookable();
  const { module, enrolment, client, coach } = it;
  const type = unique("type");
  must(await db.from("module_types").insert({ name: type }).select());
  await givenEventType({
    module_type: type,
    default_program_id: module.programId,
    default_module_id: module.id,
  });
  const childId = Math.floor(Math.random() * 2 ** 31);
  const other = await createPerson({ role: "coach" });
  must(
    await db.from("instructor_calcom_event_types").insert(
      [coach, other].map(({ id }) => ({
        instructor_id: id,
        module_type: type,
        child_event_type_id: childId,
      })),
    ).select(),
  );
  const people = { attendee: client, organizer: coach };
  assertEquals(
    (await deliver({ ...people, eventTypeId: childId })).status,
    "booked",
  );
  const slug = unique("slug");
  await givenEventType({
    calcom_event_type_slug: slug,
    default_module_id: module.id,
  });
  assertEquals((await deliver({ ...people, slug })).status, "booked");
  assertEquals((await sessionsOf(enrolment)).length, 2);
});

Deno.test("an event type of one instructor alone says who hosts, whatever address Cal.com has", async () => {
  const { module, enrolment, client, coach } = await givenBookable();
  const type = unique("type");
  must(await db.from("module_types").insert({ name: type }).select());
  await givenEventType({ module_type: type, default_module_id: module.id });
  const childId = Math.floor(Math.random() * 2 ** 31);
  must(
    await db.from("instructor_calcom_event_types").insert({
      instructor_id: coach.id,
      module_type: type,
      child_event_type_id: childId,
    }).select(),
  );
  await deliver({ attendee: client, eventTypeId: childId });
  assertEquals(only(await sessionsOf(enrolment)).instructor_id, coach.id);
});

Deno.test("a booking in review that is cancelled at Cal.com leaves nothing to do, and no address behind", async () => {
  const { common } = await givenBookable();
  const uid = unique("uid");
  const stranger = { ...common, uid, attendee: { email: uniqueEmail() } };
  await deliver(stranger);
  const answer = await deliver({ ...stranger, trigger: "BOOKING_CANCELLED" });
  assertEquals(answer.status, "ignored");
  const { resolution, attendee_email } = await reviewOf(uid);
  assertEquals([resolution, attendee_email], ["obsolete", null]);
});

Deno.test("what the database refuses for good is kept for review and answered with 200", async () => {
  const { client, coach, common, enrolment } = await givenBookable();
  const uid = unique("uid");
  const answer = await deliver({
    ...common,
    uid,
    more: { endTime: "9999-12-31T23:59:59Z" }, // more minutes than an integer holds
  });
  assertEquals([answer.status, answer.missing], ["review", ["refused"]]);
  assertEquals((await reviewOf(uid)).error?.slice(0, 5), "22003");
  assertEquals(await sessionsOf(enrolment), []);
  const fixed = await deliver({
    attendee: client,
    organizer: coach,
    eventTypeId: common.eventTypeId,
    uid,
    at: new Date(Date.now() + 1000),
  });
  assertEquals(fixed.status, "booked");
  assertEquals((await reviewOf(uid)).resolution, "settled");
});

Deno.test("only an admin resolves, only what exists is taken, and a review can be dismissed", async () => {
  const { client, coach, common } = await givenBookable();
  const uid = unique("uid");
  await deliver({ ...common, uid, attendee: { email: uniqueEmail() } });
  const { id } = await reviewOf(uid);
  for (const person of [client, coach]) {
    const answer = must(
      await person.client.rpc("resolve_calcom_booking", {
        p_id: id,
        p_user_id: client.id,
      }),
    );
    assertEquals(answer.code, "forbidden");
  }
  const nobody = crypto.randomUUID();
  assertEquals(
    (await resolve({ p_id: id, p_user_id: nobody })).code,
    "invalid_choice",
  );
  assertEquals((await resolve({ p_id: nobody })).code, "not_found");
  assertEquals(
    (await resolve({ p_id: id, p_dismiss: true })).status,
    "ignored",
  );
  assertEquals((await reviewOf(uid)).resolution, "dismissed");
  assertEquals((await resolve({ p_id: id })).code, "not_found");
});

async function reviewOf(uid: string) {
  return must(
    await db.from("calcom_reviews").select().eq("booking_uid", uid).single(),
  );
}

async function resolve(
  args: { p_id: string; p_user_id?: string; p_dismiss?: boolean },
) {
  return must(await db.rpc("resolve_calcom_booking", args));
}

async function setActive(id: string, isActive: boolean): Promise<void> {
  must(
    await db.from("calcom_event_type_mappings").update({ is_active: isActive })
      .eq("id", id).select(),
  );
}
