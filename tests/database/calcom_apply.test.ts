import { assertEquals } from "@std/assert";
import { CREATED, type ModelEvent } from "../support/calcom_model.ts";
import {
  eventFor,
  givenWorld,
  play,
  sightOf,
  type World,
} from "../support/calcom_world.ts";
import { MIGRATIONS_DIR } from "../../stack/paths.ts";
import { type Session, sqlTest, value } from "../support/sql.ts";

const MOVED: ModelEvent = {
  ...CREATED,
  trigger: "BOOKING_RESCHEDULED",
  uid: "second",
  from: "first",
  at: CREATED.at + 1,
  start: CREATED.start + 10_000,
};

sqlTest(
  "what may pass when it is sent again is raised, and leaves neither a delivery nor facts",
  async (sql) => {
    const world = await givenWorld(sql);
    await failing(sql, "40001");
    await sql.script(`
      create function pg_temp.state_of(p_event text) returns text language plpgsql as $$
      begin
        perform public.apply_calcom_event(p_event::jsonb);
        return 'applied';
      exception
        when others then
          return sqlstate;
      end $$;
    `);
    assertEquals(
      await value(sql, "select pg_temp.state_of($1)", [
        eventFor(world, CREATED),
      ]),
      "40001",
    );
    for (
      const [table, column] of [
        ["calcom_webhook_logs", "booking_uid"],
        ["calcom_bookings", "uid"],
      ]
    ) {
      assertEquals(
        await value(
          sql,
          `select count(*)::integer from public.${table} where ${column} = $1`,
          [CREATED.uid],
        ),
        0,
      );
    }
  },
);

sqlTest(
  "what the database refuses for good leaves the facts and a review that says why",
  async (sql) => {
    const world = await givenWorld(sql);
    await failing(sql, "P0001");
    assertEquals(await play(sql, world, CREATED), "review");
    assertEquals(
      await sql.query(
        `select r.missing, r.error, b.uid, l.status, l.processed
         from public.calcom_reviews r
         join public.calcom_bookings b using (lineage_id)
         join public.calcom_webhook_logs l on l.booking_uid = b.uid
         where r.booking_uid = 'first'`,
      ),
      [{
        missing: ["refused"],
        error: "P0001 no sessions today",
        uid: "first",
        status: "review",
        processed: false,
      }],
    );
    assertEquals((await sightOf(sql, world)).sessions, []);
  },
);

sqlTest(
  "a session that Cal.com booked before this was here is found by its booking, moved and cancelled",
  async (sql) => {
    const world = await givenWorld(sql);
    await sql.query(
      `insert into public.module_sessions (
         module_id, enrollment_id, instructor_id, booked_by, title, session_date, status,
         calcom_booking_uid, calcom_reschedule_uid
       )
       select m.id, e.id, $1, $2, 'Alone', '2041-01-25', 'scheduled', 'first', 'before'
       from public.client_enrollments e
       join public.program_modules m on m.program_id = e.program_id and m.title = 'Alone'
       where e.client_user_id = $2::uuid`,
      [world.host, world.client],
    );
    await sql.script(await migration("20260327101257_calcom.sql"));

    // its predecessor's cancellation comes late
    const late = {
      ...CREATED,
      uid: "before",
      trigger: "BOOKING_CANCELLED",
    } as const;
    await play(sql, world, late);
    assertEquals(await statuses(sql, world), ["scheduled"]);
    assertEquals(await play(sql, world, MOVED), "moved");
    const cancelled = {
      ...MOVED,
      from: undefined,
      trigger: "BOOKING_CANCELLED",
    } as const;
    assertEquals(await play(sql, world, cancelled), "cancelled");
    assertEquals(await statuses(sql, world), ["cancelled"]);
  },
);

sqlTest(
  "a mapping that is switched off stops new bookings, not the ones that stand",
  async (sql) => {
    const world = await givenWorld(sql);
    await play(sql, world, CREATED);
    await sql.query(
      "update public.calcom_event_type_mappings set is_active = false where calcom_event_type_id = $1",
      [world.eventTypes.individual],
    );
    assertEquals(await play(sql, world, MOVED), "moved");
    assertEquals(
      await play(sql, world, { ...CREATED, uid: "another" }),
      "review",
    );
  },
);

async function statuses(sql: Session, { client }: World) {
  const rows = await sql.query(
    `select s.status from public.module_sessions s
     join public.client_enrollments e on e.id = s.enrollment_id
     where e.client_user_id = $1`,
    [client],
  );
  return rows.map(({ status }) => status);
}

/** Makes every new session fail. */
async function failing(sql: Session, state: string): Promise<void> {
  await sql.script(`
    create function pg_temp.fail() returns trigger language plpgsql as $$
    begin
      raise exception 'no sessions today' using errcode = '${state}';
    end $$;
    create trigger fail before insert on public.module_sessions
      for each row execute function pg_temp.fail();
  `);
}

async function migration(file: string): Promise<string> {
  return await Deno.readTextFile(`${MIGRATIONS_DIR}/${file}`);
}
