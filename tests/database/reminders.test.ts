import { assertEquals } from "@std/assert";
import { type Session, sqlTest, value } from "../support/sql.ts";

// In a transaction that is undone: a reminder concerns everybody's sessions and credits at once.

const NOW = "2031-03-29T22:30:00Z";

async function givenClient(sql: Session, name: string): Promise<string> {
  const id = crypto.randomUUID();
  await sql.query(
    `insert into auth.users (id, email, raw_user_meta_data)
     values ($1, $2, jsonb_build_object('name', $3::text))`,
    [id, `${id}@example.com`, name],
  );
  return id;
}

/** A cohort's session with its clients. Returns the id of the session. */
async function givenCohortSession(
  sql: Session,
  clients: string[],
  { date, time, timezone }: {
    date: string;
    time: string | null;
    timezone: string | null;
  },
): Promise<string> {
  const id = crypto.randomUUID();
  await sql.query(
    `with program as (
       insert into public.programs (slug, name, category)
       values ($1, 'Program', 'leadership') returning id
     ), cohort as (
       insert into public.program_cohorts (program_id, name, status)
       select id, 'Cohort', 'active' from program returning id, program_id
     ), enrolled as (
       insert into public.client_enrollments (client_user_id, program_id, cohort_id)
       select client, cohort.program_id, cohort.id from cohort, unnest($2::uuid[]) client
     )
     insert into public.cohort_sessions (id, cohort_id, title, session_date, start_time, timezone)
     select $1::uuid, cohort.id, 'Kick-off', $3, $4, $5 from cohort`,
    [id, clients, date, time, timezone],
  );
  return id;
}

async function remind(sql: Session, now: string): Promise<unknown> {
  return await value(
    sql,
    "select public.send_cohort_session_reminders($1)",
    [now],
  );
}

async function remindersOf(sql: Session, client: string) {
  return (await sql.query(
    `select n.metadata ->> 'reminder' as reminder, n.message
     from public.notifications n
     join public.notification_types t on t.id = n.notification_type_id and t.key = 'session_reminder'
     where n.user_id = $1 order by n.created_at, reminder desc`,
    [client],
  )).map(({ reminder, message }) => [reminder, message]);
}

sqlTest(
  "a cohort is reminded 24 hours and 1 hour ahead, in the session's timezone, across midnight and the change of clocks",
  async (sql) => {
    const client = await givenClient(sql, "Ana");
    // 00:15 in Bucharest on the day on which summer time begins there, 22:15 UTC the day before
    await givenCohortSession(sql, [client], {
      date: "2031-03-31",
      time: "00:15",
      timezone: "Europe/Bucharest",
    });
    assertEquals(await remind(sql, "2031-03-29T20:00:00Z"), 0);
    const at = "Monday, 31 March 2031, 00:15 (Europe/Bucharest)";
    for (
      const now of [
        "2031-03-29T21:15:00Z",
        "2031-03-29T21:30:00Z",
        "2031-03-30T20:14:00Z",
        "2031-03-30T20:15:00Z",
        "2031-03-30T20:30:00Z",
      ]
    ) await remind(sql, now);
    assertEquals(await remindersOf(sql, client), [["24h", at], ["1h", at]]);
    assertEquals(await remind(sql, "2031-03-30T21:16:00Z"), 0);
  },
);

sqlTest(
  "a cohort session without a time is at 09:00, without a timezone in UTC, and is reminded of again when it is moved",
  async (sql) => {
    const client = await givenClient(sql, "Ana");
    const session = await givenCohortSession(sql, [client], {
      date: "2031-03-30",
      time: null,
      timezone: null,
    });
    await remind(sql, NOW);
    await sql.query(
      "update public.cohort_sessions set start_time = '10:00' where id = $1",
      [session],
    );
    await remind(sql, NOW);
    await remind(sql, NOW);
    assertEquals(await remindersOf(sql, client), [
      ["24h", "Sunday, 30 March 2031, 09:00 (UTC)"],
      ["24h", "Sunday, 30 March 2031, 10:00 (UTC)"],
    ]);
  },
);

sqlTest(
  "one recipient who cannot be reminded stops no other, and is kept on record",
  async (sql) => {
    const clients = [
      await givenClient(sql, "Ana"),
      await givenClient(sql, "Broken"),
      await givenClient(sql, "Dan"),
    ] as const;
    await givenCohortSession(sql, [...clients], {
      date: "2031-03-30",
      time: "10:00",
      timezone: "UTC",
    });
    await sql.query(
      `create function pg_temp.break() returns trigger language plpgsql as
       $$ begin raise exception 'broken'; end $$`,
    );
    await sql.query(
      `create trigger break before insert on public.notifications for each row
       when (new.user_id = '${clients[1]}') execute function pg_temp.break()`,
    );
    assertEquals(await remind(sql, NOW), 2);
    for (const client of [clients[0], clients[2]]) {
      assertEquals((await remindersOf(sql, client)).length, 1);
    }
    assertEquals(
      await value(
        sql,
        "select message from private.trigger_failures where subject_id = $1",
        [clients[1]],
      ),
      "broken",
    );
  },
);

async function givenBatch(
  sql: Session,
  owner: { type: "user" | "org"; id: string },
  amount: number,
  expiresAt: string,
): Promise<void> {
  await sql.query(
    `insert into public.credit_batches
       (owner_type, owner_id, original_amount, remaining_amount, expires_at, source_type)
     values ($1, $2, $3, $3, $4, 'purchase')`,
    [owner.type, owner.id, amount, expiresAt],
  );
}

async function noticesOf(sql: Session, person: string): Promise<unknown[]> {
  return (await sql.query(
    `select n.title from public.notifications n
     join public.notification_types t on t.id = n.notification_type_id and t.key = 'credits_expiring'
     where n.user_id = $1 order by n.title`,
    [person],
  )).map(({ title }) => title);
}

async function noticesAt(sql: Session, now: string): Promise<void> {
  await sql.query("select public.send_credit_expiry_notices($1)", [now]);
}

sqlTest(
  "an owner is told 30, 7 and 1 days ahead of the credits that lapse on a day, once each",
  async (sql) => {
    const owner = { type: "user" as const, id: await givenClient(sql, "Ana") };
    await givenBatch(sql, owner, 5, "2031-04-30T10:00:00Z");
    await givenBatch(sql, owner, 7, "2031-04-30T20:00:00Z");
    await givenBatch(sql, owner, 1, "2031-05-09T20:00:00Z");
    for (
      const now of [
        "2031-03-30T23:59:00Z",
        "2031-03-31T12:00:00Z",
        "2031-04-01T07:00:00Z",
        "2031-04-02T07:00:00Z",
        "2031-04-24T07:00:00Z",
        "2031-04-25T07:00:00Z",
        "2031-04-30T07:00:00Z",
        "2031-04-30T21:00:00Z",
      ]
    ) await noticesAt(sql, now);
    assertEquals(await noticesOf(sql, owner.id), [
      "1 credit lapses on 9 May 2031",
      "12 credits lapse on 30 April 2031",
      "12 credits lapse on 30 April 2031",
      "12 credits lapse on 30 April 2031",
    ]);
  },
);

sqlTest(
  "an organisation's admins and managers are told of its credits, its members are not",
  async (sql) => {
    const organization = crypto.randomUUID();
    await sql.query(
      "insert into public.organizations (id, name, slug) values ($1::uuid, 'Org', $1)",
      [organization],
    );
    const people = new Map<string, string>();
    for (const role of ["org_admin", "org_manager", "org_member"]) {
      const id = await givenClient(sql, role);
      people.set(role, id);
      await sql.query(
        `insert into public.organization_members (organization_id, user_id, role)
         values ($1, $2, $3::public.org_role)`,
        [organization, id, role],
      );
    }
    await givenBatch(
      sql,
      { type: "org", id: organization },
      3,
      "2031-04-02T10:00:00Z",
    );
    await noticesAt(sql, "2031-03-30T07:00:00Z");
    const told = [];
    for (const [role, id] of people) {
      told.push([role, (await noticesOf(sql, id)).length]);
    }
    assertEquals(told, [["org_admin", 1], ["org_manager", 1], [
      "org_member",
      0,
    ]]);
  },
);

sqlTest(
  "pg_net is asked for a delivery only while a mail is due, and with the key of the Vault",
  async (sql) => {
    await sql.query(
      "update public.email_queue set scheduled_for = '9999-01-01'",
    );
    assertEquals(await value(sql, "select private.send_due_emails()"), null);
    // Stand-ins of the two extensions that only Supabase has.
    await sql.query("create schema if not exists vault");
    await sql.query("create schema if not exists net");
    await sql.query(
      `create view vault.decrypted_secrets as
     select * from (values ('supabase_url', 'https://x.supabase.co/'), ('supabase_secret_key', 'sb_secret_x'))
       as s (name, decrypted_secret)`,
    );
    await sql.query(
      `create table net.calls (url text, headers jsonb)`,
    );
    await sql.query(
      `create function net.http_post(url text, body jsonb, headers jsonb, timeout_milliseconds integer)
     returns bigint language sql as
     $$ insert into net.calls values (url, headers); select 7::bigint $$`,
    );
    await sql.query(
      `insert into public.email_queue (recipient_email, template_key) values ('a@example.com', 'x')`,
    );
    assertEquals(
      Number(await value(sql, "select private.send_due_emails()")),
      7,
    );
    assertEquals(
      [
        ...await sql.query(
          "select url, headers ->> 'apikey' as key from net.calls",
        ),
      ],
      [{
        url: "https://x.supabase.co/functions/v1/process-email-queue",
        key: "sb_secret_x",
      }],
    );
  },
);
