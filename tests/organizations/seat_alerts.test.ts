import { assertEquals } from "@std/assert";
import { type Session, sqlTest, value } from "../support/sql.ts";

const NOW = "2026-07-01T06:00:00Z";
const DAY = 86_400_000;

/** Day 0 is NOW. */
const day = (days: number) =>
  new Date(Date.parse(NOW) + days * DAY).toISOString();

sqlTest(
  "seats are running out at 80 per cent and gone at 100, and 99.5 is not 100",
  async (sql) => {
    const steps: [
      used: number,
      max: number,
      type?: string,
      percent?: number,
    ][] = [
      [159, 200],
      [160, 200, "org_seat_limit_warning", 80],
      [199, 200, "org_seat_limit_warning", 99],
      [200, 200, "org_seat_limit_reached", 100],
      [200, 199, "org_seat_limit_reached", 100],
      [200, 251],
      [200, 250, "org_seat_limit_warning", 80],
    ];
    const organization = await given(sql, { members: 1, max_members: 200 });
    let members = 1;
    for (const [index, [used, max, type, percent]] of steps.entries()) {
      await addMembers(sql, organization, used - members);
      members = used;
      await sql.query(
        `update public.org_platform_tiers set max_members = $2
       where id = (select tier_id from public.org_platform_subscriptions where organization_id = $1)`,
        [organization, max],
      );
      const alerts = await check(sql, organization, day(7 * index));
      assertEquals(
        alerts.map((
          it,
        ) => [it.type, it.usedSeats, it.maxSeats, it.percentUsed]),
        type ? [[type, used, max, percent]] : [],
        `${used} of ${max}`,
      );
    }
  },
);

sqlTest(
  "no limit, none, an inactive organisation and one without an active admin are left alone",
  async (sql) => {
    for (
      const setup of [
        { members: 5, max_members: null },
        { members: 1, max_members: 0 },
        { members: 5, max_members: 5, is_active: false },
        { members: 5, max_members: 5, adminIsActive: false, more: 1 },
        { members: 5, max_members: 5, adminIsBanned: true },
      ]
    ) {
      const organization = await given(sql, setup);
      assertEquals(await check(sql, organization), [], JSON.stringify(setup));
    }
  },
);

sqlTest(
  "pending invitations count as seats taken, and sponsored seats are counted apart",
  async (sql) => {
    const organization = await given(sql, {
      members: 3,
      max_members: 5,
      max_sponsored_seats: 2,
      sponsored: 2,
    });
    await sql.query(
      `insert into public.organization_invites (organization_id, email, invited_by, expires_at)
     select m.organization_id, 'invited.' || m.id || '@example.com', m.user_id, '2026-07-02'
     from public.organization_members m where m.organization_id = $1 limit 1`,
      [organization],
    );
    assertEquals(
      (await check(sql, organization)).map((alert) => [
        alert.seatKind,
        alert.type,
        alert.usedSeats,
        alert.maxSeats,
      ]),
      [
        ["member", "org_seat_limit_warning", 4, 5],
        ["sponsored", "org_seat_limit_reached", 2, 2],
      ],
    );
  },
);

sqlTest("admins are told once per threshold and seven days", async (sql) => {
  const organization = await given(sql, { members: 4, max_members: 5 });
  const types = async (days: number) =>
    (await check(sql, organization, day(days))).map(({ type }) => type);

  assertEquals(await types(0), ["org_seat_limit_warning"]);
  assertEquals(await types(0), []);
  assertEquals(await types(6.99), []);
  await addMembers(sql, organization, 1);
  assertEquals(await types(6.99), ["org_seat_limit_reached"]);
  assertEquals(await types(7), []);
  assertEquals(await types(13.98), []);
  assertEquals(await types(14), ["org_seat_limit_reached"]);
});

sqlTest(
  "active admins are told in the app and by mail, and nobody else",
  async (sql) => {
    const organization = await given(sql, { members: 4, max_members: 5 });
    await sql.query(
      `update public.organization_members set role = 'org_manager'
     where id = (
       select id from public.organization_members
       where organization_id = $1 and role = 'org_member' limit 1
     )`,
      [organization],
    );
    const [alert] = await check(sql, organization);
    assertEquals(alert?.adminsTold, 1);
    const told = await sql.query(
      `select m.role, t.key, n.title, n.message, q.template_key, q.template_data ->> 'usedSeats' as used,
       q.recipient_email = p.email as is_own_address
     from public.notifications n
     join public.notification_types t on t.id = n.notification_type_id
     join public.organization_members m on m.user_id = n.user_id
     join public.profiles p on p.id = n.user_id
     join public.email_queue q on q.notification_id = n.id
     where m.organization_id = $1`,
      [organization],
    );
    assertEquals(told, [{
      role: "org_admin",
      key: "org_seat_limit_warning",
      title: "Acme is running out of seats",
      message: "4 of 5 seats are taken.",
      template_key: "notification",
      used: "4",
      is_own_address: true,
    }]);
  },
);

sqlTest(
  "what fails for one organisation is recorded, and the others are told",
  async (sql) => {
    const failing = await given(sql, { members: 1, max_members: 1 });
    const fine = await given(sql, { members: 1, max_members: 1 });
    await sql.script(`
    create function public.refuse() returns trigger language plpgsql as
      $$ begin raise exception 'no' using errcode = '55000'; end $$;
    create trigger refuse before insert on public.notifications for each row
      when (new.metadata ->> 'organizationId' = '${failing}') execute function public.refuse();
  `);
    const { alerts, errors } = await run(sql, NOW);
    const of = (id: string) => (entry: { organizationId: string }) =>
      entry.organizationId === id;
    assertEquals(alerts.filter(of(failing)), []);
    assertEquals(alerts.filter(of(fine)).length, 1);
    assertEquals(errors.filter(of(failing)), [{
      organizationId: failing,
      code: "55000",
    }]);
    assertEquals(
      await value(
        sql,
        "select source from private.trigger_failures where subject_id = $1",
        [failing],
      ),
      "check_org_seat_limits",
    );
    await sql.script("drop trigger refuse on public.notifications");
    assertEquals((await check(sql, failing)).length, 1);
  },
);

interface Alert {
  organizationId: string;
  type: string;
  seatKind: string;
  usedSeats: number;
  maxSeats: number;
  percentUsed: number;
  adminsTold: number;
}

interface Outcome {
  alerts: Alert[];
  errors: { organizationId: string; code: string }[];
}

async function run(sql: Session, now: string): Promise<Outcome> {
  return JSON.parse(String(
    await value(
      sql,
      "select to_jsonb(c)::text from public.check_org_seat_limits($1) c",
      [now],
    ),
  ));
}

/** Runs the check and returns what it says of one organisation. */
async function check(sql: Session, organization: string, now = NOW) {
  const { alerts } = await run(sql, now);
  return alerts.filter((alert) => alert.organizationId === organization);
}

/** An organisation with that many active members, the first of them an admin. */
async function given(
  sql: Session,
  {
    members,
    more = 0,
    sponsored = 0,
    max_members = null,
    max_sponsored_seats = 0,
    is_active = true,
    adminIsActive = true,
    adminIsBanned = false,
  }: {
    members: number;
    more?: number;
    sponsored?: number;
    max_members?: number | null;
    max_sponsored_seats?: number | null;
    is_active?: boolean;
    adminIsActive?: boolean;
    adminIsBanned?: boolean;
  },
): Promise<string> {
  const organization = String(
    await value(
      sql,
      `insert into public.organizations (name, slug, is_active)
       values ('Acme', gen_random_uuid()::text, $1) returning id`,
      [is_active],
    ),
  );
  await addMembers(sql, organization, members + more);
  await sql.query(
    `with admin as (
       update public.organization_members set role = 'org_admin', is_active = $2
       where id = (select id from public.organization_members where organization_id = $1 limit 1)
       returning user_id
     )
     update auth.users set banned_until = case when $3 then timestamptz '2999-01-01' end
     where id = (select user_id from admin)`,
    [organization, adminIsActive, adminIsBanned],
  );
  await sql.query(
    `with tier as (
       insert into public.org_platform_tiers (name, slug, max_members, max_sponsored_seats)
       values ('Tier', gen_random_uuid()::text, $2, $3) returning id
     )
     insert into public.org_platform_subscriptions (organization_id, tier_id, status)
     select $1, id, 'active' from tier`,
    [organization, max_members, max_sponsored_seats],
  );
  if (sponsored > 0) {
    await sql.query(
      `with plan as (
         insert into public.plans (key, name) values (gen_random_uuid()::text, 'Plan') returning id
       )
       update public.organization_members set sponsored_plan_id = (select id from plan)
       where id in (
         select id from public.organization_members where organization_id = $1 limit $2
       )`,
      [organization, sponsored],
    );
  }
  return organization;
}

async function addMembers(
  sql: Session,
  organization: string,
  count: number,
): Promise<void> {
  await sql.query(
    `with people as (
       insert into auth.users (id, email, email_confirmed_at)
       select id, 'member.' || id || '@example.com', now()
       from (select gen_random_uuid() as id from generate_series(1, $2)) ids
       returning id
     )
     insert into public.organization_members (organization_id, user_id)
     select $1, id from people`,
    [organization, count],
  );
}
