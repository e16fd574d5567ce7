import { assertEquals, assertExists } from "@std/assert";
import {
  createPerson,
  createUser,
  disable,
  uniqueEmail,
} from "../support/people.ts";
import {
  givenModule,
  givenModuleSession,
  givenNotificationType,
  givenParticipant,
  givenProgram,
  must,
  only,
} from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import { type Session, sqlTest, value } from "../support/sql.ts";

const db = secretClient();
const STARTS_AT = new Date("2031-03-04T14:00:00Z");

async function someone(name = "Ana Pop"): Promise<{ id: string }> {
  return {
    id: await createUser({
      email: uniqueEmail(),
      user_metadata: { name },
    }),
  };
}

async function notifications({ id }: { id: string }) {
  return must(
    await db.from("notifications").select("title, message, link, metadata")
      .eq("user_id", id),
  );
}

async function booked(
  values: Omit<Parameters<typeof givenModuleSession>[0], "participants">,
) {
  await givenNotificationType({ key: "session_scheduled" });
  const person = await someone();
  const session = await givenModuleSession({ ...values });
  await givenParticipant({ session, person });
  return { person, session };
}

Deno.test("a participant is told of the session, its host and its time where it is held", async () => {
  const program = await givenProgram();
  const { person, session } = await booked({
    host: await someone("Carol Coach"),
    startsAt: STARTS_AT,
    timezone: "Europe/Bucharest",
    module: await givenModule({ program, title: "Feedback" }),
  });
  const { metadata, ...shown } = only(await notifications(person));
  assertEquals(shown, {
    title: "Session Scheduled: Feedback",
    message: "Tuesday, 4 March 2031, 16:00 (Europe/Bucharest) with Carol Coach",
    link: `/programs/${program.slug}`,
  });
  const { session_date, ...rest } = metadata as { session_date: string };
  assertEquals(Date.parse(session_date), STARTS_AT.getTime());
  assertEquals(rest, {
    session_id: session.id,
    module_title: "Feedback",
    instructor_name: "Carol Coach",
  });
});

Deno.test("a participant of a session without a host is told, in UTC where the timezone does not exist", async () => {
  const { person } = await booked({
    startsAt: STARTS_AT,
    timezone: "Mars/Olympus",
  });
  assertEquals(
    (await notifications(person)).map(({ message }) => message),
    ["Tuesday, 4 March 2031, 14:00 (UTC)"],
  );
});

Deno.test("nobody is told of a session that has no date yet", async () => {
  const { person } = await booked({ startsAt: null, status: "draft" });
  assertEquals(await notifications(person), []);
});

Deno.test("a disabled participant is added in silence", async () => {
  await givenNotificationType({ key: "session_scheduled" });
  const person = await createPerson();
  await disable(person);
  const session = await givenModuleSession({ startsAt: STARTS_AT });
  assertExists(await givenParticipant({ session, person }));
  assertEquals(await notifications(person), []);
});

Deno.test("a participant who does not want to be told is added in silence", async () => {
  const type = await givenNotificationType({ key: "session_scheduled" });
  const person = await someone();
  must(
    await db.from("user_notification_preferences").insert({
      user_id: person.id,
      notification_type_id: type.id,
      in_app_enabled: false,
    }).select(),
  );
  const session = await givenModuleSession({ startsAt: STARTS_AT });
  await givenParticipant({ session, person });
  assertEquals(await notifications(person), []);
});

sqlTest(
  "a booking survives a notification that fails, and the failure is kept",
  async (sql) => {
    const session = await insertSession(sql);
    await sql.script(
      "update public.notification_types set is_active = false where key = 'session_scheduled'",
    );
    const id = await value(
      sql,
      `insert into public.module_session_participants (session_id, user_id)
     values ($1, gen_random_uuid()) returning id`,
      [session],
    );
    assertEquals(
      await sql.query(
        "select source, sqlstate from private.trigger_failures where subject_id = $1",
        [id],
      ).then((rows) => rows.map((row) => Object.values(row))),
      [["notify_session_participant_added", "22023"]],
    );
  },
);

sqlTest(
  "a booking survives a table of notifications that takes nothing",
  async (sql) => {
    const session = await insertSession(sql);
    await sql.script(
      `insert into public.notification_types (key, name) values ('session_scheduled', 'Session')
     on conflict (key) do update set is_active = true;
     alter table public.notifications add constraint broken check (false) not valid`,
    );
    assertExists(
      await value(
        sql,
        `insert into public.module_session_participants (session_id, user_id)
       values ($1, gen_random_uuid()) returning id`,
        [session],
      ),
    );
  },
);

async function insertSession(sql: Session): Promise<unknown> {
  return await value(
    sql,
    `with program as (
       insert into public.programs (slug, name, category)
       values (gen_random_uuid()::text, 'Program', 'cta') returning id
     ), kind as (
       insert into public.module_types (name) values ('session')
       on conflict (name) do update set name = excluded.name returning name
     ), module as (
       insert into public.program_modules (program_id, title, order_index, module_type)
       select program.id, 'Module', 1, kind.name from program, kind returning id, program_id
     )
     insert into public.module_sessions (module_id, program_id, title, session_type, session_date)
     select id, program_id, 'Session', 'group', '2031-03-04 14:00Z' from module returning id`,
  );
}
