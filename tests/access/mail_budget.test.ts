import { assert, assertEquals } from "@std/assert";
import { givenGroup } from "../support/group_rows.ts";
import { createPerson, type Person } from "../support/people.ts";
import {
  givenEnrolment,
  givenModule,
  givenProgramCoach,
  must,
} from "../support/rows.ts";
import { secretClient } from "../support/stack.ts";
import { type Session, sqlTest, value } from "../support/sql.ts";

const db = secretClient();

/** A coach with a client, and what a session of theirs is. */
async function givenCoaching(caller: "coach" | "admin" = "coach") {
  const [coach, client] = [
    await createPerson({ role: caller }),
    await createPerson({ role: "client" }),
  ];
  const enrolment = await givenEnrolment({ client });
  const program = { id: enrolment.programId };
  await givenProgramCoach({ program, coach });
  const { id: module_id } = await givenModule({ program });
  return {
    coach,
    client,
    session: {
      module_id,
      enrollment_id: enrolment.id,
      title: "Coaching",
      session_date: "2099-01-05T10:00:00Z",
      instructor_id: coach.id,
    },
  };
}

/** Books a session and calls it off, so many times. */
async function bookAndCancel(
  { coach, session }: Awaited<ReturnType<typeof givenCoaching>>,
  times: number,
): Promise<void> {
  for (let time = 0; time < times; time++) {
    const { id } = must(
      await coach.client.from("module_sessions").insert(session).select("id")
        .single(),
    );
    must(
      await coach.client.from("module_sessions").update({ status: "cancelled" })
        .eq("id", id).select(),
    );
  }
}

/** How many mails somebody has, by their state, and how many notifications. */
async function told({ id }: Person) {
  const mails = must(
    await db.from("email_queue").select("status, error_message, actor_id")
      .eq("user_id", id).eq("template_key", "notification"),
  );
  const shown = must(
    await db.from("notifications").select("id").eq("user_id", id),
  );
  const of = (status: string) => mails.filter((it) => it.status === status);
  return {
    mails,
    shown: shown.length,
    pending: of("pending").length,
    suppressed: of("suppressed"),
  };
}

Deno.test("25 sessions booked and called off are shown 50 times, and mailed 6 times", async () => {
  const coaching = await givenCoaching();
  const before = (await told(coaching.client)).shown;
  await bookAndCancel(coaching, 25);
  const { shown, pending, suppressed } = await told(coaching.client);
  assertEquals([shown - before, pending], [50, 6]);
  assertEquals(suppressed.length, 44);
  for (const { actor_id, error_message } of suppressed) {
    assertEquals(actor_id, coaching.coach.id);
    assertEquals(error_message, "who caused it is over the budget of mails");
  }
});

Deno.test("an admin's mails are not counted", async () => {
  const coaching = await givenCoaching("admin");
  await bookAndCancel(coaching, 5);
  const { pending, mails } = await told(coaching.client);
  assertEquals(pending, 10);
  assert(mails.every(({ actor_id }) => actor_id === null));
});

Deno.test("a member who moves a session all day does not mail the group all day", async () => {
  const [member, peer] = [
    await createPerson({ role: "client" }),
    await createPerson({ role: "client" }),
  ];
  const group = await givenGroup({ members: [member, peer] });
  const table = () => member.client.from("group_sessions");
  const { id: session_id } = must(
    await table().insert({
      group_id: group.id,
      title: "Peers",
      session_date: "2099-01-01T10:00:00Z",
      booked_by: member.id,
    }).select("id").single(),
  );
  must(
    await member.client.from("group_session_participants").insert({
      session_id,
      group_id: group.id,
      user_id: peer.id,
    }).select(),
  );
  for (let day = 2; day < 22; day++) {
    must(
      await table().update({
        session_date: `2099-01-${String(day).padStart(2, "0")}T10:00:00Z`,
      }).eq("id", session_id).select(),
    );
  }
  const { shown, pending, suppressed } = await told(peer);
  assertEquals([shown, pending, suppressed.length], [21, 6, 15]);
});

/** Tells people something as somebody who is signed in. */
async function tellAs(sql: Session, actor: string, people: string[]) {
  await sql.query("select set_config('request.jwt.claims', $1, true)", [
    JSON.stringify({ sub: actor, role: "authenticated" }),
  ]);
  await sql.query(
    "select private.tell($1::uuid[], 'session_cancelled', 'Off')",
    [`{${people.join()}}`],
  );
}

const pendingOf = (sql: Session, actor: string) =>
  value(
    sql,
    `select count(*)::integer from public.email_queue
     where actor_id = $1 and status = 'pending'`,
    [actor],
  );

sqlTest(
  "a hundred mails an hour and 300 a day go out of one person's doing, and the own are not counted",
  async (sql) => {
    const people = await sql.query(
      `insert into auth.users (id, email)
     select gen_random_uuid(), 'budget' || n || gen_random_uuid() || '@example.com'
     from generate_series(1, 131) n
     returning id::text`,
    );
    const [actor = "", ...others] = people.map(({ id }) => String(id));
    const earlier = (hours: number) =>
      sql.query(
        `update public.email_queue set created_at = created_at - make_interval(hours => $1)
       where actor_id = $2`,
        [hours, actor],
      );
    await tellAs(sql, actor, others.slice(0, 99));
    await tellAs(sql, actor, [actor]);
    assertEquals(await pendingOf(sql, actor), 99);
    await tellAs(sql, actor, others.slice(99));
    assertEquals(await pendingOf(sql, actor), 100);
    for (let hour = 0; hour < 4; hour++) {
      await earlier(2);
      await tellAs(sql, actor, others);
    }
    assertEquals(await pendingOf(sql, actor), 300);
    await earlier(24);
    await tellAs(sql, actor, others.slice(0, 1));
    assertEquals(await pendingOf(sql, actor), 301);
  },
);

sqlTest(
  "a mail to an address without an account counts as well, and keeps no secret when it is not sent",
  async (sql) => {
    const [person] = await sql.query(
      `insert into auth.users (id, email) values (gen_random_uuid(), gen_random_uuid() || '@example.com')
     returning id::text`,
    );
    await sql.query("select set_config('request.jwt.claims', $1, true)", [
      JSON.stringify({ sub: person?.id, role: "authenticated" }),
    ]);
    for (let time = 0; time < 8; time++) {
      await sql.query(
        `select private.queue_mail('New@example.com', null, 'notification', '{}', '{"link": "secret"}')`,
      );
    }
    const counted = await sql.query(
      `select q.status, count(*)::integer as mails, count(s.email_id)::integer as secrets
     from public.email_queue q
     left join private.email_secrets s on s.email_id = q.id
     where q.actor_id = $1 group by 1 order by 1`,
      [person?.id],
    );
    assertEquals(counted, [
      { status: "pending", mails: 6, secrets: 6 },
      { status: "suppressed", mails: 2, secrets: 0 },
    ]);
  },
);

sqlTest(
  "invitations count: twenty a day go to one address, however often an hour passes",
  async (sql) => {
    const inviter = await value(
      sql,
      "insert into auth.users (id, email) values (gen_random_uuid(), gen_random_uuid() || '@example.com') returning id::text",
    );
    const organization = await value(
      sql,
      "insert into public.organizations (name, slug) values ('Acme', gen_random_uuid()::text) returning id::text",
    );
    await sql.query(
      "insert into public.organization_members (organization_id, user_id, role) values ($1, $2, 'org_admin')",
      [organization, inviter],
    );
    const codes: unknown[] = [];
    for (let hour = 0; hour < 5; hour++) {
      for (let time = 0; time < 5; time++) {
        codes.push(
          await value(
            sql,
            "select (public.send_org_invite($1, $2, 'new@example.com', 'org_member', 'https://app.example')).code",
            [inviter, organization],
          ),
        );
      }
      await sql.script(`
        update private.organization_invite_attempts set attempted_at = attempted_at - interval '61 minutes';
        update public.email_queue set created_at = created_at - interval '61 minutes';
      `);
    }
    assertEquals(codes.map((code) => code === "rate_limited"), [
      ...Array(20).fill(false),
      ...Array(5).fill(true),
    ]);
    assertEquals(await pendingOf(sql, String(inviter)), 20);
  },
);
