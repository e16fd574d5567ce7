import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Session, sqlTest, value } from "../support/sql.ts";

const SITE = "https://app.example";

sqlTest("no token is stored, and what is stored opens nothing", async (sql) => {
  const { invitee, organization } = await given(sql);
  const token = await value(
    sql,
    `insert into public.organization_invites (organization_id, email, invited_by)
     values ($1, $2, $3) returning token`,
    [organization, invitee.email, invitee.id],
  );
  assertMatch(String(token), /^[0-9a-f-]{36}$/);
  assertEquals(
    await value(
      sql,
      "select token from public.organization_invites where organization_id = $1",
      [organization],
    ),
    null,
  );
  const hash = await value(
    sql,
    `select encode(t.token_hash, 'hex') from private.organization_invite_tokens t
     join public.organization_invites i on i.id = t.invite_id where i.organization_id = $1`,
    [organization],
  );
  assertEquals(await accept(sql, invitee, hash), "invite_not_found");
  assertEquals(await accept(sql, invitee, token), "accepted");
});

sqlTest("an address that was never confirmed opens nothing", async (sql) => {
  const { invitee, organization, inviter } = await given(sql);
  const token = await send(sql, inviter, organization, invitee.email);
  await sql.query(
    "update auth.users set email_confirmed_at = null where id = $1",
    [invitee.id],
  );
  assertEquals(await accept(sql, invitee, token), "email_unverified");
  assertEquals(await seenBy(sql, invitee), 0);
  await sql.query(
    "update auth.users set email_confirmed_at = now() where id = $1",
    [invitee.id],
  );
  assertEquals(await seenBy(sql, invitee), 1);
  assertEquals(await accept(sql, invitee, token), "accepted");
});

sqlTest(
  "a resend mails a new link, and the former one goes on working",
  async (sql) => {
    for (const use of ["former", "latter"] as const) {
      const { invitee, organization, inviter } = await given(sql);
      const former = await send(sql, inviter, organization, invitee.email);
      const latter = await send(
        sql,
        inviter,
        organization,
        invitee.email.toUpperCase(),
        "org_manager",
      );
      assert(former !== latter);
      assertEquals(
        await accept(sql, invitee, { former, latter }[use]),
        "accepted",
      );
      assertEquals(
        await value(
          sql,
          "select role from public.organization_members where user_id = $1",
          [invitee.id],
        ),
        "org_manager",
      );
    }
  },
);

sqlTest(
  "the mail holds the link apart from what admins can read",
  async (sql) => {
    const { invitee, organization, inviter } = await given(sql);
    const token = await send(sql, inviter, organization, invitee.email);
    const [mail] = await sql.query(
      `select q.template_key, q.template_data, s.data as secrets
     from public.email_queue q join private.email_secrets s on s.email_id = q.id
     where q.recipient_email = $1`,
      [invitee.email],
    );
    assertEquals(mail, {
      template_key: "org_invite",
      template_data: {
        organizationName: "Acme",
        roleDisplay: "Member",
        currentYear: "2026",
      },
      secrets: { inviteLink: `${SITE}/accept-invite?token=${token}` },
    });
  },
);

sqlTest(
  "of one inviter a hundred invitations an hour go out, and then more in the next",
  async (sql) => {
    const { invitee, organization, inviter } = await given(sql);
    await sql.query(
      `insert into private.organization_invite_attempts (
       inviter_id, organization_id, address_hash, attempted_at
     )
     select $1, $2, sha256(n::text::bytea), '2026-07-01 12:00'
     from generate_series(1, 99) n`,
      [inviter.id, organization],
    );
    const codes = [];
    for (
      const [email, now] of [
        [invitee.email, "2026-07-01 12:30"],
        [`1${invitee.email}`, "2026-07-01 12:59"],
        [`2${invitee.email}`, "2026-07-01 13:00"],
      ]
    ) {
      codes.push(
        await value(
          sql,
          "select (public.send_org_invite($1, $2, $3, 'org_member', $4, $5)).code",
          [inviter.id, organization, email, SITE, now],
        ),
      );
    }
    assertEquals(codes, ["sent", "rate_limited", "sent"]);
  },
);

interface Invitee {
  id: string;
  email: string;
}

/** An organisation, an admin of it, and somebody with an account. */
async function given(sql: Session) {
  const user = async (name: string): Promise<Invitee> => {
    const id = crypto.randomUUID();
    const email = `${name}.${id}@example.com`;
    await sql.query(
      "insert into auth.users (id, email, email_confirmed_at) values ($1, $2, now())",
      [id, email],
    );
    return { id, email };
  };
  const inviter = await user("inviter");
  const invitee = await user("invitee");
  const organization = String(
    await value(
      sql,
      "insert into public.organizations (name, slug) values ('Acme', $1) returning id",
      [crypto.randomUUID()],
    ),
  );
  await sql.query(
    `insert into public.organization_members (organization_id, user_id, role)
     values ($1, $2, 'org_admin')`,
    [organization, inviter.id],
  );
  return { inviter, invitee, organization };
}

/** Sends an invitation and reads the token in the mail. */
async function send(
  sql: Session,
  inviter: Invitee,
  organization: string,
  email: string,
  role = "org_member",
): Promise<string> {
  await sql.query(
    "delete from public.email_queue where recipient_email = lower($1)",
    [email],
  );
  const id = await value(
    sql,
    `select (public.send_org_invite($1, $2, $3, $4, $5, '2026-07-01')).invite_id`,
    [inviter.id, organization, email, role, SITE],
  );
  // it was sent at another time than now
  await sql.query(
    "update public.organization_invites set expires_at = now() + interval '1 day' where id = $1",
    [id],
  );
  const link = await value(
    sql,
    `select s.data ->> 'inviteLink' from private.email_secrets s
     join public.email_queue q on q.id = s.email_id
     where q.recipient_email = lower($1)`,
    [email],
  );
  return String(link).split("token=")[1] ?? "";
}

/** Accepts as a signed-in person. Returns the code. */
function accept(
  sql: Session,
  person: Invitee,
  token: unknown,
): Promise<unknown> {
  return as(sql, person, "select (public.accept_org_invite($1)).code", [token]);
}

/** How many invitations a signed-in person sees. */
function seenBy(sql: Session, person: Invitee): Promise<unknown> {
  return as(
    sql,
    person,
    "select count(*)::int from public.organization_invites",
  );
}

/** One value, queried as a signed-in person. */
async function as(
  sql: Session,
  { id }: Invitee,
  query: string,
  parameters: unknown[] = [],
): Promise<unknown> {
  await sql.query(
    "select set_config('request.jwt.claims', json_build_object('sub', $1::text)::text, true)",
    [id],
  );
  await sql.query("select set_config('request.jwt.claim.sub', $1, true)", [id]);
  await sql.query("set local role authenticated");
  const result = await value(sql, query, parameters);
  await sql.query("reset role");
  return result;
}
