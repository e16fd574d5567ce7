import { assertEquals } from "@std/assert";
import { readMigrations } from "../../stack/migrations.ts";
import { MIGRATIONS_DIR } from "../../stack/paths.ts";
import { hashOf } from "../support/identity.ts";
import { type Session, sqlTest, value } from "../support/sql.ts";
import { address, signUp } from "./profile_sync_users.ts";

const NOON = Date.parse("2026-03-24T12:00:00Z");
const MINUTE = 60_000;

/** So many minutes after noon. */
const at = (minutes: number) => new Date(NOON + minutes * MINUTE).toISOString();

async function someone(sql: Session) {
  const email = address();
  const id = await signUp(sql, { email });
  const session = await value(
    sql,
    `insert into auth.sessions (id, user_id, created_at)
     values (gen_random_uuid(), $1, $2::text::timestamptz) returning id`,
    [id, at(0)],
  );
  return { id, email, session };
}

async function request(
  sql: Session,
  { id, session }: { id: string; session: unknown },
  minutes: number,
  { passwordGiven = true, newEmail = address() } = {},
) {
  const [row] = await sql.query(
    `select code, retry_after from public.request_email_change(
       $1, $2, $3, $4, 'https://app.example.com/verify-email?token=', $5::text::timestamptz)`,
    [id, session, newEmail, passwordGiven, at(minutes)],
  );
  return [row?.code, row?.retry_after];
}

async function claim(sql: Session, token: string, minutes: number) {
  const [row] = await sql.query(
    "select * from public.claim_email_change($1, $2::text::timestamptz)",
    [token, at(minutes)],
  );
  return row ?? {};
}

async function tokenOf(sql: Session, { id }: { id: string }): Promise<string> {
  const link = String(
    await value(
      sql,
      `select s.data ->> 'link' from private.email_secrets s
       join public.email_queue q on q.id = s.email_id
       where q.user_id = $1 order by q.created_at desc limit 1`,
      [id],
    ),
  );
  return new URL(link).searchParams.get("token") ?? "";
}

sqlTest(
  "a change of address may be asked for 3 times in any hour and 10 times in any day",
  async (sql) => {
    const person = await someone(sql);
    for (const minutes of [0, 10, 20]) {
      assertEquals(await request(sql, person, minutes), ["ok", null]);
    }
    assertEquals(await request(sql, person, 30), ["rate_limited", 1_800]);
    assertEquals(await request(sql, person, 59), ["rate_limited", 60]);
    // what was refused does not count, or who keeps asking would never be let in
    assertEquals(await request(sql, person, 60), ["ok", null]);
    for (const minutes of [120, 121, 122, 240, 241, 242]) {
      assertEquals(await request(sql, person, minutes), ["ok", null]);
    }
    const day = 24 * 60;
    assertEquals(await request(sql, person, 400), [
      "rate_limited",
      (day - 400) * 60,
    ]);
    assertEquals(await request(sql, person, day), ["ok", null]);
    assertEquals(
      await value(
        sql,
        "select count(*)::int from private.attempts where user_id = $1",
        [person.id],
      ),
      10,
      "what no limit looks at any more is gone",
    );
  },
);

sqlTest(
  "a sign-in counts as recent for 10 minutes, the instant of its end excluded",
  async (sql) => {
    const person = await someone(sql);
    const asked = (minutes: number) =>
      request(sql, person, minutes, { passwordGiven: false });
    assertEquals((await asked(9))[0], "ok");
    assertEquals((await asked(10))[0], "reauthentication_required");
  },
);

sqlTest(
  "a link is good for an hour, and a use of it that broke off blocks it for a minute",
  async (sql) => {
    const person = await someone(sql);
    await request(sql, person, 0);
    const token = await tokenOf(sql, person);
    assertEquals((await claim(sql, token, 1)).code, "ok");
    assertEquals((await claim(sql, token, 1.9)).code, "verification_under_way");
    assertEquals((await claim(sql, token, 2)).code, "ok");
    assertEquals((await claim(sql, token, 60)).code, "token_expired");
  },
);

sqlTest(
  "a user without an address gets one by its link, and no notice",
  async (sql) => {
    const id = await signUp(sql, { phone: `4${Date.now()}` });
    const session = await value(
      sql,
      "insert into auth.sessions (id, user_id) values (gen_random_uuid(), $1) returning id",
      [id],
    );
    const newEmail = address();
    assertEquals(
      (await request(sql, { id, session }, 0, { newEmail }))[0],
      "ok",
    );
    assertEquals(
      (await sql.query(
        "select template_key from public.email_queue where user_id = $1",
        [id],
      )).map(({ template_key }) => template_key),
      ["email_change_confirm"],
    );
    const token = await tokenOf(sql, { id });
    const claimed = await claim(sql, token, 1);
    assertEquals([claimed.code, claimed.old_email, claimed.new_email], [
      "ok",
      "",
      newEmail,
    ]);
  },
);

sqlTest("a new request voids the link before it", async (sql) => {
  const person = await someone(sql);
  await request(sql, person, 0);
  const first = await tokenOf(sql, person);
  await sql.query(
    "update public.email_queue set created_at = created_at - interval '1 hour' where user_id = $1",
    [person.id],
  );
  await request(sql, person, 1);
  assertEquals((await claim(sql, first, 2)).code, "invalid_token");
  assertEquals((await claim(sql, await tokenOf(sql, person), 2)).code, "ok");
});

sqlTest(
  "a use that lost its claim records nothing, and a claim that is given back can be taken again",
  async (sql) => {
    const person = await someone(sql);
    await request(sql, person, 0);
    const token = await tokenOf(sql, person);
    const first = await claim(sql, token, 1);
    const second = await claim(sql, token, 3);
    const record = (claimed: Record<string, unknown>) =>
      value(
        sql,
        "select public.record_auth_email($1, $1, $2, $3, $4, $5::text::timestamptz)",
        [person.id, person.email, claimed.request_id, claimed.claim_id, at(3)],
      );
    assertEquals(await record(first), "already_verified");
    // the first one's giving back does not touch the second's
    const release = (claimed: Record<string, unknown>) =>
      sql.query("select public.release_email_change($1, $2)", [
        claimed.request_id,
        claimed.claim_id,
      ]);
    await release(first);
    assertEquals((await claim(sql, token, 3)).code, "verification_under_way");
    await release(second);
    assertEquals((await claim(sql, token, 3)).code, "ok");
  },
);

sqlTest(
  "on production's table the newest open request of a user stays, for an hour at the most, by its link and not by its hash",
  async (sql) => {
    const person = await someone(sql);
    await sql.script(`
      drop index public.email_change_requests_open_key;
      grant insert on public.email_change_requests to authenticated;
      create policy "theirs" on public.email_change_requests for insert to authenticated with check (true);
    `);
    const tokens = ["oldest-raw-token", "newer-token", "newest-token"];
    for (const [n, token] of tokens.entries()) {
      await sql.query(
        `insert into public.email_change_requests
           (user_id, old_email, new_email, verification_token, token_hash, expires_at, created_at)
         values ($1, $2, $3, $4, $4, '2999-01-01', now() - make_interval(hours => $5))`,
        [
          person.id,
          person.email,
          address(),
          n === 0 ? token : await hashOf(token),
          3 - n,
        ],
      );
    }
    const other = await someone(sql);
    await sql.query(
      `insert into public.email_change_requests
         (user_id, old_email, new_email, verification_token, expires_at, created_at)
       values ($1, $2, $3, 'raw-token', '2999-01-01', now())`,
      [other.id, other.email, address()],
    );

    for (const { name, sql: text } of await readMigrations(MIGRATIONS_DIR)) {
      if (["account", "policies_account"].includes(name)) {
        await sql.script(text);
      }
    }

    assertEquals(
      await sql.query(
        `select verification_token, expires_at <= now() + interval '1 hour' as capped
         from public.email_change_requests where user_id = $1`,
        [person.id],
      ),
      [{ verification_token: await hashOf("newest-token"), capped: true }],
    );
    const now = (Date.now() - NOON) / MINUTE;
    assertEquals(
      (await claim(sql, await hashOf("newest-token"), now)).code,
      "invalid_token",
    );
    assertEquals((await claim(sql, "newest-token", now)).code, "ok");
    assertEquals((await claim(sql, "raw-token", now)).code, "ok");
    assertEquals(
      await value(
        sql,
        `select count(*)::int from pg_policies
         where tablename = 'email_change_requests' and cmd in ('INSERT', 'UPDATE', 'ALL')`,
      ),
      0,
    );
    assertEquals(
      await value(
        sql,
        "select has_table_privilege('authenticated', 'public.email_change_requests', 'insert')",
      ),
      false,
    );
  },
);
