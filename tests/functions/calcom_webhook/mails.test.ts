import { assertEquals } from "@std/assert";
import { type Booked, deliver, givenBookable } from "../../support/calcom.ts";
import { givenPeerGroup } from "../../support/calcom_group.ts";
import type { Person } from "../../support/people.ts";
import { startResend } from "../../support/resend.ts";
import { must, unique } from "../../support/rows.ts";
import { secretClient } from "../../support/stack.ts";
import { aDayOfItsOwn, runAt } from "../process_email_queue_mails.ts";

const db = secretClient();
const STARTS_AT = new Date(Date.now() + 5 * 86_400_000);
const LATER = new Date(STARTS_AT.getTime() + 86_400_000);

/** Books, moves and cancels, and has the mails of each delivered. Returns their first words, by address. */
async function mailsOf(
  people: Person[],
  common: Booked,
): Promise<Record<string, string[]>> {
  await using resend = startResend();
  const [uid, moved] = [unique("uid"), unique("uid")];
  const events: Booked[] = [
    { uid, startsAt: STARTS_AT },
    {
      trigger: "BOOKING_RESCHEDULED",
      uid: moved,
      startsAt: LATER,
      more: { rescheduleUid: uid },
    },
    { trigger: "BOOKING_CANCELLED", uid: moved, startsAt: LATER },
  ];
  for (const event of events) {
    await deliver({ ...common, ...event });
    await sendMailsTo(people);
  }
  return Object.fromEntries(people.map(({ email }) => [
    email,
    resend.delivered.filter(({ to }) => to.join().includes(email))
      .map(({ subject }) => subject.split(":")[0] ?? ""),
  ]));
}

/** Sends what waits for these people and for nobody else: on a day on which nothing else is due. */
async function sendMailsTo(people: Person[]): Promise<void> {
  const day = aDayOfItsOwn();
  must(
    await db.from("email_queue").update({ scheduled_for: day.toISOString() })
      .in("user_id", people.map(({ id }) => id)).eq("status", "pending")
      .eq("template_key", "notification").select("id"),
  );
  await runAt(day);
}

const ALL = ["Session Scheduled", "Session Rescheduled", "Session Cancelled"];

Deno.test("client and coach get the mail of a booking, of its new time and of its end", async () => {
  const { client, coach, common } = await givenBookable();
  assertEquals(await mailsOf([client, coach], common), {
    [client.email]: ALL,
    [coach.email]: ALL,
  });
});

Deno.test("each of a peer group of 8, and its host, gets the mails of their session once", async () => {
  const { members, host, common } = await givenPeerGroup(8);
  const people = [...members, host];
  assertEquals(
    await mailsOf(people, common),
    Object.fromEntries(people.map(({ email }) => [email, ALL])),
  );
});
