import { assert, assertEquals } from "@std/assert";
import { type Session, sqlTest, value } from "../support/sql.ts";
import {
  address,
  failures,
  FAR,
  type NewUser,
  NOW,
  reconcile,
  signUp,
} from "./profile_sync_users.ts";

const PAST = "2020-01-01T00:00:00Z";
const phone = () => `40${Math.floor(Math.random() * 1e10)}`;

/** Everything that can happen to a user: how one begins, and what is then done to auth.users. */
const MATRIX: Record<string, { as?: NewUser; then?: string }> = {
  "a sign-up": {},
  "a sign-up with an address that cannot be a username": {
    as: { email: address(`o'brien.${crypto.randomUUID()}`) },
  },
  "an OAuth sign-up without an address": {
    as: { email: null, metadata: { full_name: "Ana Pop" } },
  },
  "a sign-up by phone": { as: { phone: phone() } },
  "an anonymous sign-up": { as: { isAnonymous: true } },
  "anonymous to permanent": {
    as: { isAnonymous: true },
    then:
      `is_anonymous = false, email = '${address()}', email_confirmed_at = now()`,
  },
  "phone only to an address": {
    as: { phone: phone() },
    then: `email = '${address()}'`,
  },
  "an address to phone only": { then: `email = null, phone = '${phone()}'` },
  "a change of address that is not confirmed yet": {
    then: `email_change = '${address()}', email_change_sent_at = now()`,
  },
  "a confirmed change of address": {
    then:
      `email = '${address()}', email_change = '', email_confirmed_at = now()`,
  },
  "a change of address by an admin": {
    then:
      `email = '${address()}', email_confirmed_at = now(), updated_at = now()`,
  },
  "a change of nothing but capitals": { then: "email = upper(email)" },
  "a ban": { then: `banned_until = '${FAR}'` },
  "a sign-up that is banned from the start": {
    as: { email: address(), bannedUntil: FAR },
  },
  "an unban": {
    as: { email: address(), bannedUntil: FAR },
    then: "banned_until = null",
  },
  "a ban that has lapsed already": { then: `banned_until = '${PAST}'` },
  "a ban and a change of address at once": {
    then: `banned_until = '${FAR}', email = '${address()}'`,
  },
  "a soft deletion": {
    then: "deleted_at = now(), email = encode(sha256(email::bytea), 'base64')",
  },
  "a soft deletion of a user by phone": {
    as: { phone: phone() },
    then: "deleted_at = now(), phone = left(md5(phone), 15)",
  },
  "a soft deletion of a banned user, whose ban is then lifted": {
    as: { email: address(), bannedUntil: FAR },
    then: "deleted_at = now(), banned_until = null",
  },
};

/** Profile and auth.users side by side, by the words of the rule and none of its code. */
async function differences(sql: Session, id: string) {
  return await sql.query(
    `select u.email, u.banned_until, u.deleted_at, to_jsonb(p) as profile
     from auth.users u left join public.profiles p on p.id = u.id
     where u.id = $1
       and (p.id is null
         or coalesce(p.email, '') <> coalesce(u.email, '')
         or p.is_disabled <> (u.deleted_at is not null or coalesce(u.banned_until, '-infinity') > now())
         or p.username is not null and lower(p.username) <> lower(u.email))`,
    [id],
  );
}

for (const [what, { as, then }] of Object.entries(MATRIX)) {
  sqlTest(`${what} leaves the profile equal to auth.users`, async (sql) => {
    const id = await signUp(sql, as ?? { email: address() });
    if (then) {
      await sql.query(`update auth.users set ${then} where id = $1`, [id]);
    }
    assertEquals(await differences(sql, id), []);
    assertEquals(await failures(sql, id), []);
    const healed = await reconcile(sql, new Date().toISOString());
    assertEquals(
      healed.filter((row) => JSON.stringify(row).includes(id)),
      [],
    );
  });
}

sqlTest(
  "a ban that lapses: nothing is left to reconcile once pg_cron has been there",
  async (sql) => {
    const id = await signUp(sql, { email: address() });
    await sql.query(
      "update auth.users set banned_until = now() + interval '1 hour' where id = $1",
      [id],
    );
    await sql.query(
      "select private.lift_lapsed_bans(now() + interval '1 hour')",
    );
    const later = new Date(Date.now() + 7_200_000).toISOString();
    const healed = await reconcile(sql, later);
    assertEquals(
      healed.filter((row) => JSON.stringify(row).includes(id)),
      [],
    );
    assertEquals(
      await value(
        sql,
        "select is_disabled from public.profiles where id = $1",
        [
          id,
        ],
      ),
      false,
    );
  },
);

sqlTest(
  "a hard deletion leaves no profile, and reconcile makes none",
  async (sql) => {
    const id = await signUp(sql, { email: address() });
    await sql.query("delete from auth.users where id = $1", [id]);
    const healed = await reconcile(sql, NOW);
    assertEquals(healed.filter((row) => JSON.stringify(row).includes(id)), []);
    assertEquals(
      (await sql.query("select from public.profiles where id = $1", [id]))
        .length,
      0,
    );
  },
);

sqlTest(
  "no update of any other column of auth.users writes a profile row",
  async (sql) => {
    const id = await signUp(sql, { email: address(), phone: phone() });
    const columns = await sql.query(
      `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type
       from pg_attribute a
       where a.attrelid = 'auth.users'::regclass and a.attnum > 0 and not a.attisdropped
         and a.attgenerated = '' and a.attname not in ('id', 'email', 'banned_until', 'deleted_at')`,
    );
    assert(columns.length > 20, "auth.users has columns");
    const version = () =>
      value(
        sql,
        "select xmin::text || ctid::text from public.profiles where id = $1",
        [id],
      );
    const before = await version();
    for (const { name, type } of columns) {
      await sql.query(
        `update auth.users set "${name}" = ${
          sample(String(type))
        } where id = $1`,
        [id],
      );
      assertEquals(await version(), before, String(name));
    }
  },
);

sqlTest(
  "nothing but the trigger, reconcile, the lapse of a ban and the second belt writes what mirrors auth.users",
  async (sql) => {
    const writers = await sql.query(
      `select p.oid::regproc::text as name
       from pg_proc p
       where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
         and p.prokind = 'f'
         and pg_get_functiondef(p.oid) ~* $1
       order by 1`,
      [
        "update public\\.profiles[^;]*\\mset\\M[^;]*\\m(email|is_disabled)\\M\\s*=|insert into public\\.profiles",
      ],
    );
    assertEquals(writers.map(({ name }) => String(name)).sort(), [
      "begin_user_action",
      "private.create_profile",
      "private.lift_lapsed_bans",
      "private.sync_profile",
      "reconcile_auth_profiles",
      "sync_auth_to_profiles",
    ]);
  },
);

function sample(type: string): string {
  switch (type.replace(/\(.*| (with|without) .*/g, "")) {
    case "timestamp":
      return "now()";
    case "boolean":
      return "true";
    case "jsonb":
      return `'{"name": "Somebody Else"}'`;
    case "uuid":
      return "gen_random_uuid()";
    case "smallint":
    case "integer":
      return "0";
    default:
      return "left(md5(random()::text), 12)";
  }
}
