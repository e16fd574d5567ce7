import { assertEquals, assertNotEquals } from "@std/assert";
import { type Session, sqlTest, value } from "../support/sql.ts";
import { address, FAR, signUp } from "../database/profile_sync_users.ts";
import { givenRow } from "../database/user_rows.ts";

/** Somebody whom a path would tell something. */
interface Addressee {
  id: string;
  email: string;
}

/**
 * Every SQL function that writes a notification or a mail, by its signature, and how it comes to tell
 * somebody something. Whatever else writes one has to be here too: the first test finds it.
 */
const PATHS: Record<
  string,
  (sql: Session, addressee: Addressee) => Promise<unknown>
> = {
  "notify_program_assignment()": (sql, { id }) =>
    givenRow(sql, "public.client_enrollments", { client_user_id: id }),

  "notify_session_participant_added()": async (sql, { id }) => {
    const session = await givenRow(sql, "public.module_sessions", {
      session_date: FAR,
      status: "scheduled",
    });
    await givenRow(sql, "public.module_session_participants", {
      session_id: String(session.id),
      user_id: id,
    });
  },

  "create_notification(uuid,text,text,text,text,jsonb)": (sql, { id }) =>
    sql.query(
      "select public.create_notification($1, 'session_scheduled', 'Title')",
      [id],
    ),

  "private.tell(uuid[],text,text,text,text,jsonb,text)": (sql, { id }) =>
    sql.query(
      "select private.tell(array[$1::uuid], 'session_scheduled', 'Title')",
      [id],
    ),

  "private.queue_mail(text,text,text,jsonb,jsonb,text,timestamp with time zone,uuid)":
    (sql, { email }) =>
      sql.query("select private.queue_mail(upper($1), 'Ana', 'notification')", [
        email,
      ]),

  "private.mail_user_at(uuid,text,text,jsonb,jsonb)": (sql, { id }) =>
    sql.query(
      "select private.mail_user_at($1, 'elsewhere-' || $2, 'notification')",
      [id, address()],
    ),

  "request_email_change(uuid,uuid,text,boolean,text,timestamp with time zone)":
    async (sql, { id }) => {
      const session = await givenRow(sql, "auth.sessions", {
        id: crypto.randomUUID(),
        user_id: id,
      });
      await sql.query(
        "select public.request_email_change($1, $2, $3, true, 'https://example.com/?token=')",
        [id, session.id, address()],
      );
    },

  "record_auth_email(uuid,uuid,text,uuid,uuid,timestamp with time zone)":
    async (sql, { id, email }) => {
      await sql.query("update auth.users set email = $2 where id = $1", [
        id,
        address(),
      ]);
      await sql.query("select public.record_auth_email($1, $2, $3)", [
        id,
        crypto.randomUUID(),
        email,
      ]);
    },

  "private.tell_each(uuid[],text,text,text,text,jsonb,text)": (sql, { id }) =>
    sql.query(
      "select private.tell_each(array[$1::uuid], 'session_reminder', 'Title', null, null, '{}', null)",
      [id],
    ),

  "private.tell_of_module_session()": async (sql, { id }) => {
    const enrolment = await givenRow(sql, "public.client_enrollments", {
      client_user_id: id,
    });
    await givenRow(sql, "public.module_sessions", {
      enrollment_id: String(enrolment.id),
      session_date: FAR,
      status: "scheduled",
    });
  },

  "private.tell_of_group_session()": async (sql, { id }) => {
    const session = await givenParticipant(sql, id, "cancelled");
    await sql.query(
      "update public.group_sessions set status = 'scheduled' where id = $1",
      [session],
    );
  },

  "private.tell_calcom_host(uuid,uuid,text)": async (sql, { id }) => {
    const session = await givenRow(sql, "public.group_sessions", {
      session_date: FAR,
    });
    await sql.query("select private.tell_calcom_host($1, $2, 'scheduled')", [
      session.id,
      id,
    ]);
  },

  "private.tell_of_group_invitation()": (sql, { id }) =>
    givenParticipant(sql, id, "scheduled"),

  "private.redeem_codes(enrollment_price,uuid,uuid,uuid,text)": async (
    sql,
    { id },
  ) => {
    await sql.query(
      `insert into public.notification_types (key, category_id, name)
       select 'partner_code_redeemed', category_id, 'Partner code redeemed'
       from public.notification_types where key = 'session_scheduled'
       on conflict (key) do nothing`,
      [],
    );
    const code = await givenRow(sql, "public.partner_codes", {
      partner_id: id,
    });
    const enrolment = await givenRow(sql, "public.client_enrollments");
    await sql.query(
      `select private.redeem_codes(
         jsonb_populate_record(null::public.enrollment_price, jsonb_build_object('partner_code_id', $1::uuid)),
         e.client_user_id, e.id, e.program_id, 'Basic')
       from public.client_enrollments e where e.id = $2`,
      [code.id, enrolment.id],
    );
  },

  "private.tell_of_staff_assignment()": (sql, { id }) =>
    givenRow(sql, "public.program_coaches", { coach_id: id }),

  "private.tell_of_reviewed_assignment()": async (sql, { id }) => {
    const enrolment = await givenRow(sql, "public.client_enrollments", {
      client_user_id: id,
    });
    const progress = await givenRow(sql, "public.module_progress", {
      enrollment_id: String(enrolment.id),
    });
    const assignment = await givenRow(sql, "public.module_assignments", {
      module_progress_id: String(progress.id),
      status: "submitted",
    });
    await sql.query(
      "update public.module_assignments set status = 'reviewed' where id = $1",
      [assignment.id],
    );
  },

  "send_cohort_session_reminders(timestamp with time zone)": async (
    sql,
    { id },
  ) => {
    const cohort = await givenRow(sql, "public.program_cohorts");
    await givenRow(sql, "public.client_enrollments", {
      client_user_id: id,
      program_id: String(cohort.program_id),
      cohort_id: String(cohort.id),
    });
    await givenRow(sql, "public.cohort_sessions", {
      cohort_id: String(cohort.id),
      session_date: "2098-12-31",
      start_time: "23:30",
    });
    await sql.query(
      "select public.send_cohort_session_reminders('2098-12-31T23:00:00Z')",
    );
  },

  "send_credit_expiry_notices(timestamp with time zone)": async (
    sql,
    { id },
  ) => {
    await givenRow(sql, "public.credit_batches", {
      owner_type: "user",
      owner_id: id,
      original_amount: "5",
      remaining_amount: "5",
      expires_at: FAR,
      source_type: "purchase",
    });
    await sql.query(
      "select public.send_credit_expiry_notices('2098-12-31T00:00:00Z')",
    );
  },

  "send_low_credit_notices(timestamp with time zone)": async (sql, { id }) => {
    await sql.query(
      "select public.set_low_credit_threshold('user', $1, 5)",
      [id],
    );
    await sql.query("select public.send_low_credit_notices()");
  },

  "private.offer_places(uuid,timestamp with time zone)": async (
    sql,
    { id },
  ) => {
    const cohort = await givenRow(sql, "public.program_cohorts", {
      capacity: "5",
      status: "active",
    });
    await givenRow(sql, "public.cohort_waitlist", {
      user_id: id,
      cohort_id: String(cohort.id),
      position: "1",
    });
    await sql.query("select private.offer_places($1, now())", [cohort.id]);
  },

  "private.tell_of_enrollment_by_staff(uuid)": async (sql, { id }) => {
    const enrollment = await givenRow(sql, "public.client_enrollments", {
      client_user_id: id,
    });
    const staff = await someone(sql);
    const as = (claims: unknown) =>
      sql.query("select set_config('request.jwt.claims', $1, true)", [
        JSON.stringify(claims),
      ]);
    await as({ role: "authenticated", sub: staff.id });
    await sql.query("select private.tell_of_enrollment_by_staff($1)", [
      enrollment.id,
    ]);
    await as({});
  },

  "private.alert_seat_limit(uuid,text,text,integer,integer,integer,uuid[],timestamp with time zone)":
    async (sql, { id }) => {
      const organization = await givenRow(sql, "public.organizations");
      await sql.query(
        "select private.alert_seat_limit($1, 'Org', 'member', 80, 4, 5, array[$2::uuid], now())",
        [organization.id, id],
      );
    },

  "send_org_invite(uuid,uuid,text,org_role,text,timestamp with time zone)":
    async (sql, { email }) => {
      const organization = await givenRow(sql, "public.organizations", {
        is_active: "true",
      });
      const admin = await signUp(sql, { email: address() });
      await givenRow(sql, "public.user_roles", {
        user_id: admin,
        role: "admin",
      });
      await sql.query(
        "select public.send_org_invite($1, $2, $3, 'org_member', 'https://example.com')",
        [admin, organization.id, email],
      );
    },

  "record_auth_password(uuid,uuid)": (sql, { id }) =>
    sql.query("select public.record_auth_password($1, $1)", [id]),
};

/** Adds somebody to a peer group's session of this status. Returns its id. */
async function givenParticipant(
  sql: Session,
  userId: string,
  status: string,
): Promise<string> {
  const session = await givenRow(sql, "public.group_sessions", {
    session_date: FAR,
    status,
  });
  await givenRow(sql, "public.group_memberships", {
    group_id: String(session.group_id),
    user_id: userId,
  });
  await givenRow(sql, "public.group_session_participants", {
    session_id: String(session.id),
    group_id: String(session.group_id),
    user_id: userId,
  });
  return String(session.id);
}

/** What this transaction has written to somebody, or to an address that may be theirs. */
async function written(
  sql: Session,
  { id, email }: Addressee,
): Promise<unknown> {
  return await value(
    sql,
    `select
       (select count(*)::int from public.notifications n where n.created_at = now() and n.user_id = $1)
       + (select count(*)::int from public.email_queue q
          where q.created_at = now()
            and (
              q.user_id = $1
              or lower(q.recipient_email) = $2
              -- the rows that a path needs may enrol others
              or q.user_id is null and q.template_key <> 'program_assignment'
            ))`,
    [id, email],
  );
}

async function someone(sql: Session): Promise<Addressee> {
  const email = address();
  return { email, id: await signUp(sql, { email }) };
}

const WAYS_TO_BE_DISABLED = {
  banned: `update auth.users set banned_until = '${FAR}' where id = $1`,
  deleted: "update auth.users set deleted_at = now() where id = $1",
};

sqlTest(
  "every SQL function that writes a notification or a mail is walked here",
  async (sql) => {
    const writers = await sql.query(
      `select p.oid::regprocedure::text as signature
       from pg_proc p
       where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
         and p.prokind = 'f'
         and regexp_replace(pg_get_functiondef(p.oid), '^[^\\n]*\\n', '') ~*
           'insert\\s+into\\s+(public\\.)?(email_queue|notifications)\\M|\\m(tell|tell_each|queue_mail|mail_user_at|create_notification)\\s*\\('
       order by 1`,
    );
    assertEquals(
      writers.map(({ signature }) => String(signature)).sort(),
      Object.keys(PATHS).sort(),
    );
  },
);

for (const [path, walk] of Object.entries(PATHS)) {
  sqlTest(
    `${path} tells who is enabled, and nobody who is disabled`,
    async (sql) => {
      const enabled = await someone(sql);
      await walk(sql, enabled);
      assertNotEquals(
        await written(sql, enabled),
        0,
        "a walk that tells nobody shows nothing",
      );

      for (const [way, disable] of Object.entries(WAYS_TO_BE_DISABLED)) {
        const disabled = await someone(sql);
        await sql.query(disable, [disabled.id]);
        await walk(sql, disabled);
        assertEquals(await written(sql, disabled), 0, way);
      }
    },
  );
}
