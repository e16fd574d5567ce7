import { assertEquals, assertRejects } from "@std/assert";
import postgres from "postgres";
import {
  bodyOf,
  type Booked,
  deliver,
  givenBookable,
  givenEventType,
  post,
  sessionsOf,
} from "../support/calcom.ts";
import { givenGroup } from "../support/group_rows.ts";
import { createPerson, createUser, uniqueEmail } from "../support/people.ts";
import { must, only, unique } from "../support/rows.ts";
import { CREATED } from "../support/calcom_model.ts";
import { givenWorld, play } from "../support/calcom_world.ts";
import { onFreshDatabase, postgresTest } from "../support/sql.ts";
import { realPostgres, secretClient } from "../support/stack.ts";

const db = secretClient();
const DAY = 86_400_000;
const STARTS_AT = new Date(Date.now() + 5 * DAY);

postgresTest(
  "50 parallel deliveries of one booking: one session, each member once, each told once",
  async () => {
    const { group, members, common } = await givenPeerGroup(8);
    const body = JSON.stringify(bodyOf({ ...common, startsAt: STARTS_AT }));
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => await (await post(body)).json()),
    );
    assertEquals(tally(answers.map(({ status }) => status)), {
      booked: 1,
      duplicate: 49,
    });
    const { id } = only(must(
      await db.from("group_sessions").select("id").eq("group_id", group.id),
    ));
    const participants = must(
      await db.from("group_session_participants").select("user_id")
        .eq("session_id", id),
    );
    assertEquals(
      participants.map(({ user_id }) => user_id).sort(),
      members.map(({ id }) => id).sort(),
    );
    const told = must(
      await db.from("notifications").select("user_id")
        .in("user_id", members.map(({ id }) => id)),
    );
    assertEquals(told.length, members.length);
  },
);

postgresTest(
  "the whole story of six bookings at once, each event twice: one session each, as it ended",
  async () => {
    const people = await Promise.all(
      Array.from({ length: 6 }, () => givenBookable()),
    );
    const events = people.flatMap(({ common }): Booked[] => {
      const uids = [unique("a"), unique("b"), unique("c"), unique("d")];
      const now = Date.now();
      return uids.flatMap((uid, n) => {
        const about = { ...common, uid };
        return [
          {
            ...about,
            at: new Date(now + n * 60_000),
            startsAt: new Date(STARTS_AT.getTime() + n * DAY),
            trigger: n === 0 ? "BOOKING_CREATED" : "BOOKING_RESCHEDULED",
            more: n === 0 ? {} : { rescheduleUid: uids[n - 1] },
          },
          ...n === 3 ? [] : [{
            ...about,
            at: new Date(now + n * 60_000 + 90_000),
            trigger: "BOOKING_CANCELLED",
          }],
        ];
      });
    });
    const twice = [...events, ...events].sort(() => Math.random() - 0.5);
    await Promise.all(twice.map((event) => deliver(event)));
    for (const { enrolment } of people) {
      const session = only(await sessionsOf(enrolment));
      assertEquals(
        [session.status, Date.parse(session.session_date ?? "")],
        ["scheduled", STARTS_AT.getTime() + 3 * DAY],
      );
    }
  },
);

postgresTest(
  "members who join while their group is booked are asked, each once",
  async (sql) => {
    const { group, members, common } = await givenPeerGroup(2);
    const late = await Promise.all(
      Array.from(
        { length: 8 },
        () => createUser({ email: uniqueEmail(), email_confirm: true }),
      ),
    );
    await Promise.all([
      ...late.map((id) =>
        sql`insert into public.group_memberships (group_id, user_id) values (${group.id}, ${id})`
      ),
      ...Array.from(
        { length: 6 },
        () => deliver({ ...common, startsAt: STARTS_AT }),
      ),
    ]);
    const rows = must(
      await db.from("group_session_participants").select("session_id, user_id")
        .eq("group_id", group.id),
    );
    assertEquals(rows.length, 6 * (members.length + late.length));
  },
);

Deno.test({
  name:
    "an event that has to wait too long fails and changes nothing, on real Postgres",
  ...realPostgres,
  fn: () =>
    onFreshDatabase({}, async (database, url) => {
      if (!url) throw new Error("unreachable");
      const other = postgres(url, { max: 1, onnotice: () => {} });
      try {
        await other.begin(async (holding) => {
          await holding`select private.lock_calcom_lineages(true)`;
          const error = await assertRejects(() =>
            database.transaction(async (sql) => {
              await play(sql, await givenWorld(sql), CREATED);
            })
          );
          assertEquals(Reflect.get(error, "code"), "55P03");
        });
        const [left] = await other`select count(*)::integer as rows
          from public.calcom_webhook_logs`;
        assertEquals(left?.rows, 0);
      } finally {
        await other.end();
      }
    }),
});

async function givenPeerGroup(size: number) {
  const host = await createPerson({ role: "coach" });
  const members = await Promise.all(
    Array.from({ length: size }, () => createPerson()),
  );
  const group = await givenGroup({ members });
  const { eventTypeId } = await givenEventType({
    session_target: "group_session",
    default_group_id: group.id,
  });
  const [attendee] = members;
  return { group, members, common: { eventTypeId, organizer: host, attendee } };
}

function tally(values: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
