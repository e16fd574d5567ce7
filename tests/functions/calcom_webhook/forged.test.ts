import { assertEquals } from "@std/assert";
import {
  type Bookable,
  deliver,
  givenBookable,
  givenPeerOf,
  sessionsOf,
} from "../../support/calcom.ts";
import { givenGroup, givenGroupSession } from "../../support/group_rows.ts";
import { givenModule, must, only } from "../../support/rows.ts";
import { secretClient } from "../../support/stack.ts";

const db = secretClient();
const STARTS_AT = new Date("2031-05-06T09:00:00Z");

Deno.test("a forged enrollment_id books on the attendee's own enrolment and touches nobody else's", async () => {
  const [victim, attacker] = await both();
  await deliver(victim.common);
  const before = await sessionsOf(victim.enrolment);
  await deliver({
    ...attacker.common,
    metadata: { enrollment_id: victim.enrolment.id, user_id: victim.client.id },
    more: {
      responses: {
        enrollment_id: { label: "", value: victim.enrolment.id },
        email: { label: "", value: victim.client.email },
      },
    },
  });
  assertEquals(await sessionsOf(victim.enrolment), before);
  assertEquals(
    only(await sessionsOf(attacker.enrolment)).booked_by,
    attacker.client.id,
  );
});

Deno.test("a forged pending_session_id fills nobody else's session, pending or booked", async () => {
  const [victim, attacker] = await both();
  const { session_id } = await deliver(victim.common);
  const pending = must(
    await db.from("module_sessions").insert({
      module_id: victim.module.id,
      enrollment_id: victim.enrolment.id,
      title: "Asked for",
      status: "requested",
    }).select("id").single(),
  );
  const before = await sessionsOf(victim.enrolment);
  for (const id of [pending.id, session_id]) {
    await deliver({
      ...attacker.common,
      startsAt: STARTS_AT,
      metadata: { pending_session_id: id },
    });
  }
  assertEquals(await sessionsOf(victim.enrolment), before);
  assertEquals((await sessionsOf(attacker.enrolment)).length, 2);
});

Deno.test("an own session that is completed or booked already is not filled either", async () => {
  const it = await givenBookable();
  const first = await deliver({ ...it.common, trigger: "BOOKING_REQUESTED" });
  const completed = must(
    await db.from("module_sessions").insert({
      module_id: it.module.id,
      enrollment_id: it.enrolment.id,
      title: "Held",
      status: "completed",
    }).select().single(),
  );
  for (const id of [first.session_id, completed.id]) {
    const answer = await deliver({
      ...it.common,
      startsAt: STARTS_AT,
      metadata: { pending_session_id: id },
    });
    assertEquals(answer.status, "booked");
  }
  const sessions = await sessionsOf(it.enrolment);
  assertEquals(sessions.length, 4);
  assertEquals(sessions.find(({ id }) => id === completed.id), completed);
});

Deno.test("a forged group or group session is not booked, nor is a module of another programme", async () => {
  const [victim, attacker] = await both();
  const group = await givenGroup({ members: [victim.client] });
  const session = await givenGroupSession({ group, startsAt: STARTS_AT });
  const foreign = await givenModule();
  const answer = await deliver({
    ...attacker.common,
    metadata: {
      session_type: "group",
      group_id: group.id,
      pending_session_id: session.id,
      module_id: foreign.id,
    },
  });
  const booked = only(await sessionsOf(attacker.enrolment));
  assertEquals(
    [booked.id, booked.module_id, booked.session_type],
    [answer.session_id, attacker.module.id, "individual"],
  );
  const kept = must(
    await db.from("group_sessions").select("calcom_booking_uid, session_date")
      .eq("id", session.id).single(),
  );
  assertEquals(
    [kept.calcom_booking_uid, Date.parse(kept.session_date)],
    [null, STARTS_AT.getTime()],
  );
});

Deno.test("a client may not say that a booking is Cal.com's: facts, reviews and the inbox are closed", async () => {
  const { client } = await givenBookable();
  for (
    const name of [
      "calcom_lineages",
      "calcom_bookings",
      "calcom_reviews",
      "calcom_webhook_logs",
    ] as const
  ) {
    const rows = must(
      await client.client.from(name).select("*"),
    );
    assertEquals(rows, [], name);
  }
  // drift-ignore not-granted: the refusal is what is tested
  const { error } = await client.client.rpc("apply_calcom_event", {
    p_event: {},
  });
  assertEquals(error?.code, "42501");
  // drift-ignore not-granted: the refusal is what is tested
  const written = await client.client.from("calcom_lineages").insert({
    adopted: true,
  });
  assertEquals(written.error?.code, "42501");
});

/** Two clients of one programme, module, coach and event type. */
async function both(): Promise<[Bookable, Bookable]> {
  const victim = await givenBookable();
  return [victim, await givenPeerOf(victim)];
}
